package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// everything sums a table up, so that two of them can be compared.
const everything = "SELECT count(*), count(category), count(DISTINCT source_offset), sum(source_offset), sum(request_key), sum(bytes), " +
	"count(request_id), count(path), count(body), min(ts), max(ts), count(DISTINCT route), sum(hash(request_id)) FROM requests"

func TestLoadSegments(t *testing.T) {
	ctx := context.Background()
	whole := testDB(t)
	src := &Source{Path: "access.log", Format: "combined"}
	if err := whole.LoadSegment(ctx, src, genSegment(0, 300_000, 3), false); err != nil {
		t.Fatal(err)
	}
	parts := testDB(t)
	other := &Source{Path: "access.log", Format: "combined"}
	for _, cut := range [][2]int64{{0, 1}, {1, 2047}, {2047, 4096}, {4096, 4096}, {4096, 300_000}} {
		if err := parts.LoadSegment(ctx, other, genSegment(cut[0], cut[1], 2), false); err != nil {
			t.Fatal(err)
		}
	}
	a, b := table(t, whole, everything), table(t, parts, everything)
	if !slices.Equal(a, b) {
		t.Errorf("in one segment: %s\nin parts:       %s", a, b)
	}
	if !strings.HasPrefix(a[0], "300000|25195|300000|") {
		t.Errorf("stored %s", a)
	}
	src.IngestedAt, other.IngestedAt = time.Time{}, time.Time{}
	if !reflect.DeepEqual(src, other) {
		t.Errorf("the ledger differs:\n%+v\n%+v", src, other)
	}
}

// given is a reader of records that a test wrote.
type given struct {
	recs   []*record.Record
	labels []*record.Label
}

func (g *given) Next() (*record.Record, *record.Label, error) {
	if len(g.recs) == 0 {
		return nil, nil, io.EOF
	}
	r, l := g.recs[0], g.labels[0]
	g.recs, g.labels = g.recs[1:], g.labels[1:]
	return r, l, nil
}

func (g *given) add(fill func(d *record.Draft), label func(l *record.Label)) {
	d := &record.Draft{}
	d.Reset()
	fill(d)
	r := *record.NewPolicy(record.DefaultRules(), nil).NewSealer().Seal(d)
	g.recs = append(g.recs, &r)
	if label == nil {
		g.labels = append(g.labels, nil)
		return
	}
	l := &record.Label{}
	l.Reset()
	label(l)
	g.labels = append(g.labels, l)
}

func load(t testing.TB, db *DB, keepFull bool, readers ...RowReader) *Source {
	t.Helper()
	src := &Source{Path: "t.log", Format: "json"}
	seg := Segment{Readers: readers, Finish: func() (SegmentEnd, error) { return SegmentEnd{}, nil }}
	if err := db.LoadSegment(context.Background(), src, seg, keepFull); err != nil {
		t.Fatal(err)
	}
	return src
}

// TestColumns stores a row with everything and one with nothing, and reads
// every column back.
func TestColumns(t *testing.T) {
	when := time.Date(2026, 6, 18, 10, 30, 0, 123456789, time.UTC)
	full := func(d *record.Draft) {
		d.Offset, d.TimeNS, d.TimeDigits = 7, when.UnixNano(), 9
		d.Method, d.Host, d.Path, d.Query = []byte("POST"), []byte("api.example.com"), []byte("/v2.0/vehicles/12345678/odometer"), []byte("a=1")
		d.Status, d.Bytes, d.DurationNS = 503, 123, 1_500_000
		d.Client, d.UserAgent, d.RequestID = []byte("10.0.0.1"), []byte("fleet/1.0 (long enough)"), []byte("req-1")
		d.ClientRequestID, d.TraceID = []byte("ours-1"), []byte("4bf92f3577b34da6a3ce929d0e0e4736")
		d.Direction, d.Body = record.Outbound, []byte(`{"error":"gone"}`)
		d.Headers = []record.Header{{Name: []byte("A"), Value: []byte("1\n\"")}, {Name: []byte("b"), Value: []byte("x")}, {Name: []byte("a"), Value: []byte("2")}}
		d.UpstreamStatus, d.UpstreamHost = []byte("502, 503"), []byte("203.0.113.9:443")
		d.Failure, d.Vendor = []byte("connection reset"), []byte("example")
		d.RequestHeaders = []record.Header{{Name: []byte("Accept"), Value: []byte("*/*")}}
	}
	failed := func(l *record.Label) {
		l.Failure, l.Vendor, l.Category, l.Code, l.Type = true, "example", record.Unavailable, "E1", "T1"
		l.Message, l.Retry, l.RetryAt, l.Fault = "gone away for a while", record.RetryBackoff, when.Add(time.Minute), record.FaultVendor
		l.ContactSupport, l.Outage, l.Confidence, l.Rule = true, true, record.ConfidenceAmbiguous, "example/gone"
		l.Candidates, l.RetryAfterS, l.RetrySource = []string{"example/a", "example/b"}, 60, "header:retry-after"
		l.BodyStatus, l.RequestID = 500, "label-request-id"
		l.Quota = record.Quota{Name: "calls", Limit: 10, Used: 0, Remaining: 10, ResetAt: when.Add(time.Hour),
			Basis: record.QuotaInBody, Period: "2026-06", Cost: 12}
	}
	ok := func(l *record.Label) {
		l.Vendor, l.RetryAfterS, l.Quota.Remaining = "example", 0, 0
		l.Quota.Basis = record.QuotaRate
	}
	var r given
	r.add(full, failed)
	r.add(full, ok)
	r.add(func(d *record.Draft) {}, nil)
	const (
		head = "2026-06-18T10:30:00.123456Z|example|api.example.com|POST|/v2.0/vehicles/{id}/odometer|"
		long = "/v2.0/vehicles/12345678/odometer|a=1|503|"
		gone = "unavailable|E1|T1|gone away for a while|backoff|2026-06-18T10:31:00.123456Z|vendor|false|true|true|ambiguous|example/gone|"
		none = "<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|"
		nums = "<nil>|1.5|123|"
		hdrs = `|1|7|{"A":"1\n\", 2","b":"x"}|{"Accept":"*/*"}|502, 503|203.0.113.9:443|connection reset|example`
	)
	hdr := strings.ReplaceAll(hdrs, `\n`, `\u000a`)
	want := []string{
		head + long + "500|" + gone + "example/a,example/b|60|header:retry-after|label-request-id|ours-1|4bf92f3577b34da6a3ce929d0e0e4736|" + nums +
			"10.0.0.1|fleet/1.0 (long enough)|<nil>|outbound|calls|10|0|10|2026-06-18T11:30:00.123456Z|" + `{"error":"gone"}` + hdr + "|body|2026-06|12|<nil>|<nil>",
		head + "<nil>|<nil>|503|<nil>|" + none + "<nil>|0|<nil>|<nil>|<nil>|4bf92f3577b34da6a3ce929d0e0e4736|" + nums +
			"<nil>|<nil>|<nil>|outbound|<nil>|<nil>|<nil>|0|<nil>|<nil>|1|7|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|rate|<nil>|<nil>|<nil>|<nil>",
		strings.Repeat("<nil>|", 40) + "1|0" + strings.Repeat("|<nil>", 11),
	}
	check := func(name string, db *DB, want []string) {
		got := table(t, db, "FROM requests ORDER BY ts NULLS LAST, category NULLS LAST")
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
	db, kept := testDB(t), testDB(t)
	copied := r
	load(t, db, false, &r)
	check("slim", db, want)
	want[1] = head + long + "<nil>|" + none + "<nil>|0|<nil>|req-1|ours-1|4bf92f3577b34da6a3ce929d0e0e4736|" + nums +
		"10.0.0.1|fleet/1.0 (long enough)|<nil>|outbound|<nil>|<nil>|<nil>|0|<nil>|" + `{"error":"gone"}` + hdr + "|rate|<nil>|<nil>|<nil>|<nil>"
	load(t, kept, true, &copied)
	check("full", kept, want)
}

// TestText stores texts around the lengths where the layout changes, and texts
// that are no UTF-8.
func TestText(t *testing.T) {
	var r given
	var want []string
	long := strings.Repeat("é", chunkBytesMax/2)
	for i, s := range []string{"a", "abcd", "abcde", "elevenbytes", "twelve bytes", "thirteen byte", "é漢字😀", "\x00\x00", "\xff\xfe", "ok\xc3", "long and \xf0\x28\x8c\x28 broken", long, long + "\xff"} {
		r.add(func(d *record.Draft) { d.Offset = int64(i) }, func(l *record.Label) {
			l.Category, l.Message = record.Server, s
		})
		want = append(want, fmt.Sprintf("%x", sha256.Sum256([]byte(strings.ToValidUTF8(s, "\uFFFD")))))
	}
	db := testDB(t)
	load(t, db, false, &r)
	got := table(t, db, "SELECT sha256(message) FROM requests ORDER BY source_offset")
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestManyReaders gives more readers than threads, some of them empty: none is
// left unread.
func TestManyReaders(t *testing.T) {
	seg := Segment{Finish: func() (SegmentEnd, error) { return genEnd(0, 40), nil }}
	for i := range int64(40) {
		seg.Readers = append(seg.Readers, newGenerated(i, i+1), newGenerated(i, i))
	}
	db := openDB(t, filepath.Join(t.TempDir(), "t.duckdb"), Options{Jobs: 2})
	if err := db.LoadSegment(context.Background(), &Source{Path: "x"}, seg, false); err != nil {
		t.Fatal(err)
	}
	if got := table(t, db, "SELECT count(*), count(DISTINCT source_offset) FROM requests"); got[0] != "40|40" {
		t.Errorf("got %s", got)
	}
}

var errBroken = errors.New("the disk ate it")

// TestLoadFails breaks a load in each of its ways after a good one: the good
// one stays, nothing else does, and the next one works.
func TestLoadFails(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	good := &Source{Path: "good.log"}
	if err := db.LoadSegment(ctx, good, genSegment(0, 1000, 2), false); err != nil {
		t.Fatal(err)
	}
	broken := func(at int64, do func() error) Segment {
		seg := genSegment(0, 100_000, 2)
		seg.Readers[1].(*generated).after = func(row int64) error {
			if row == at {
				return do()
			}
			return nil
		}
		return seg
	}
	cancelled, cancel := context.WithCancel(ctx)
	unsealed := Segment{Readers: []RowReader{&given{recs: []*record.Record{{Exchange: &record.Exchange{}}}, labels: []*record.Label{nil}}}}
	finish := genSegment(0, 10, 1)
	finish.Finish = func() (SegmentEnd, error) { return SegmentEnd{}, errBroken }
	for _, c := range []struct {
		name string
		ctx  context.Context
		seg  Segment
		is   error
		text string
	}{
		{"a reader's error", ctx, broken(70_000, func() error { return errBroken }), errBroken, ""},
		{"a panic", ctx, broken(70_000, func() error { panic("oh no") }), nil, "panic: oh no"},
		{"cancelled", cancelled, broken(70_000, func() error { cancel(); return nil }), context.Canceled, ""},
		{"not sealed", ctx, unsealed, nil, "not sealed"},
		{"finish", ctx, finish, errBroken, ""},
	} {
		src := &Source{Path: "bad.log"}
		err := db.LoadSegment(c.ctx, src, c.seg, false)
		if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if src.ID != 0 || src.Bytes != 0 {
			t.Errorf("%s: the source was changed: %+v", c.name, src)
		}
		if got := table(t, db, "SELECT count(*), (SELECT count(*) FROM sources) FROM requests"); got[0] != "1000|1" {
			t.Errorf("%s: left %s", c.name, got)
		}
	}
	if err := db.LoadSegment(ctx, good, genSegment(1000, 2000, 2), false); err != nil {
		t.Fatal(err)
	}
	if got := table(t, db, "SELECT count(*), (SELECT records FROM sources) FROM requests"); got[0] != "2000|2000" {
		t.Errorf("after the failures: %s", got)
	}
}

// TestFunctionIsPrivate shows that SQL cannot call the loader's function.
func TestFunctionIsPrivate(t *testing.T) {
	db := testDB(t)
	for _, q := range []string{"FROM errscope_brief()", "FROM errscope_full()"} {
		if _, err := db.Query(context.Background(), q); err == nil || !strings.Contains(err.Error(), "for loading only") {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestLedger(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	content := []byte(strings.Repeat("GET /a HTTP/1.1\n", 1000))
	src := &Source{Path: "a.log", Format: "combined", PackVersions: "carsxe@1", Notes: "year taken as 2026"}
	src.SetHead(content[:100])
	end := SegmentEnd{Bytes: 100, SHA256: sha256.Sum256(content[:100]), Lines: 6, Records: 3, Rejected: 1, Ignored: 1, Duplicates: 1,
		FirstTS: genStart, LastTS: genStart.Add(time.Hour), Err: "cut off",
		Rejects: []Reject{{Offset: 16, Line: 2, Reason: record.RejectSyntax, Sample: "\x1b[31m\xff"}}}
	seg := Segment{Finish: func() (SegmentEnd, error) { return end, nil }}
	if err := db.LoadSegment(ctx, src, seg, false); err != nil {
		t.Fatal(err)
	}
	src.SetHead(content)
	seg.From = 100
	end = SegmentEnd{Bytes: 300, SHA256: sha256.Sum256(content[:300]), Lines: 2, Records: 2,
		FirstTS: genStart.Add(-time.Hour), LastTS: genStart, Complete: true}
	if err := db.LoadSegment(ctx, src, seg, false); err != nil {
		t.Fatal(err)
	}
	if err := db.LoadSegment(ctx, &Source{Path: "empty.log"}, Segment{Finish: func() (SegmentEnd, error) { return SegmentEnd{Complete: true}, nil }}, false); err != nil {
		t.Fatal(err)
	}
	all, err := db.Sources(ctx)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d sources, error %v", len(all), err)
	}
	if !reflect.DeepEqual(all[0], *src) {
		t.Errorf("stored %+v\nheld   %+v", all[0], *src)
	}
	if s := all[0]; s.Lines != 8 || s.Records != 5 || s.FirstTS != genStart.Add(-time.Hour) || s.LastTS != genStart.Add(time.Hour) || !s.Complete || s.Err != "" || s.Bytes != 300 {
		t.Errorf("counts do not add up: %+v", s)
	}
	if got := table(t, db, "FROM rejects"); !slices.Equal(got, []string{"1|16|2|syntax|\x1b[31m\uFFFD"}) {
		t.Errorf("rejects %q", got)
	}
	for name, c := range map[string]struct {
		head []byte
		ids  []int64
	}{
		"the same":       {content[:HeadBytesMax], []int64{1}},
		"longer":         {content, []int64{1}},
		"shorter":        {content[:200], nil},
		"something else": {[]byte(strings.Repeat("x", 5000)), nil},
		"empty":          {nil, []int64{2}},
	} {
		found, err := db.Candidates(ctx, c.head)
		var ids []int64
		for _, s := range found {
			ids = append(ids, s.ID)
		}
		if err != nil || !slices.Equal(ids, c.ids) {
			t.Errorf("%s: candidates %v, error %v; want %v", name, ids, err, c.ids)
		}
	}
}

// TestReadWhileLoading asks from inside a load: questions see what was there
// before, and do not wait.
func TestReadWhileLoading(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	if err := db.LoadSegment(ctx, &Source{Path: "a"}, genSegment(0, 100, 1), false); err != nil {
		t.Fatal(err)
	}
	seg := genSegment(100, 50_000, 1)
	asked := 0
	seg.Readers[0].(*generated).after = func(row int64) error {
		if row%20_000 == 0 {
			asked++
			if got := table(t, db, "SELECT count(*) FROM requests"); got[0] != "100" {
				t.Errorf("a question in the middle of a load sees %s rows", got[0])
			}
		}
		return nil
	}
	if err := db.LoadSegment(ctx, &Source{Path: "b"}, seg, false); err != nil {
		t.Fatal(err)
	}
	if got := table(t, db, "SELECT count(*) FROM requests"); asked == 0 || got[0] != "50000" {
		t.Errorf("asked %d times, %s rows at the end", asked, got[0])
	}
}

func TestWritePacks(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	for i := range 2 {
		err := db.WritePacks(ctx, []VendorInfo{{Vendor: "carsxe", SupportFields: "request_id"}},
			[]RuleInfo{{Rule: "carsxe/a", Pack: "carsxe", PackVersion: fmt.Sprint(i), Action: "Wait.", DocsURL: "https://e", StatusRow: true}, {Rule: "carsxe/b", Pack: "carsxe"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	got := append(table(t, db, "FROM rules ORDER BY rule"), table(t, db, "FROM vendors")...)
	want := []string{"carsxe/a|carsxe|1|Wait.|https://e|true", "carsxe/b|carsxe|<nil>|<nil>|<nil>|false", "carsxe|request_id|<nil>"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
