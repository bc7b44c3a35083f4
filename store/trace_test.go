package store

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

// TestTraceIDs: trace ids of successes come back as they were. Those of the
// usual form do not need all columns.
func TestTraceIDs(t *testing.T) {
	ids := []string{"4bf92f3577b34da6a3ce929d0e0e4736", strings.Repeat("0", 32), strings.Repeat("f", 32), "8" + strings.Repeat("0", 31),
		"", "4bf92f3577b34da6", strings.Repeat("A", 32), strings.Repeat("g", 32), "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"}
	var g given
	for i, id := range ids {
		g.add(func(d *record.Draft) {
			d.Offset, d.Status, d.Direction, d.TraceID = int64(i), 200, record.Outbound, []byte(id)
		}, func(*record.Label) {})
	}
	db := testDB(t)
	end := SegmentEnd{Bytes: 100, Lines: int64(len(ids)), Records: int64(len(ids)), Complete: true}
	seg := Segment{Readers: []RowReader{&g}, Finish: func() (SegmentEnd, error) { return end, nil }}
	if err := db.LoadSegment(context.Background(), &Source{Path: "a"}, seg, false); err != nil {
		t.Fatal(err)
	}
	if got := table(t, db, "SELECT coalesce(trace_id, '') FROM requests ORDER BY source_offset"); !slices.Equal(got, ids) {
		t.Errorf("stored %q, want %q", got, ids)
	}
	if got := table(t, db, "SELECT count(*) FROM requests_brief"); got[0] != "5" {
		t.Errorf("%s rows are brief", got[0])
	}
}
