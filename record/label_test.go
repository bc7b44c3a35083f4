package record

import (
	"reflect"
	"testing"
	"time"
)

func TestIsOutage(t *testing.T) {
	outage := 0
	for _, c := range Categories() {
		for _, r := range Retries() {
			if IsOutage(c, r) {
				outage++
			}
		}
	}
	// Five categories with three retry values each, by the contract.
	if outage != 15 {
		t.Errorf("%d pairs are outages", outage)
	}
	for _, c := range []struct {
		category Category
		retry    Retry
		want     bool
	}{{Server, RetryBackoff, true}, {Edge, RetryBackoffOnce, true}, {Unavailable, RetryWhenAvailable, true}, {Timeout, RetryUnknown, false},
		{RateLimit, RetryBackoff, false}, {Server, RetryNever, false}} {
		if IsOutage(c.category, c.retry) != c.want {
			t.Errorf("%s, %s: outage is not %v", c.category, c.retry, c.want)
		}
	}
}

// TestClosedSets counts: a value that is added or lost changes the contract.
func TestClosedSets(t *testing.T) {
	if c, r, f, l := len(Categories()), len(Retries()), len(Faults()), len(Confidences()); c != 18 || r != 13 || f != 8 || l != 6 {
		t.Errorf("%d categories, %d retries, %d faults, %d confidences", c, r, f, l)
	}
}

func TestLabelReset(t *testing.T) {
	l := Label{Failure: true, Code: "x", RetryAt: time.Unix(1, 0), Quota: Quota{Limit: 5}, Candidates: []string{"a"}, Evidence: []string{"b"}}
	l.Reset()
	if l.Quota.Stated() {
		t.Error("an empty quota says something")
	}
	if len(l.Candidates)+len(l.Evidence) != 0 || cap(l.Candidates) != 1 {
		t.Errorf("candidates %v, evidence %v", l.Candidates, l.Evidence)
	}
	l.Candidates, l.Evidence = nil, nil
	if want := (Label{Status: Absent, RetryAfterS: Absent, Quota: Quota{Limit: Absent, Used: Absent, Remaining: Absent}}); !reflect.DeepEqual(l, want) {
		t.Errorf("after Reset %+v", l)
	}
	for _, q := range []Quota{{Limit: 0, Used: Absent, Remaining: Absent}, {Limit: Absent, Used: Absent, Remaining: Absent, ResetAt: time.Unix(1, 0)}} {
		if !q.Stated() {
			t.Errorf("%+v says nothing", q)
		}
	}
}

func TestDraftReset(t *testing.T) {
	d := Draft{Exchange{Line: 7, Status: 200, Headers: headersOf("a", "b"), RequestHeaders: headersOf("c", "d")}}
	d.Reset()
	if d.Line != 0 || d.Status != Absent || d.Bytes != Absent || d.DurationNS != Absent || d.TimeDigits != Absent || len(d.Headers) != 0 || cap(d.Headers) != 1 {
		t.Errorf("after Reset %+v", d.Exchange)
	}
}
