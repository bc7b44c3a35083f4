package main

import (
	"context"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
)

// Changes implements report.Source.
func (s source) Changes(ctx context.Context, scope queries.Scope) (queries.Changes, error) {
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
