package store

import (
	"context"

	"github.com/errscope/errscope/queries"
)

// BlameSlots counts each vendor's failures by who can remove them, in
// queries.BlameSlots equal spans of the scope.
func (db *DB) BlameSlots(ctx context.Context, s queries.Scope) ([]queries.BlameSlot, error) {
	a := scopeArgs(s)
	a["slots"] = queries.BlameSlots
	return ask[queries.BlameSlot](ctx, db, queries.BlameOf, a)
}

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
