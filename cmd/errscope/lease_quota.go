package main

import (
	"context"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
)

// QuotaUse implements tui.QuotaSource: which calls belong to an allowance is
// known by the packs, the configuration and what the vendor said.
func (s source) QuotaUse(ctx context.Context, k queries.QuotaKey) ([]queries.QuotaUse, error) {
	traffic, named, only, err := s.QuotaTraffic(ctx, k)
	return analysis.QuotaUses(k, traffic, named, only, s.allowances.Ledgers, s.allowances.Limits), err
}

// QuotaStanding implements tui.QuotaSource.
func (l *lease) QuotaStanding(ctx context.Context, s queries.Scope) (rows []queries.QuotaStanding, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.QuotaStanding(ctx, s); return err })
	return rows, err
}

// QuotaCourse implements tui.QuotaSource.
func (l *lease) QuotaCourse(ctx context.Context, k queries.QuotaKey) (rows []queries.QuotaHourUse, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.QuotaCourse(ctx, k); return err })
	return rows, err
}

// QuotaUse implements tui.QuotaSource.
func (l *lease) QuotaUse(ctx context.Context, k queries.QuotaKey) (rows []queries.QuotaUse, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.QuotaUse(ctx, k); return err })
	return rows, err
}

// RatePressure implements tui.QuotaSource.
func (l *lease) RatePressure(ctx context.Context, s queries.Scope) (rows []queries.RatePressure, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.RatePressure(ctx, s); return err })
	return rows, err
}
