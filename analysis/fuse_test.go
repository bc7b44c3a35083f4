package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/queries"
)

func TestFuseOrigin(t *testing.T) {
	same := [][]string{
		{"/v/access.log", "/v/access.log.1", "/v/access.log.2.gz", "/v/access.log-20261120.gz", "/v/access.log-20261120-1200.zst",
			"/v/access-20261120.log", "/v/access-2026-11-20.log.xz", "/v/access.2026-11-20T10.log", "/v/./access.log.old"},
		{"/w/access.log"}, {"/v/error.log", "/v/error.log.1"}, {"/v/v2.log"},
	}
	for i, a := range same {
		for _, x := range a {
			for j, b := range same {
				for _, y := range b {
					if got := FuseOrigin(x, "combined", "1") == FuseOrigin(y, "combined", "2"); got != (i == j) {
						t.Errorf("%s and %s of one log: %v", x, y, got)
					}
				}
			}
		}
	}
	if FuseOrigin("b/1.http", "http", "1") != FuseOrigin("b/2.http", "http", "2") || FuseOrigin("b/1.http", "http", "1") == FuseOrigin("c/1.http", "http", "1") {
		t.Error("the documents of one folder, and only they, are one capture")
	}
	if FuseOrigin("-", "json", "1") == FuseOrigin("-", "json", "2") {
		t.Error("two streams are two origins")
	}
}

// side is a call at a second with nothing but its request.
func side(origin, at int, set ...func(*queries.FuseSide)) queries.FuseSide {
	s := queries.FuseSide{SourceID: int64(origin), Offset: int64(at), Origin: int64(origin), Format: int64(origin), Timed: true, TSUS: int64(at) * 1e6, Status: 503,
		DurationUS: -1, Bytes: -1, RequestKey: 7, Method: 1, Host: 1, Route: 1}
	for _, f := range set {
		f(&s)
	}
	return s
}

func request(id uint64) func(*queries.FuseSide) { return func(s *queries.FuseSide) { s.Request = id } }
func client(id uint64) func(*queries.FuseSide)  { return func(s *queries.FuseSide) { s.Client = id } }
func trace(id, span uint64) func(*queries.FuseSide) {
	return func(s *queries.FuseSide) { s.Trace, s.Span = id, span }
}
func answered(bytes int64) func(*queries.FuseSide) {
	return func(s *queries.FuseSide) { s.Bytes = bytes }
}
func status(n int64) func(*queries.FuseSide) { return func(s *queries.FuseSide) { s.Status = n } }
func took(us int64) func(*queries.FuseSide)  { return func(s *queries.FuseSide) { s.DurationUS = us } }
func format(n int64) func(*queries.FuseSide) { return func(s *queries.FuseSide) { s.Format = n } }
func called(host, key uint64) func(*queries.FuseSide) {
	return func(s *queries.FuseSide) { s.Host, s.RequestKey = host, key }
}
func body(s *queries.FuseSide)    { s.Body = true }
func inbound(s *queries.FuseSide) { s.Direction = 1 }

// told writes an answer of Fuse: clusters as origin@second with their key, and
// what is left apart.
func told(sides []queries.FuseSide, clusters []queries.FusedCluster, apart []queries.FuseApart) string {
	var list []string
	name := func(i int32) string { return fmt.Sprintf("%d@%d", sides[i].Origin, sides[i].Offset) }
	for _, c := range clusters {
		var parts []string
		for i, s := range c.Sides {
			parts = append(parts, name(s)+" "+c.Keys[i])
		}
		list = append(list, strings.Join(parts, " + "))
	}
	for _, a := range apart {
		list = append(list, fmt.Sprintf("%s? %s %d", name(a.Side), a.Key, a.Candidates))
	}
	return strings.Join(list, "; ")
}

func TestFuse(t *testing.T) {
	for _, tt := range []struct {
		name  string
		sides []queries.FuseSide
		want  string
	}{
		{"an id joins over hours", []queries.FuseSide{side(1, 0, request(5)), side(2, 90_000, request(5), body)}, "1@0 request_id + 2@90000 request_id"},
		{"an id that comes again after days", []queries.FuseSide{side(1, 0, request(5)), side(2, 200_000, request(5), body)}, ""},
		{"the log leads", []queries.FuseSide{side(1, 0, body), side(2, 1)}, "2@1 time + 1@0 time"},
		{"other ids of the vendor", []queries.FuseSide{side(1, 0, request(5), client(6)), side(2, 0, request(4), client(6))}, ""},
		{"one id of ours at two hosts", []queries.FuseSide{side(1, 0, client(6)), side(2, 0, client(6), called(2, 7))}, ""},
		{"an id that the log calls the vendor's is ours", []queries.FuseSide{side(1, 0, request(6)), side(2, 900, request(5), client(6), body)},
			"1@0 client_request_id + 2@900 client_request_id"},
		{"attempts of one trace", []queries.FuseSide{side(1, 0, trace(5, 1)), side(1, 1, trace(5, 2)), side(2, 0, trace(5, 2)), side(2, 1, trace(5, 1))},
			"1@0 trace_span + 2@1 trace_span; 1@1 trace_span + 2@0 trace_span"},
		{"a trace without spans and too far", []queries.FuseSide{side(1, 0, trace(5, 1)), side(2, 4, trace(5, 0))}, ""},
		{"a trace without spans, as long as it took", []queries.FuseSide{side(1, 0, trace(5, 1)), side(2, 4, trace(5, 0), took(3e6))}, "2@4 trace + 1@0 trace"},
		{"two seconds", []queries.FuseSide{side(1, 0), side(2, 2)}, "1@0 time + 2@2 time"},
		{"more than two seconds", []queries.FuseSide{side(1, 0), side(2, 3)}, ""},
		{"two workers", []queries.FuseSide{side(1, 0), side(2, 0, format(1))}, ""},
		{"one log", []queries.FuseSide{side(1, 0, request(5)), side(1, 1, request(5), format(2))}, ""},
		{"other statuses", []queries.FuseSide{side(1, 0, status(200)), side(2, 0)}, ""},
		{"no response and the gateway's word", []queries.FuseSide{side(1, 0, status(0)), side(2, 0, status(504))}, "1@0 time + 2@0 time"},
		{"one of two", []queries.FuseSide{side(1, 0), side(2, 0), side(2, 1)}, "1@0? time 2; 2@0? time 1; 2@1? time 1"},
		{"the one of two with as many bytes", []queries.FuseSide{side(1, 0, answered(9)), side(2, 0, answered(9)), side(2, 1, answered(8))}, "1@0 time + 2@0 time"},
		{"took otherwise", []queries.FuseSide{side(1, 0, took(100_000)), side(2, 0, took(400_000))}, ""},
		{"took nearly as long", []queries.FuseSide{side(1, 0, took(100_000)), side(2, 0, took(300_000))}, "1@0 time + 2@0 time"},
		{"took nearly as long, but with more bytes", []queries.FuseSide{side(1, 0, took(100_000), answered(7)), side(2, 0, took(300_000), answered(9))}, ""},
		{"inbound is another call", []queries.FuseSide{side(1, 0, inbound, request(5)), side(2, 0, request(5))}, ""},
		{"three views", []queries.FuseSide{side(1, 0, request(5)), side(2, 1, request(5), trace(8, 0)), side(3, 2, trace(8, 0))},
			"1@0 request_id + 2@1 request_id + 3@2 trace"},
		{"what one view says forbids for all", []queries.FuseSide{side(1, 0, request(5)), side(2, 0, request(5), client(3)), side(3, 0, client(4))}, "1@0 request_id + 2@0 request_id"},
	} {
		answer := Fuse(queries.FuseCase{Sides: tt.sides})
		if got := told(tt.sides, answer.Clusters, answer.Apart); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestFuseTooMany: an id or a second of too many calls joins nothing, and says so.
func TestFuseTooMany(t *testing.T) {
	var byID, byTime []queries.FuseSide
	for i := range FuseSidesMax {
		byID = append(byID, side(1, 100*i, request(5)))
	}
	byID = append(byID, side(2, 0, request(5)))
	for i := range FuseSlotSidesMax + 1 {
		byTime = append(byTime, side(1, i, func(s *queries.FuseSide) { s.TSUS = int64(i) }))
	}
	byTime = append(byTime, side(2, 0))
	for _, sides := range [][]queries.FuseSide{byID, byTime} {
		answer := Fuse(queries.FuseCase{Sides: sides})
		if len(answer.Clusters) > 0 || len(answer.Apart) != len(sides) {
			t.Errorf("%d of %d are left apart, %d joined", len(answer.Apart), len(sides), len(answer.Clusters))
		}
	}
}

// TestFuseBelief: where hardly a call of one log has its counterpart in the other,
// those that have one have it by chance.
func TestFuseBelief(t *testing.T) {
	var sides []queries.FuseSide
	for i := range 10 {
		sides = append(sides, side(1, 100*i), side(2, 100*i+1))
	}
	for _, tt := range []struct{ calls, want int64 }{{10, 10}, {30, 10}, {31, 0}, {1000, 0}} {
		answer := Fuse(queries.FuseCase{Sides: sides, Pairs: []queries.FusePair{{A: 1, B: 2, Host: 1, CallsA: tt.calls, CallsB: 5000}}})
		if int64(len(answer.Clusters)) != tt.want || len(answer.Apart) > 0 {
			t.Errorf("of %d calls %d are joined, %d left apart", tt.calls, len(answer.Clusters), len(answer.Apart))
		}
	}
}

// TestFuseOracle holds Fuse against a plain reading of the rule, in any order of
// the sides.
func TestFuseOracle(t *testing.T) {
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		sides := randomSides(r)
		want := oracle(sides)
		if got := asSets(sides); got != want {
			t.Fatalf("seed %d:\n%+v\ngot  %s\nwant %s", seed, sides, got, want)
		}
		r.Shuffle(len(sides), func(i, j int) { sides[i], sides[j] = sides[j], sides[i] })
		if got := asSets(sides); got != want {
			t.Fatalf("seed %d in another order:\ngot  %s\nwant %s", seed, got, want)
		}
	}
}

func randomSides(r *rand.Rand) (sides []queries.FuseSide) {
	origins, spread := 2+r.IntN(3), 1+r.IntN(12)
	maybe := func(n uint64) uint64 {
		if r.IntN(3) > 0 {
			return 0
		}
		return 1 + r.Uint64N(n)
	}
	for i := range 2 + r.IntN(14) {
		s := side(1+r.IntN(origins), r.IntN(spread), request(maybe(6)), client(maybe(4)), trace(maybe(3), maybe(3)), took([]int64{-1, 1_000_000, 1_015_000, 1_200_000, 3_000_000}[r.IntN(5)]),
			answered(int64(r.IntN(3))-1), status([]int64{503, 503, 503, 200, 0}[r.IntN(5)]), format(int64(r.IntN(3))), called(1+r.Uint64N(2), 1+maybe(2)))
		s.Offset = int64(i) // a place is one side's
		sides = append(sides, s)
	}
	return sides
}

// asSets is an answer in an order of its own.
func asSets(sides []queries.FuseSide) string {
	answer := Fuse(queries.FuseCase{Sides: sides})
	var list []string
	for _, c := range answer.Clusters {
		var places []string
		for i, s := range c.Sides {
			places = append(places, fmt.Sprintf("%d:%s", sides[s].Offset, c.Keys[i]))
		}
		slices.Sort(places)
		list = append(list, strings.Join(places, "+"))
	}
	for _, a := range answer.Apart {
		list = append(list, fmt.Sprintf("%d?%s", sides[a.Side].Offset, a.Key))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
