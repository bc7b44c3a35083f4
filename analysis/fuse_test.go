package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
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
func side(origin, at int, set ...func(*FuseSide)) FuseSide {
	s := FuseSide{SourceID: int64(origin), Offset: int64(at), Origin: int32(origin), Format: int32(origin), Timed: true, TSUS: int64(at) * 1e6, Status: 503,
		DurationUS: -1, Bytes: -1, RequestKey: 7, Method: 1, Host: 1, Route: 1}
	for _, f := range set {
		f(&s)
	}
	return s
}

func request(id uint64) func(*FuseSide)     { return func(s *FuseSide) { s.Request = id } }
func client(id uint64) func(*FuseSide)      { return func(s *FuseSide) { s.Client = id } }
func trace(id, span uint64) func(*FuseSide) { return func(s *FuseSide) { s.Trace, s.Span = id, span } }
func answered(bytes int64) func(*FuseSide)  { return func(s *FuseSide) { s.Bytes = bytes } }
func status(n int16) func(*FuseSide)        { return func(s *FuseSide) { s.Status = n } }
func took(us int64) func(*FuseSide)         { return func(s *FuseSide) { s.DurationUS = us } }
func format(n int32) func(*FuseSide)        { return func(s *FuseSide) { s.Format = n } }
func called(host, key uint64) func(*FuseSide) {
	return func(s *FuseSide) { s.Host, s.RequestKey = host, key }
}
func body(s *FuseSide)    { s.Body = true }
func inbound(s *FuseSide) { s.Direction = 1 }

// told writes an answer of Fuse: clusters as origin@second with their key, and
// what is left apart.
func told(sides []FuseSide, clusters []FusedCluster, apart []FuseApart) string {
	var list []string
	name := func(i int32) string { return fmt.Sprintf("%d@%d", sides[i].Origin, sides[i].Offset) }
	for _, c := range clusters {
		var parts []string
		for i, s := range c.Sides {
			parts = append(parts, name(s)+" "+c.Keys[i].String())
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
		sides []FuseSide
		want  string
	}{
		{"an id joins over any time", []FuseSide{side(1, 0, request(5)), side(2, 900, request(5), body)}, "1@0 request_id + 2@900 request_id"},
		{"the log leads", []FuseSide{side(1, 0, body), side(2, 1)}, "2@1 time + 1@0 time"},
		{"other ids of the vendor", []FuseSide{side(1, 0, request(5), client(6)), side(2, 0, request(4), client(6))}, ""},
		{"one id of ours at two hosts", []FuseSide{side(1, 0, client(6)), side(2, 0, client(6), called(2, 7))}, ""},
		{"attempts of one trace", []FuseSide{side(1, 0, trace(5, 1)), side(1, 1, trace(5, 2)), side(2, 0, trace(5, 2)), side(2, 1, trace(5, 1))},
			"1@0 trace_span + 2@1 trace_span; 1@1 trace_span + 2@0 trace_span"},
		{"a trace without spans and too far", []FuseSide{side(1, 0, trace(5, 1)), side(2, 4, trace(5, 0))}, ""},
		{"a trace without spans, as long as it took", []FuseSide{side(1, 0, trace(5, 1)), side(2, 4, trace(5, 0), took(3e6))}, "2@4 trace + 1@0 trace"},
		{"two seconds", []FuseSide{side(1, 0), side(2, 2)}, "1@0 time + 2@2 time"},
		{"more than two seconds", []FuseSide{side(1, 0), side(2, 3)}, ""},
		{"two workers", []FuseSide{side(1, 0), side(2, 0, format(1))}, ""},
		{"one log", []FuseSide{side(1, 0, request(5)), side(1, 1, request(5), format(2))}, ""},
		{"other statuses", []FuseSide{side(1, 0, status(200)), side(2, 0)}, ""},
		{"no response and the gateway's word", []FuseSide{side(1, 0, status(0)), side(2, 0, status(504))}, "1@0 time + 2@0 time"},
		{"one of two", []FuseSide{side(1, 0), side(2, 0), side(2, 1)}, "1@0? time 2; 2@0? time 1; 2@1? time 1"},
		{"the one of two with as many bytes", []FuseSide{side(1, 0, answered(9)), side(2, 0, answered(9)), side(2, 1, answered(8))}, "1@0 time + 2@0 time"},
		{"inbound is another call", []FuseSide{side(1, 0, inbound, request(5)), side(2, 0, request(5))}, ""},
		{"three views", []FuseSide{side(1, 0, request(5)), side(2, 1, request(5), trace(8, 0)), side(3, 2, trace(8, 0))},
			"1@0 request_id + 2@1 request_id + 3@2 trace"},
		{"what one view says forbids for all", []FuseSide{side(1, 0, request(5)), side(2, 0, request(5), client(3)), side(3, 0, client(4))}, "1@0 request_id + 2@0 request_id"},
	} {
		clusters, apart := Fuse(tt.sides)
		if got := told(tt.sides, clusters, apart); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestFuseTooMany: an id or a second of too many calls joins nothing, and says so.
func TestFuseTooMany(t *testing.T) {
	var byID, byTime []FuseSide
	for i := range FuseSidesMax {
		byID = append(byID, side(1, 100*i, request(5)))
	}
	byID = append(byID, side(2, 0, request(5)))
	for i := range FuseSlotSidesMax + 1 {
		byTime = append(byTime, side(1, i, func(s *FuseSide) { s.TSUS = int64(i) }))
	}
	byTime = append(byTime, side(2, 0))
	for _, sides := range [][]FuseSide{byID, byTime} {
		clusters, apart := Fuse(sides)
		if len(clusters) > 0 || len(apart) != len(sides) {
			t.Errorf("%d of %d are left apart, %d joined", len(apart), len(sides), len(clusters))
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

func randomSides(r *rand.Rand) (sides []FuseSide) {
	origins, spread := 2+r.IntN(3), 1+r.IntN(12)
	maybe := func(n uint64) uint64 {
		if r.IntN(3) > 0 {
			return 0
		}
		return 1 + r.Uint64N(n)
	}
	for i := range 2 + r.IntN(14) {
		s := side(1+r.IntN(origins), r.IntN(spread), request(maybe(6)), client(maybe(4)), trace(maybe(3), maybe(3)), took(int64(r.IntN(3))*1e6-1),
			answered(int64(r.IntN(3))-1), status([]int16{503, 503, 503, 200, 0}[r.IntN(5)]), format(int32(r.IntN(3))), called(1+r.Uint64N(2), 1+maybe(2)))
		s.Offset = int64(i) // a place is one side's
		sides = append(sides, s)
	}
	return sides
}

// asSets is an answer in an order of its own.
func asSets(sides []FuseSide) string {
	clusters, apart := Fuse(sides)
	var list []string
	for _, c := range clusters {
		var places []string
		for i, s := range c.Sides {
			places = append(places, fmt.Sprintf("%d:%s", sides[s].Offset, c.Keys[i]))
		}
		slices.Sort(places)
		list = append(list, strings.Join(places, "+"))
	}
	for _, a := range apart {
		list = append(list, fmt.Sprintf("%d?%s", sides[a.Side].Offset, a.Key))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
