package main

import (
	"context"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// storedExplainer says by the rules of today what a stored exchange is.
type storedExplainer func(ctx context.Context, s *store.Stored) (string, error)

// explainStored labels a stored exchange again, as `errscope db reclassify`
// does, and says the label as `errscope explain` does.
func (a *app) explainStored(ctx context.Context, s *store.Stored) (string, error) {
	rules, err := a.loadRules(ctx)
	if err != nil {
		return "", err
	}
	j := &judge{rules: rules, sealer: record.NewPolicy(rules.secrets, nil).NewSealer(),
		labeler: classify.NewEngine(rules.set, rules.bindings, true).NewLabeler()}
	var label record.Label
	j.label(s, &label)
	return visible(inWords(&s.Draft.Exchange, &label, rules.set.Version(label.Rule))), nil
}

// Explain implements tui.ExplainSource. Of a success whose short row alone is
// kept there is nothing to explain.
func (s source) Explain(ctx context.Context, at queries.Place) (string, error) {
	if s.explain == nil {
		return "", nil
	}
	stored, err := s.StoredAt(ctx, at)
	if err != nil || stored == nil {
		return "", err
	}
	return s.explain(ctx, stored)
}

// Explain implements tui.ExplainSource.
func (l *lease) Explain(ctx context.Context, at queries.Place) (text string, err error) {
	err = l.use(ctx, func(src source) (err error) { text, err = src.Explain(ctx, at); return err })
	return text, err
}
