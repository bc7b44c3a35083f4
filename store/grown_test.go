package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// grownLog has a line of each kind: successes, failures, a comment, lines that
// are no exchange. Cut off anywhere, a line may turn into another kind.
const grownLog = "200 /a\n# 200 is a comment\n503 /b/1234567\nxxx\n200 /c\n429 /d\n \n20x /e\n200 /long/enough/to/be/cut/anywhere\n503 /f\n"

// readLines reads a text from an offset on, as ingest does: what is behind the
// last newline counts as a line.
func readLines(content string, from int) Segment {
	var g given
	end := SegmentEnd{Bytes: int64(len(content)), SHA256: sha256.Sum256([]byte(content)), Complete: true}
	line := int64(bytes.Count([]byte(content[:from]), []byte("\n")))
	for at := from; at < len(content); {
		text := content[at:]
		next := len(content)
		if i := bytes.IndexByte([]byte(text), '\n'); i >= 0 {
			text, next = text[:i], at+i+1
		}
		line++
		end.Lines++
		when := genStart.Add(time.Duration(line) * time.Second)
		status, path, _ := bytes.Cut([]byte(text), []byte(" "))
		code, err := strconv.Atoi(string(status))
		switch {
		case text == "" || text == " " || text[0] == '#':
			end.Ignored++
		case err != nil || code < 100 || len(path) == 0:
			end.Rejected++
			end.Rejects = append(end.Rejects, Reject{Offset: int64(at), Line: line, Reason: record.RejectSyntax, Sample: text})
		default:
			end.Records++
			if end.FirstTS.IsZero() {
				end.FirstTS = when
			}
			end.LastTS = when
			g.add(func(d *record.Draft) {
				d.Offset, d.Line, d.TimeNS, d.TimeDigits = int64(at), line, when.UnixNano(), 0
				d.Status, d.Path, d.Direction = code, path, record.Outbound
			}, func(l *record.Label) {
				if code >= 400 {
					l.Failure, l.Category, l.Retry = true, record.Server, record.RetryBackoff
				}
			})
		}
		at = next
	}
	return Segment{From: int64(from), Readers: []RowReader{&g}, Finish: func() (SegmentEnd, error) { return end, nil }}
}

// contentOf is all that is stored of one source.
func contentOf(t *testing.T, db *DB, id int64) []string {
	t.Helper()
	where := fmt.Sprintf(" WHERE source_id = %d ORDER BY source_offset", id)
	return append(table(t, db, "SELECT * EXCLUDE (source_id) FROM requests"+where), table(t, db, "SELECT * EXCLUDE (source_id) FROM rejects"+where)...)
}

// ledgerOf is a source without what tells two loads of it apart.
func ledgerOf(s *Source) Source {
	c := *s
	c.ID, c.IngestedAt = 0, time.Time{}
	return c
}

// TestGrown loads a source that was cut off at each of its bytes, then the
// rest: rows, rejects and ledger are those of the whole.
func TestGrown(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	whole := &Source{Path: "a.log"}
	if err := db.LoadSegment(ctx, whole, readLines(grownLog, 0), false); err != nil {
		t.Fatal(err)
	}
	want := contentOf(t, db, whole.ID)
	if len(want) != 8 || whole.Lines != 10 || whole.Records != 6 || whole.Rejected != 2 || whole.Ignored != 2 {
		t.Fatalf("the whole is %q, %+v", want, whole)
	}
	for cut := range len(grownLog) {
		src := &Source{Path: "a.log"}
		if err := db.LoadSegment(ctx, src, readLines(grownLog[:cut], 0), false); err != nil {
			t.Fatal(err)
		}
		from := bytes.LastIndexByte([]byte(grownLog[:cut]), '\n') + 1
		if err := db.LoadSegment(ctx, src, readLines(grownLog, from), false); err != nil {
			t.Fatal(err)
		}
		if got := contentOf(t, db, src.ID); !slices.Equal(got, want) {
			t.Errorf("cut at %d: stored\n%q, want\n%q", cut, got, want)
		}
		if got, want := ledgerOf(src), ledgerOf(whole); !reflect.DeepEqual(got, want) {
			t.Errorf("cut at %d: ledger\n%+v, want\n%+v", cut, got, want)
		}
	}
	if got := contentOf(t, db, whole.ID); !slices.Equal(got, want) {
		t.Errorf("the others changed the first to %q", got)
	}
}

// TestReadAnew loads a source again from its beginning: what stood there makes
// way, and where the second load fails it stays.
func TestReadAnew(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	other, src := &Source{Path: "other.log"}, &Source{Path: "a.log"}
	for _, s := range []*Source{other, src} {
		if err := db.LoadSegment(ctx, s, readLines(grownLog, 0), false); err != nil {
			t.Fatal(err)
		}
	}
	before, held := contentOf(t, db, src.ID), *src
	broken := readLines("200 /x\n", 0)
	broken.Finish = func() (SegmentEnd, error) { return SegmentEnd{}, errBroken }
	if err := db.LoadSegment(ctx, src, broken, false); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	if got := contentOf(t, db, src.ID); !slices.Equal(got, before) || !reflect.DeepEqual(*src, held) {
		t.Errorf("a load that failed left %q, %+v", got, src)
	}
	if err := db.LoadSegment(ctx, src, readLines("200 /x\nbad\n", 0), false); err != nil {
		t.Fatal(err)
	}
	if got := contentOf(t, db, src.ID); len(got) != 2 {
		t.Errorf("stored %q", got)
	}
	if src.ID != held.ID || src.Lines != 2 || src.Records != 1 || src.Rejected != 1 || src.Ignored != 0 || src.FirstTS != src.LastTS {
		t.Errorf("ledger %+v", src)
	}
	if got := contentOf(t, db, other.ID); !slices.Equal(got, before) {
		t.Errorf("the other source is %q", got)
	}
}
