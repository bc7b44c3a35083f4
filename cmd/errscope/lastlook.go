package main

import (
	"bytes"
	"context"
	"io"

	"github.com/errscope/errscope/cmd/errscope/secondlook"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// lastLook makes a writer of what write writes, looked through once more for
// credentials. They were masked before they were stored, but by the rules of
// that day. What it masks it counts in a warning. What goes to standard output, name
// being "" or "-", is held until the rules that are not ours have looked, too; but on
// a terminal, where nothing leaves. A [secondlook.FoundError] comes before the first
// byte.
func (a *app) lastLook(ctx context.Context, name string, write func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		var finished bytes.Buffer
		err := write(&finished)
		clean, found := a.exitMask(ctx).Clean(finished.Bytes())
		if len(found) > 0 {
			a.warn("%s masked on the way out: load the logs anew, so that the database does not hold what looks like a credential", counted(int64(len(found)), "value"))
		}
		if (name == "" || name == "-") && !isTerminal(a.out) {
			found, wrong := secondlook.Look(ctx, "standard output", clean)
			if wrong == nil && len(found) > 0 {
				wrong = &secondlook.FoundError{Findings: found}
			}
			if wrong != nil {
				return wrong
			}
		}
		if _, wrong := w.Write(clean); wrong != nil {
			return wrong
		}
		return err
	}
}

// exitPolicy finds credentials on their way out, by the names of all packs.
func (a *app) exitPolicy(ctx context.Context) (*record.Policy, error) {
	rules, err := a.loadRules(ctx)
	if err != nil {
		return nil, err
	}
	return record.NewPolicy(rules.secrets, nil), nil
}

// exitMask is exitPolicy for what must come out all the same: where the user's
// packs cannot be read, the usual names must do.
func (a *app) exitMask(ctx context.Context) *record.Policy {
	policy, err := a.exitPolicy(ctx)
	if err != nil {
		a.warn("looking for credentials by the usual names only: %v", err)
		return record.NewPolicy(record.DefaultRules(), nil)
	}
	return policy
}

// cleanText takes credentials out of a message for people: an error may quote
// what somebody else sent.
func cleanText(s string) string {
	clean, _ := record.NewPolicy(record.DefaultRules(), nil).Clean([]byte(s))
	return string(clean)
}

// answerRows are the rows of a query, their texts looked through on the way out.
type answerRows struct {
	*store.Rows
	policy *record.Policy
}

// Next gives the next row; it lives until the next call.
func (r *answerRows) Next() ([]any, error) {
	row, err := r.Rows.Next()
	for i := range row {
		row[i] = r.clean(row[i])
	}
	return row, err
}

// clean looks at the texts in a value, at any depth.
func (r *answerRows) clean(v any) any {
	switch x := v.(type) {
	case string:
		if clean, found := r.policy.Clean([]byte(x)); len(found) > 0 {
			return string(clean)
		}
	case []any:
		for i := range x {
			x[i] = r.clean(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = r.clean(x[k])
		}
	}
	return v
}
