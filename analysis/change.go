package analysis

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// What a change must be to be worth a person's time.
const (
	// changeDeviations is how far, in standard deviations, two shares must lie
	// apart: some hundred codes every night, and a false alarm in years.
	changeDeviations = 4.0
	// changeFactor is by how much the larger share must exceed the smaller one.
	changeFactor = 1.5
	// changeFailuresMin is how often a code must have come in one of the spans.
	changeFailuresMin = 5
)

// Changes tells which codes are new since then, and which take a larger or
// smaller share of the calls of their vendor than in the span before, beyond
// chance. New ones come first, then more, gone and less, each by how often.
func Changes(rows []queries.CodeChange, since time.Time) queries.Changes {
	c := queries.Changes{NothingBefore: len(rows) > 0}
	for _, r := range rows {
		c.NothingBefore = c.NothingBefore && r.RequestsBefore == 0
		if kind := changeOf(r, since); kind != "" {
			c.List = append(c.List, queries.Change{CodeChange: r, Kind: kind})
		}
	}
	slices.SortStableFunc(c.List, compareChanges)
	return c
}

func changeOf(r queries.CodeChange, since time.Time) queries.ChangeKind {
	if r.Failures > 0 && r.FailuresBefore == 0 && !r.First.Before(since) {
		return queries.ChangeNew
	}
	if max(r.Failures, r.FailuresBefore) < changeFailuresMin || r.Requests <= 0 || r.RequestsBefore <= 0 {
		return ""
	}
	n, m := float64(r.Requests), float64(r.RequestsBefore)
	now, before := float64(r.Failures)/n, float64(r.FailuresBefore)/m
	both := float64(r.Failures+r.FailuresBefore) / (n + m)
	deviation := math.Sqrt(both * (1 - both) * (1/n + 1/m))
	if math.Abs(now-before) < changeDeviations*deviation || max(now, before) < changeFactor*min(now, before) {
		return ""
	}
	switch {
	case now > before:
		return queries.ChangeMore
	case r.Failures == 0:
		return queries.ChangeGone
	}
	return queries.ChangeLess
}

func changeRank(k queries.ChangeKind) int {
	return slices.Index([]queries.ChangeKind{queries.ChangeNew, queries.ChangeMore, queries.ChangeGone, queries.ChangeLess}, k)
}

func compareChanges(a, b queries.Change) int {
	return cmp.Or(
		cmp.Compare(changeRank(a.Kind), changeRank(b.Kind)),
		cmp.Compare(b.Failures, a.Failures),
		cmp.Compare(b.FailuresBefore, a.FailuresBefore),
		cmp.Compare(a.Vendor, b.Vendor),
		cmp.Compare(a.Host, b.Host),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Status, b.Status),
		cmp.Compare(a.Category, b.Category))
}
