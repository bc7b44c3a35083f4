package main

import (
	"context"

	"github.com/errscope/errscope/queries"
)

// Outages implements tui.OutageSource.
func (l *lease) Outages(ctx context.Context, s queries.Scope) (list queries.OutageList, err error) {
	err = l.use(ctx, func(src source) (err error) { list, err = src.Outages(ctx, s); return err })
	return list, err
}

// OutageCourse implements tui.OutageSource.
func (l *lease) OutageCourse(ctx context.Context, k queries.OutageKey, stepMinutes int) (spans []queries.OutageSpan, err error) {
	err = l.use(ctx, func(src source) (err error) { spans, err = src.OutageCourse(ctx, k, stepMinutes); return err })
	return spans, err
}

// OutageEvidence implements tui.OutageSource.
func (l *lease) OutageEvidence(ctx context.Context, k queries.OutageKey) (e queries.OutageEvidence, err error) {
	err = l.use(ctx, func(src source) (err error) { e, err = src.OutageEvidence(ctx, k); return err })
	return e, err
}
