package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/errscope/errscope/cmd/errscope/secondlook"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// lookedAt lets what goes to a file be looked through for credentials on its way.
// Where one seems to be left the file does not appear, and the exit code is that
// of a gate. A stream of rows on standard output is not looked at by these rules: what
// is written there cannot be taken back, and it may be too long to hold. Reports are
// held, see [app.lastLook].
func lookedAt(ctx context.Context, name string, write func(io.Writer) error) func(io.Writer) error {
	if name == "" || name == "-" {
		return write
	}
	return func(out io.Writer) error {
		w, err := secondlook.NewWriter(ctx, out, filepath.Base(name))
		if err != nil {
			return err
		}
		if err := write(w); err != nil {
			return err
		}
		return w.Finish()
	}
}

// leftBehind makes a gate's refusal of what was found.
func leftBehind(err error) error {
	var found *secondlook.FoundError
	if !errors.As(err, &found) {
		return err
	}
	return gateError(fmt.Errorf("output refused: %w", found),
		"nothing was written; leave these rows out, or look at them on a terminal or with errscope sql, whose standard output is not refused")
}

// secondLook is what looks through the files of a bundle by rules that are not
// ours.
func secondLook(ctx context.Context) func(name string, text []byte) ([]string, error) {
	return func(name string, text []byte) ([]string, error) {
		found, err := secondlook.Look(ctx, name, text)
		places := make([]string, 0, len(found))
		for _, f := range found {
			places = append(places, fmt.Sprintf("%s line %d column %d (%s)", f.Name, f.Line, f.Column, f.Rule))
		}
		return places, err
	}
}

// columnLook looks through the texts of Parquet files, by our rules and by those
// that are not ours. Nothing in Parquet can be masked afterwards, so that what is
// found refuses it.
type columnLook struct {
	ctx    context.Context
	policy *record.Policy
	column string
	others *secondlook.Writer // of the column at hand
}

func (a *app) newColumnLook(ctx context.Context) *columnLook {
	return &columnLook{ctx: ctx, policy: a.exitMask(ctx)}
}

// See implements store.Look.
func (c *columnLook) See(column, text string) error {
	if c.others == nil || c.column != column {
		if err := c.Done(); err != nil {
			return err
		}
		w, err := secondlook.NewWriter(c.ctx, io.Discard, column)
		if err != nil {
			return err
		}
		c.column, c.others = column, w
	}
	if found := c.policy.Scan([]byte(text)); len(found) > 0 {
		return c.refused("by its " + found[0].Rule.String())
	}
	if _, err := io.WriteString(c.others, text); err != nil {
		return err
	}
	_, err := io.WriteString(c.others, "\n")
	return err
}

// Done implements store.Look.
func (c *columnLook) Done() error {
	if c.others == nil {
		return nil
	}
	err := c.others.Finish()
	c.others = nil
	var found *secondlook.FoundError
	if errors.As(err, &found) {
		return c.refused(found.Findings[0].Rule)
	}
	return err
}

func (c *columnLook) refused(rule string) error {
	return gateError(fmt.Errorf("output refused: what looks like a credential is left in column %s (%s)", visible(c.column), rule),
		"nothing was written; leave these rows out, or look at them with errscope sql, which masks again what our rules know")
}

// exportParquet writes the answer of a query to a file that the caller takes away
// where this fails.
func (a *app) exportParquet(ctx context.Context, db *store.DB, query, file string) error {
	_, err := db.ExportParquet(ctx, query, file, a.newColumnLook(ctx))
	return err
}
