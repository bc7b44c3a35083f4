package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

func TestBlame(t *testing.T) {
	got := Blame([]queries.FaultRow{
		{Fault: record.FaultVendor, Category: record.Server, Failures: 1},
		{Fault: record.FaultCaller, Failures: 1},
		{Fault: record.FaultVendor, Category: record.Timeout, Failures: 1},
		{Fault: record.FaultAccount, Failures: 1},
		{Fault: record.FaultNone, Failures: 0},
		{Fault: record.FaultEndUser, Failures: 2},
	})
	want := []queries.BlameRow{
		{Fault: record.FaultEndUser, Failures: 2, SharePermille: 333},
		{Fault: record.FaultVendor, Failures: 2, SharePermille: 333},
		{Fault: record.FaultAccount, Failures: 1, SharePermille: 167},
		{Fault: record.FaultCaller, Failures: 1, SharePermille: 167},
	}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestBlameOfNothing(t *testing.T) {
	if got := Blame([]queries.FaultRow{{Fault: record.FaultVendor}}); got != nil {
		t.Errorf("got %v, want none", got)
	}
}

func TestBlameAddsUp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		var rows []queries.FaultRow
		for _, f := range record.Faults() {
			rows = append(rows, queries.FaultRow{Fault: f, Failures: rnd.Int64N(1 + rnd.Int64N(1_000_000))})
		}
		var shares, failures, want int64
		for _, r := range rows {
			want += r.Failures
		}
		for _, b := range Blame(rows) {
			shares += b.SharePermille
			failures += b.Failures
		}
		if want > 0 && (shares != wholePermille || failures != want) {
			t.Fatalf("%v: shares add up to %d, failures to %d of %d", rows, shares, failures, want)
		}
	}
}
