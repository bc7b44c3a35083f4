package analysis

import (
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

func TestChanges(t *testing.T) {
	since := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	early := since.Add(-72 * time.Hour)
	row := func(code string, now, before, calls, callsBefore int64, first time.Time) queries.CodeChange {
		return queries.CodeChange{Vendor: "acme", Code: code, Failures: now, FailuresBefore: before, Requests: calls, RequestsBefore: callsBefore, First: first}
	}
	got := Changes([]queries.CodeChange{
		row("the same", 100, 104, 10000, 10000, early),
		row("twice the calls", 200, 100, 20000, 10000, early),
		row("more", 300, 100, 10000, 10000, early),
		row("two of three at night", 2, 0, 3, 300, early),
		row("less", 20, 100, 10000, 10000, early),
		row("gone", 0, 100, 10000, 10000, early),
		row("gone with its calls", 0, 100, 0, 10000, early),
		row("new", 1, 0, 10000, 10000, since),
		row("seen long ago", 3, 0, 10000, 10000, early),
	}, since)
	want := []struct {
		kind queries.ChangeKind
		code string
	}{{queries.ChangeNew, "new"}, {queries.ChangeMore, "more"}, {queries.ChangeGone, "gone"}, {queries.ChangeLess, "less"}}
	if len(got.List) != len(want) || got.NothingBefore {
		t.Fatalf("got %+v", got)
	}
	for i, w := range want {
		if got.List[i].Kind != w.kind || got.List[i].Code != w.code {
			t.Errorf("%d is %s %q, want %s %q", i, got.List[i].Kind, got.List[i].Code, w.kind, w.code)
		}
	}
	if first := Changes([]queries.CodeChange{row("new", 9, 0, 10, 0, since)}, since); !first.NothingBefore {
		t.Error("a database that begins with the scope has something to compare with")
	}
	if none := Changes(nil, since); none.NothingBefore || len(none.List) > 0 {
		t.Errorf("nothing gives %+v", none)
	}
}
