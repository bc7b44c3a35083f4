package main

import (
	"context"
	"slices"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
)

// excuse asks for what a gate does not hold against anybody: what lies in a time
// that the configuration names, and what is acknowledged there.
func (s source) excuse(ctx context.Context, f *analysis.GateFacts, scope queries.Scope, t queries.Totals) (err error) {
	first, end := countedSpan(t, scope)
	f.Span = end.Sub(first)
	f.Acknowledged = analysis.ActiveAcknowledgements(s.acknowledged, end)
	if len(f.Acknowledged) > 0 {
		if f.Groups, err = s.DB.Failures(ctx, scope); err != nil {
			return err
		}
	}
	asked := map[[2]time.Time]analysis.KnownTime{} // many parties may share a time
	for _, k := range knownTimes(s.known) {
		at := [2]time.Time{k.From, k.To}
		seen, ok := asked[at]
		if !ok {
			if seen, err = s.knownTime(ctx, k, scope, first, end); err != nil {
				return err
			}
			asked[at] = seen
		}
		seen.Party = k.Party
		f.Known = append(f.Known, seen)
	}
	return nil
}

// knownTime asks what came in a known time, as far as it lies in the scope.
func (s source) knownTime(ctx context.Context, k analysis.KnownTime, scope queries.Scope, first, end time.Time) (analysis.KnownTime, error) {
	if k.To.Before(first) || k.From.After(end) {
		return k, nil
	}
	if k.From.After(first) {
		scope.Since = k.From
	}
	if scope.Until.IsZero() || k.To.Before(scope.Until) {
		scope.Until = k.To
	}
	var err error
	if k.Vendors, err = s.Vendors(ctx, scope); err != nil {
		return k, err
	}
	if k.Groups, err = s.DB.Failures(ctx, scope); err != nil {
		return k, err
	}
	k.Support, err = s.Support(ctx, scope)
	return k, err
}

// knownTimes joins what the configuration names, for each party that it names
// and for everybody else, so that no two times of one party overlap.
func knownTimes(notes []store.OutageNote) []analysis.KnownTime {
	parties := []string{""}
	for _, n := range notes {
		if !slices.Contains(parties, n.Vendor) {
			parties = append(parties, n.Vendor)
		}
	}
	slices.Sort(parties)
	var list []analysis.KnownTime
	for _, p := range parties {
		var own []analysis.KnownTime
		for _, n := range notes {
			if n.Vendor == "" || n.Vendor == p {
				own = append(own, analysis.KnownTime{Party: p, From: n.From, To: n.To})
			}
		}
		slices.SortFunc(own, func(a, b analysis.KnownTime) int { return a.From.Compare(b.From) })
		for _, k := range own {
			if n := len(list); n > 0 && list[n-1].Party == p && !k.From.After(list[n-1].To) {
				if k.To.After(list[n-1].To) {
					list[n-1].To = k.To
				}
				continue
			}
			list = append(list, k)
		}
	}
	return list
}
