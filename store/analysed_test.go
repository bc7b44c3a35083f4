package store

import (
	"context"
	"fmt"
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestPending: a step sees each byte once, and a source again whose rows went.
func TestPending(t *testing.T) {
	ctx := context.Background()
	db := testDB(t)
	src := &Source{Path: "a.log"}
	grow := func(from, to int64) {
		t.Helper()
		var g given
		g.add(func(d *record.Draft) { d.Offset, d.Status, d.Host = from, 200, []byte("api.example") }, nil)
		err := db.LoadSegment(ctx, src, Segment{From: from, Readers: []RowReader{&g}, Finish: func() (SegmentEnd, error) {
			return SegmentEnd{Bytes: to, Lines: 1, Records: 1}, nil
		}}, false)
		if err != nil {
			t.Fatal(err)
		}
	}
	look := func(want string, wantAnew bool) {
		t.Helper()
		list, anew, err := db.Pending(ctx, outagesStep)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range list {
			got += fmt.Sprintf("%d:%d-%d anew=%v gone=%v ", p.SourceID, p.FromOffset, p.ToOffset, p.Anew, p.Gone)
		}
		if got != want || anew != wantAnew {
			t.Errorf("pending is %q (%v), want %q (%v)", got, anew, want, wantAnew)
		}
		nothing := func([]queries.TrafficRun, []queries.TrafficBlock, int64) (a, b []Window) { return nil, nil }
		if err := db.FindOutages(ctx, nothing, nil); err != nil {
			t.Fatal(err)
		}
	}
	look("", false)
	grow(0, 100)
	look("1:0-100 anew=false gone=false ", false)
	look("", false)
	grow(100, 250)
	look("1:100-250 anew=false gone=false ", false)
	grow(100, 300) // the last line has grown
	look("1:0-300 anew=true gone=false ", true)
	look("", false)
	// A last line that could not be read as it stood then costs no more than itself.
	cut := Segment{From: 300, Finish: func() (SegmentEnd, error) {
		return SegmentEnd{Bytes: 350, Lines: 1, Rejected: 1, Rejects: []Reject{{Offset: 300, Line: 3, Reason: record.RejectSyntax, Sample: "200"}}}, nil
	}}
	if err := db.LoadSegment(ctx, src, cut, false); err != nil {
		t.Fatal(err)
	}
	look("1:300-350 anew=false gone=false ", false)
	grow(300, 400)
	look("1:300-400 anew=false gone=false ", false)
	look("", false)
	if _, err := db.sql.Exec("DELETE FROM sources"); err != nil {
		t.Fatal(err)
	}
	look("1:0-0 anew=true gone=true ", true)
	look("", false)
}
