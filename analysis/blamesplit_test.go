package analysis

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestBlameOver: every split adds up, all failures are in it, and the order of
// the rows does not show.
func TestBlameOver(t *testing.T) {
	start := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	random := rand.New(rand.NewPCG(1, 2))
	var rows []queries.BlameSlot
	var total int64
	for _, vendor := range []string{"a", "b", "c"} {
		for slot := range int64(5) {
			for _, f := range record.Faults() {
				r := queries.BlameSlot{Vendor: vendor, Fault: f, Slot: slot - 1, Failures: 1 + random.Int64N(100)}
				if r.Slot >= 0 {
					r.Start = start.Add(time.Duration(slot) * time.Hour)
				}
				rows = append(rows, r)
				total += r.Failures
			}
		}
	}
	want := BlameOver(rows)
	if want.Total.Failures != total || len(want.Vendors) != 3 || len(want.Spans) != 4 {
		t.Fatalf("%d of %d failures, %d vendors, %d spans", want.Total.Failures, total, len(want.Vendors), len(want.Spans))
	}
	for _, s := range append(append([]queries.BlameSplit{want.Total}, want.Vendors...), want.Spans...) {
		var permille, failures int64
		for _, p := range s.Parties {
			permille += p.SharePermille
			failures += p.Failures
		}
		if permille != wholePermille || failures != s.Failures {
			t.Errorf("%+v adds up to %d ‰ and %d failures", s, permille, failures)
		}
	}
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	if got := BlameOver(rows); !reflect.DeepEqual(got, want) {
		t.Error("the order of the rows shows")
	}
}
