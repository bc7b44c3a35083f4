package store

import (
	"context"
	"fmt"

	"github.com/errscope/errscope/queries"
)

// Evidence gives everything that a bundle of evidence is written from.
func (db *DB) Evidence(ctx context.Context, s queries.Selection) (e queries.Evidence, err error) {
	e.Selection = s
	of := func(limit int) args {
		a := args(s.Values())
		a["limit"], a["each"] = limit, queries.EvidenceEachMax
		return a
	}
	if e.Groups, err = ask[queries.EvidenceGroup](ctx, db, queries.EvidenceGroups, of(queries.EvidenceGroupsMax)); err != nil || len(e.Groups) == 0 {
		return e, err
	}
	if e.Accounts, err = ask[queries.EvidenceAccount](ctx, db, queries.EvidenceAccounts, of(0)); err != nil {
		return e, err
	}
	if e.Rows, err = ask[queries.EvidenceRow](ctx, db, queries.EvidenceRows, of(queries.EvidenceRowsMax)); err != nil {
		return e, err
	}
	if e.Samples, err = ask[queries.Exchange](ctx, db, queries.EvidenceSamples, of(queries.EvidenceSamplesMax)); err != nil {
		return e, err
	}
	if e.Windows, err = ask[queries.WindowRow](ctx, db, queries.EvidenceWindows, of(0)); err != nil {
		return e, err
	}
	if e.Sources, err = ask[queries.EvidenceSource](ctx, db, queries.EvidenceSources, of(0)); err != nil {
		return e, err
	}
	if e.Vendors, err = ask[queries.EvidenceVendor](ctx, db, queries.EvidenceVendors, nil); err != nil || len(e.Windows) == 0 {
		return e, err
	}
	e.Traffic, err = db.traffic(ctx, e.Windows)
	return e, err
}

// traffic counts the calls around outages.
func (db *DB) traffic(ctx context.Context, windows []queries.WindowRow) ([]queries.EvidenceTraffic, error) {
	var around queries.Selection
	for _, w := range windows {
		around.Windows = append(around.Windows, w.WindowID)
	}
	a := args{"windows": around.Values()["windows"], "slots": queries.EvidenceSlots}
	list, err := ask[queries.EvidenceTraffic](ctx, db, queries.EvidenceMinutes, a)
	if err != nil {
		return nil, fmt.Errorf("counting the calls around %d outages: %w", len(windows), err)
	}
	return list, nil
}
