package main

import (
	"context"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
)

// BlameSplits implements report.Source.
func (s source) BlameSplits(ctx context.Context, scope queries.Scope) (queries.BlameSplits, error) {
	rows, err := s.BlameSlots(ctx, scope)
	if err != nil {
		return queries.BlameSplits{}, err
	}
	return analysis.BlameOver(rows), nil
}

// Retries implements report.Source.
func (s source) Retries(ctx context.Context, scope queries.Scope) (queries.Retries, error) {
	rows, err := s.RetryRows(ctx, scope)
	if err != nil {
		return queries.Retries{}, err
	}
	return analysis.Retries(rows), nil
}

// Latency implements report.Source.
func (s source) Latency(ctx context.Context, scope queries.Scope) (queries.Latency, error) {
	rows, err := s.LatencyRows(ctx, scope)
	if err != nil {
		return queries.Latency{}, err
	}
	windows, err := s.LatencyWindows(ctx, scope)
	if err != nil {
		return queries.Latency{}, err
	}
	l := analysis.Latency(rows, windows)
	if len(l.Routes) > queries.LatencyRoutesMax {
		l.Routes = l.Routes[:queries.LatencyRoutesMax]
	}
	return l, nil
}
