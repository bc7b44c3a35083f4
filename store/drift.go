package store

import (
	"context"
	"strings"

	"github.com/errscope/errscope/queries"
)

// DriftRows gives the failures that no rule knows, the most frequent first, at
// most queries.DriftRowsMax rows. The beginning of the scope does not count:
// what is new is told by when it was first seen.
func (db *DB) DriftRows(ctx context.Context, s queries.Scope) ([]queries.DriftRow, error) {
	a := scopeArgs(s)
	a["limit"] = queries.DriftRowsMax
	return ask[queries.DriftRow](ctx, db, queries.DriftRows, a)
}

// DriftSamples gives the exchanges at the places that [DB.DriftRows] named.
func (db *DB) DriftSamples(ctx context.Context, places []string) ([]queries.DriftSample, error) {
	return ask[queries.DriftSample](ctx, db, queries.DriftSamples, args{"places": strings.Join(places, ",")})
}
