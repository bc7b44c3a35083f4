package main

import (
	"context"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
)

// Changes implements report.Source. What somebody has acknowledged is left out.
// Time is that of the data, so that the same database gives the same answer.
func (s source) Changes(ctx context.Context, scope queries.Scope) (queries.Changes, error) {
	o, err := s.Glance(ctx, scope)
	if err != nil {
		return queries.Changes{}, err
	}
	end := o.Totals.Last
	if !scope.Until.IsZero() {
		end = scope.Until
	}
	c, err := s.everyChange(ctx, scope, o.Totals.Last)
	return analysis.Acknowledge(c, analysis.ActiveAcknowledgements(s.acknowledged, end), end.Sub(scope.Since)), err
}

func (s source) everyChange(ctx context.Context, scope queries.Scope, last time.Time) (queries.Changes, error) {
	if s.baseline != "" {
		return s.changesSinceBaseline(ctx, scope)
	}
	rows, err := s.CodeChanges(ctx, scope, last)
	if err != nil {
		return queries.Changes{}, err
	}
	return analysis.Changes(rows, scope.Since), nil
}

// changesSinceBaseline tells what changed against a stored baseline: new is what
// neither it nor the time up to its end has.
func (s source) changesSinceBaseline(ctx context.Context, scope queries.Scope) (queries.Changes, error) {
	b, err := s.Baseline(ctx, s.baseline)
	if err != nil {
		return queries.Changes{}, err
	}
	rows, err := s.BaselineChanges(ctx, scope, b.Name)
	if err != nil {
		return queries.Changes{}, err
	}
	since := scope.Since
	if !b.Until.IsZero() && b.Until.Before(since) {
		since = b.Until
	}
	return analysis.Changes(rows, since), nil
}
