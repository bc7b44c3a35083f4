package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// TestBaseline: what a span held is told beside what the scope holds, also when
// its rows are gone, and stays apart from other baselines.
func TestBaseline(t *testing.T) {
	ctx := context.Background()
	var list []attempt
	for i := range 30 {
		a := attempt{at: float64(i * 60), key: uint64(i)}
		if i < 10 || i > 25 {
			a.retry = record.RetryBackoff
		}
		list = append(list, a)
	}
	db := attempts(t, list)
	half, at := clock(t, "10:15:00"), clock(t, "12:00:00")
	for _, name := range []string{"first", "first", "all"} { // the second takes the first one's place
		until := half
		if name == "all" {
			until = time.Time{}
		}
		if err := db.SaveBaseline(ctx, name, time.Time{}, until, at); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := db.Baselines(ctx)
	want := []queries.Baseline{{Name: "all", SavedAt: at, Codes: 1, Failures: 14, Requests: 30}, {Name: "first", SavedAt: at, Until: half, Codes: 1, Failures: 10, Requests: 15}}
	if err != nil || len(stored) != 2 || stored[0] != want[0] || stored[1] != want[1] {
		t.Fatalf("stored %+v, error %v", stored, err)
	}
	for _, pruned := range []bool{false, true} {
		if pruned {
			table(t, db, "DELETE FROM requests_full WHERE ts < TIMESTAMP '"+day+" 10:15:00'")
		}
		got, err := db.BaselineChanges(ctx, queries.Scope{Since: half}, "first")
		if err != nil || len(got) != 1 {
			t.Fatalf("%+v, error %v", got, err)
		}
		if c := got[0]; c.Failures != 4 || c.FailuresBefore != 10 || c.Requests != 15 || c.RequestsBefore != 15 || c.Vendor != "acme" || c.Status != 503 {
			t.Errorf("pruned %v: got %+v", pruned, c)
		}
	}
	if err := db.SaveBaseline(ctx, "all", at, time.Time{}, at); !errors.Is(err, ErrEmptyBaseline) {
		t.Errorf("an empty span: %v", err)
	}
	if b, err := db.Baseline(ctx, "all"); err != nil || b != want[0] {
		t.Errorf("what stood there is %+v, error %v", b, err)
	}
	if err := db.DropBaseline(ctx, "all"); err != nil {
		t.Error(err)
	}
	if err := db.DropBaseline(ctx, "all"); !errors.Is(err, ErrNoBaseline) {
		t.Errorf("dropped twice: %v", err)
	}
	if _, err := db.Baseline(ctx, "all"); !errors.Is(err, ErrNoBaseline) {
		t.Errorf("it is gone: %v", err)
	}
	if err := db.SaveBaseline(ctx, "", time.Time{}, time.Time{}, at); err == nil {
		t.Error("a baseline without a name was saved")
	}
}
