package store

import (
	"context"

	"github.com/errscope/errscope/queries"
)

// RetryRows counts how failed calls of the scope were tried again; calls that
// cross its ends are cut there. Inbound rows enter nothing.
func (db *DB) RetryRows(ctx context.Context, s queries.Scope) ([]queries.RetryRow, error) {
	a := scopeArgs(s)
	a["limit"] = queries.RetryGroupsMax
	return ask[queries.RetryRow](ctx, db, queries.RetriesOf, a)
}

// LatencyRows measures vendors and routes, whole vendors first, then those with
// most requests, at most queries.LatencyRowsMax rows.
func (db *DB) LatencyRows(ctx context.Context, s queries.Scope) ([]queries.LatencyRow, error) {
	a := scopeArgs(s)
	a["limit"] = queries.LatencyRowsMax
	return ask[queries.LatencyRow](ctx, db, queries.LatencyOf, a)
}

// LatencyWindows measures the answers before the newest outages of the scope.
func (db *DB) LatencyWindows(ctx context.Context, s queries.Scope) ([]queries.LatencyWindow, error) {
	return ask[queries.LatencyWindow](ctx, db, queries.LatencyBefore, scopeArgs(s))
}
