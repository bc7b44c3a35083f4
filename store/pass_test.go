package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/errscope/errscope/record"
)

// phases is a reader whose rows fail or not by their number.
type phases struct {
	generated
	fails func(row int64) bool
}

func newPhases(from, to int64, fails func(row int64) bool) *phases {
	return &phases{*newGenerated(from, to), fails}
}

func (p *phases) Next() (*record.Record, *record.Label, error) {
	if p.at == p.to {
		return nil, nil, io.EOF
	}
	i := 1 // succeeds, by genTemplates
	if p.fails(p.at) {
		i = 0
	}
	r, l := &p.recs[i], &p.labels[i]
	r.Offset = p.at * genLineBytes
	p.at++
	return r, l, nil
}

// TestPasses loads mixtures that make the passes take turns: each row is there
// once, and long runs of one kind are where they cost least. With two readers the
// threads mix the rows as they come to run, so only one reader tells how many
// rows went the wrong way: two looks at most, after each change.
func TestPasses(t *testing.T) {
	const n = 6 * turnRows
	for _, c := range []struct {
		name     string
		fails    func(row int64) bool
		keepFull bool
		failures int64
		brief    [2]int64 // at least, at most
	}{
		{"none fails", func(int64) bool { return false }, false, 0, [2]int64{n, n}},
		{"all fail", func(int64) bool { return true }, false, n, [2]int64{0, 0}},
		{"every other", func(r int64) bool { return r%2 == 0 }, false, n / 2, [2]int64{1, n / 2}},
		{"first fine, then not", func(r int64) bool { return r >= n/2 }, false, n / 2, [2]int64{n / 2, n / 2}},
		{"first not, then fine", func(r int64) bool { return r < n/2 }, false, n / 2, [2]int64{n/2 - 2*turnRows, n / 2}},
		{"short runs", func(r int64) bool { return r/(turnRows/2)%2 == 0 }, false, n / 2, [2]int64{0, n / 2}},
		{"all is kept", func(r int64) bool { return r%10 == 0 }, true, n/10 + 1, [2]int64{0, 0}},
	} {
		for _, readers := range []int64{1, 2} {
			t.Run(fmt.Sprintf("%s, %d readers", c.name, readers), func(t *testing.T) {
				db := testDB(t)
				seg := Segment{Finish: func() (SegmentEnd, error) { return genEnd(0, n), nil }}
				for i := range readers {
					seg.Readers = append(seg.Readers, newPhases(i*n/readers, (i+1)*n/readers, c.fails))
				}
				if err := db.LoadSegment(t.Context(), &Source{Path: "x"}, seg, c.keepFull); err != nil {
					t.Fatal(err)
				}
				got := table(t, db, "SELECT count(*), count(DISTINCT source_offset), min(source_offset), max(source_offset), count(category) FROM requests")
				if want := fmt.Sprintf("%d|%d|0|%d|%d", n, n, (n-1)*genLineBytes, c.failures); got[0] != want {
					t.Errorf("stored %s, want %s", got, want)
				}
				var brief int64
				if _, err := fmt.Sscan(table(t, db, "SELECT count(*) FROM requests_brief")[0], &brief); err != nil {
					t.Fatal(err)
				}
				least := c.brief[0]
				if readers > 1 && c.failures > 0 {
					least = 0
				}
				if brief < least || brief > c.brief[1] {
					t.Errorf("%d brief rows, want %d to %d", brief, least, c.brief[1])
				}
			})
		}
	}
}

// spoolWatch is a reader that looks at the spool before each row.
type spoolWatch struct {
	given
	spool *spool
	most  int // rows that were in it
}

func (s *spoolWatch) Next() (*record.Record, *record.Label, error) {
	s.most = max(s.most, s.spool.len())
	return s.given.Next()
}

// TestSpoolIsBounded loads failures with large bodies between successes: the
// spool is emptied in between, and nothing is lost.
func TestSpoolIsBounded(t *testing.T) {
	const failures, body = 200, 1 << 20 // more than the spool takes
	g := &segment{ctx: context.Background(), sourceID: 1, endpoints: &endpoints{ids: map[string]int32{}, next: 1}, spool: &spool{}}
	r := &spoolWatch{spool: g.spool}
	text := bytes.Repeat([]byte("x"), body)
	for i := range 10 * failures {
		r.add(func(d *record.Draft) {
			d.Offset, d.Direction = int64(i), record.Outbound
			if i%10 == 0 {
				d.Body = text
			}
		}, func(l *record.Label) {
			if i%10 == 0 {
				l.Category = record.Server
			}
		})
	}
	g.readers = []RowReader{r}
	db := testDB(t)
	if err := db.makeRoom(g.ctx, failures*body); err != nil {
		t.Fatal(err)
	}
	err := inTx(g.ctx, db, "testing", func(tx transaction) error {
		if err := tx.loadRows(g.ctx, g); err != nil {
			return err
		}
		return tx.storeEndpoints(g.ctx, g.endpoints)
	})
	if err != nil {
		t.Fatal(err)
	}
	if most := spoolBytesMax/body + 1; r.most == 0 || r.most > most {
		t.Errorf("up to %d rows of %d bytes of text waited, want at most %d", r.most, body, most)
	}
	got := table(t, db, "SELECT count(*), count(category), sum(length(body)), count(DISTINCT source_offset) FROM requests")
	if want := fmt.Sprintf("%d|%d|%d|%d", 10*failures, failures, failures*body, 10*failures); got[0] != want {
		t.Errorf("stored %s, want %s", got, want)
	}
}

// TestShares: the threads of a pass get whole row groups, since a small one has
// others written anew; what is left over waits, unless nothing more comes.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		rows int
		last bool
		want []int // rows of each share, none for page by page
		left int
	}{
		{2*mergeRows + 5000, false, []int{mergeRows, mergeRows}, 5000},
		{2*mergeRows + 5000, true, []int{mergeRows + 5000, mergeRows}, 0},
		{mergeRows, false, []int{mergeRows}, 0},
		{mergeRows - 1, false, nil, 0},
		{mergeRows - 1, true, nil, 0},
	} {
		var s spool
		w := rowWriter{sourceID: 1}
		g, n := given{}, 0
		g.add(func(d *record.Draft) { d.Host = []byte("api.example.com") }, nil)
		for at := range c.rows {
			g.recs[0].Offset = int64(at)
			w.write(g.recs[0], nil)
			if n++; len(w.packed) > 1<<18 || at == c.rows-1 {
				s.add(page{w.packed, n})
				w.packed, n = nil, 0
			}
		}
		var got []int
		seen := map[string]struct{}{}
		shares := s.shares(c.last)
		for _, sh := range shares {
			rows := 0
			for _, p := range sh {
				rows += p.rows
				for rest := p.packed; len(rest) > 0; {
					next := skipRow(rest)
					seen[string(rest[:len(rest)-len(next)])] = struct{}{}
					rest = next
				}
			}
			got = append(got, rows)
		}
		if c.want != nil && !slices.Equal(got, c.want) {
			t.Errorf("%d rows, last %t: shares of %d, want %d", c.rows, c.last, got, c.want)
		}
		if len(seen) != c.rows-c.left || s.len() != c.left {
			t.Errorf("%d rows, last %t: %d rows are shared out and %d wait, want %d and %d", c.rows, c.last, len(seen), s.len(), c.rows-c.left, c.left)
		}
	}
}

// TestEndpoints: the same calls have the same endpoint in the next load and in
// the next process, and what finds no room is stored all the same.
func TestEndpoints(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "t.duckdb")
	var counts []string
	for i := range int64(3) {
		db, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for k := range int64(2) {
			at := (2*i + k) * 5000
			if err := db.LoadSegment(ctx, &Source{Path: "x"}, genSegment(at, at+5000, 2), false); err != nil {
				t.Fatal(err)
			}
		}
		counts = append(counts, table(t, db, "SELECT count(*), count(DISTINCT endpoint_id) FROM endpoints")...)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if counts[0] == "0|0" || !slices.Equal(counts, []string{counts[0], counts[0], counts[0]}) {
		t.Errorf("endpoints and numbers after each process: %s", counts)
	}
}

// hosts is a reader whose rows all have a host of their own.
type hosts struct{ phases }

func (h *hosts) Next() (*record.Record, *record.Label, error) {
	r, l, err := h.phases.Next()
	if err == nil {
		r.Host = fmt.Appendf(r.Host[:0], "h%d.example", h.at)
	}
	return r, l, err
}

func TestTooManyEndpoints(t *testing.T) {
	const n = endpointsMax + 20_000
	db := testDB(t)
	for range 2 {
		h := &hosts{*newPhases(0, n, func(int64) bool { return false })}
		seg := Segment{Finish: func() (SegmentEnd, error) { return genEnd(0, n), nil }, Readers: []RowReader{h}}
		if err := db.LoadSegment(context.Background(), &Source{Path: "x"}, seg, false); err != nil {
			t.Fatal(err)
		}
	}
	got := table(t, db, "SELECT count(*), count(DISTINCT host), (SELECT count(*) - count(DISTINCT endpoint_id) FROM endpoints), (SELECT count(*) FROM requests_brief) FROM requests")
	if want := fmt.Sprintf("%d|%d|0|%d", 2*n, n, 2*endpointsMax); got[0] != want {
		t.Errorf("stored %s, want %s", got, want)
	}
}

// TestManyFullRows loads so many failures between successes that one thread
// stores them all in one pass: each row is there once, with its values.
func TestManyFullRows(t *testing.T) {
	const n = 6 * mergeRows
	db := testDB(t)
	fails := func(row int64) bool { return row%4 == 0 }
	for k := range int64(2) { // the second finds rows in the table
		at := k * n
		seg := Segment{Finish: func() (SegmentEnd, error) { return genEnd(at, at+n), nil },
			Readers: []RowReader{newPhases(at, at+n/2, fails), newPhases(at+n/2, at+n, fails)}}
		if err := db.LoadSegment(t.Context(), &Source{Path: "x"}, seg, false); err != nil {
			t.Fatal(err)
		}
	}
	got := table(t, db, "SELECT count(*), count(DISTINCT source_offset), count(category), count(DISTINCT (host, path, status, rule, user_agent)) FROM requests_full")
	if want := fmt.Sprintf("%d|%d|%d|1", n/2, n/2, n/2); got[0] != want {
		t.Errorf("stored %s, want %s", got[0], want)
	}
}
