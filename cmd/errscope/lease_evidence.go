package main

import (
	"context"
	"errors"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui"
)

// EvidenceProposals implements tui.EvidenceSource.
func (s source) EvidenceProposals(ctx context.Context, scope queries.Scope) (p tui.EvidenceProposals, err error) {
	if p.Windows, err = s.DB.Windows(ctx, scope); err != nil {
		return p, err
	}
	p.Groups, err = s.DB.Failures(ctx, scope)
	return p, err
}

// EvidenceProposals implements tui.EvidenceSource.
func (l *lease) EvidenceProposals(ctx context.Context, scope queries.Scope) (p tui.EvidenceProposals, err error) {
	err = l.use(ctx, func(src source) (err error) { p, err = src.EvidenceProposals(ctx, scope); return err })
	return p, err
}

// Evidence gives what a selection holds.
func (l *lease) Evidence(ctx context.Context, s queries.Selection) (e queries.Evidence, err error) {
	err = l.use(ctx, func(src source) (err error) { e, err = src.Evidence(ctx, s); return err })
	return e, err
}

// evidence gives what a selection holds of what has been read so far.
func (t *temporary) evidence(ctx context.Context, s queries.Selection) (queries.Evidence, error) {
	db := t.opened.Load()
	if db == nil {
		return queries.Evidence{}, errors.New("nothing has been read yet")
	}
	return db.Evidence(ctx, s)
}

// evidenceOf makes bundles of what ask gives.
func (a *app) evidenceOf(ask func(context.Context, queries.Selection) (queries.Evidence, error)) func(context.Context, tui.EvidenceAsk) (tui.EvidencePreview, error) {
	m := &evidenceMaker{app: a, ask: ask}
	return m.bundle
}
