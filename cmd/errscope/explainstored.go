package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// storedExplainer says the label of a stored exchange in words.
type storedExplainer func(ctx context.Context, x queries.Exchange) (string, error)

// explainStored labels a stored exchange again by the rules of today. Its ids
// and secrets are masked already, so that a rule that reads them may not match.
func (a *app) explainStored(ctx context.Context, x queries.Exchange) (string, error) {
	rules, err := a.loadRules(ctx)
	if err != nil {
		return "", err
	}
	line, err := asClassified(&x)
	if err != nil {
		return "", err
	}
	c := newClassifier(rules)
	if _, err := c.read(line); err != nil {
		return "", fmt.Errorf("explaining %s at byte %d: %w", x.SourcePath, x.SourceOffset, err)
	}
	c.judge()
	return visible(inWords(&c.draft.Exchange, &c.label, c.set.Version(c.label.Rule))), nil
}

// asClassified writes an exchange as `errscope classify` reads it.
func asClassified(x *queries.Exchange) ([]byte, error) {
	in := map[string]any{"method": x.Method, "body": x.Body}
	if x.Status >= 0 {
		in["status"] = x.Status
	}
	if !x.TS.IsZero() {
		in["time"] = x.TS.UTC().Format(time.RFC3339Nano)
	}
	path := x.Path
	if path == "" {
		path = x.Route
	}
	if x.Query != "" {
		path += "?" + x.Query
	}
	if x.Host != "" {
		in["url"] = "https://" + x.Host + path
	}
	if x.Body == "" {
		delete(in, "body")
	}
	if known := x.Vendor; known != "" && known != "unknown" && known != "generic" {
		in["vendor"] = known
	}
	if headers := json.RawMessage(x.Headers); strings.HasPrefix(strings.TrimSpace(x.Headers), "{") && json.Valid(headers) {
		in["headers"] = headers
	}
	line, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("explaining %s at byte %d: %w", x.SourcePath, x.SourceOffset, err)
	}
	return line, nil
}

// Explain implements tui.ExplainSource.
func (s source) Explain(ctx context.Context, x queries.Exchange) (string, error) {
	if s.explain == nil {
		return "", nil
	}
	return s.explain(ctx, x)
}

// Explain implements tui.ExplainSource; it needs no database.
func (l *lease) Explain(ctx context.Context, x queries.Exchange) (string, error) {
	return l.like.Explain(ctx, x)
}
