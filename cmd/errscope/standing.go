package main

import (
	"context"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
)

// Changes implements report.Source.
func (s source) Changes(ctx context.Context, scope queries.Scope) (queries.Changes, error) {
	if s.baseline != "" {
		return s.changesSinceBaseline(ctx, scope)
	}
	o, err := s.Glance(ctx, scope)
	if err != nil {
		return queries.Changes{}, err
	}
	rows, err := s.CodeChanges(ctx, scope, o.Totals.Last)
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
