package main

import (
	"context"

	"github.com/errscope/errscope/queries"
)

// RightNow implements tui.OverviewSource.
func (l *lease) RightNow(ctx context.Context, s queries.Scope) (now queries.RightNow, err error) {
	err = l.use(ctx, func(src source) (err error) { now, err = src.RightNow(ctx, s); return err })
	return now, err
}

// Rejects implements tui.OverviewSource.
func (l *lease) Rejects(ctx context.Context) (rows []queries.Reject, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.Rejects(ctx); return err })
	return rows, err
}

// VendorBoard implements tui.VendorSource.
func (l *lease) VendorBoard(ctx context.Context, s queries.Scope) (b queries.VendorBoard, err error) {
	err = l.use(ctx, func(src source) (err error) { b, err = src.VendorBoard(ctx, s); return err })
	return b, err
}

// Exchanges implements tui.ExchangeSource.
func (l *lease) Exchanges(ctx context.Context, s queries.Scope, g queries.GroupKey) (rows []queries.ExchangeLine, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.Exchanges(ctx, s, g); return err })
	return rows, err
}

// Exchange implements tui.ExchangeSource.
func (l *lease) Exchange(ctx context.Context, at queries.Place) (rows []queries.Exchange, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.Exchange(ctx, at); return err })
	return rows, err
}

// Neighbours implements tui.ExchangeSource.
func (l *lease) Neighbours(ctx context.Context, x queries.Exchange) (rows []queries.Neighbour, err error) {
	err = l.use(ctx, func(src source) (err error) { rows, err = src.Neighbours(ctx, x); return err })
	return rows, err
}
