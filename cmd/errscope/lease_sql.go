package main

import (
	"context"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui"
)

// savedReports are the users' reports as the SQL screen offers them.
func savedReports(own []userReport) []tui.SavedQuery {
	var list []tui.SavedQuery
	for _, r := range own {
		list = append(list, tui.SavedQuery{Name: r.name, SQL: r.raw})
	}
	return list
}

// Answer implements tui.SQLSource.
func (l *lease) Answer(ctx context.Context, sql string, s queries.Scope, limit int) (answer queries.Answer, err error) {
	err = l.use(ctx, func(src source) (err error) { answer, err = src.Answer(ctx, sql, s, limit); return err })
	return answer, err
}

// Tables implements tui.SQLSource.
func (l *lease) Tables(ctx context.Context) (columns []queries.TableColumn, err error) {
	err = l.use(ctx, func(src source) (err error) { columns, err = src.Tables(ctx); return err })
	return columns, err
}
