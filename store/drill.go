package store

import (
	"context"

	"github.com/errscope/errscope/queries"
)

// RightNow gives what the analysis says of the scope, and the span before it
// where the scope has a beginning.
func (db *DB) RightNow(ctx context.Context, s queries.Scope) (queries.RightNow, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return queries.RightNow{}, err
	}
	defer end()
	var now queries.RightNow
	err = inTx(ctx, db, "asking what is going on of", func(tx transaction) error { return tx.rightNow(ctx, &now, s) })
	return now, err
}

func (tx transaction) rightNow(ctx context.Context, now *queries.RightNow, s queries.Scope) (err error) {
	a := scopeArgs(s)
	a["trend_slots"] = queries.TrendBuckets
	if now.Windows, err = askIn[queries.WindowRow](ctx, tx, queries.Windows, a); err != nil {
		return err
	}
	if now.Quotas, err = askIn[queries.QuotaRow](ctx, tx, queries.Quotas, a); err != nil {
		return err
	}
	if now.Trends, err = askIn[queries.FaultTrend](ctx, tx, queries.FaultTrends, a); err != nil || s.Since.IsZero() {
		return err
	}
	until := s.Until
	if until.IsZero() {
		totals, err := askIn[queries.Totals](ctx, tx, queries.OverviewTotals, a)
		if err != nil {
			return err
		}
		until = totals[0].Last
	}
	if !until.After(s.Since) {
		return nil
	}
	before := s
	before.Since, before.Until = s.Since.Add(-until.Sub(s.Since)), s.Since
	totals, err := askIn[queries.Totals](ctx, tx, queries.OverviewTotals, scopeArgs(before))
	if err != nil || totals[0].Requests == 0 {
		return err
	}
	now.Compared = true
	now.Before, err = askIn[queries.FaultRow](ctx, tx, queries.OverviewFaults, scopeArgs(before))
	return err
}

// VendorBoard gives everything that one look at the vendors wants.
func (db *DB) VendorBoard(ctx context.Context, s queries.Scope) (queries.VendorBoard, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return queries.VendorBoard{}, err
	}
	defer end()
	var b queries.VendorBoard
	err = inTx(ctx, db, "asking after the vendors of", func(tx transaction) error { return tx.vendorBoard(ctx, &b, s) })
	return b, err
}

func (tx transaction) vendorBoard(ctx context.Context, b *queries.VendorBoard, s queries.Scope) (err error) {
	a := scopeArgs(s)
	a["codes"] = queries.VendorCodesMax
	if b.Codes, err = askIn[queries.VendorCode](ctx, tx, queries.VendorCodes, a); err != nil {
		return err
	}
	if b.Packs, err = askIn[queries.VendorPack](ctx, tx, queries.VendorPacks, a); err != nil {
		return err
	}
	if b.Windows, err = askIn[queries.WindowRow](ctx, tx, queries.Windows, a); err != nil {
		return err
	}
	if b.Quotas, err = askIn[queries.QuotaRow](ctx, tx, queries.Quotas, a); err != nil {
		return err
	}
	if b.First, b.Last = s.Since, s.Until; b.First.IsZero() || b.Last.IsZero() {
		totals, err := askIn[queries.Totals](ctx, tx, queries.OverviewTotals, a)
		if err != nil {
			return err
		}
		if b.First.IsZero() {
			b.First = totals[0].First
		}
		if b.Last.IsZero() {
			b.Last = totals[0].Last
		}
	}
	if b.First.IsZero() || b.Last.IsZero() { // there is no span to cut
		return nil
	}
	b.Slots, err = askIn[queries.VendorSlot](ctx, tx, queries.VendorSlots, slotArgs(a, b.First, b.Last, queries.VendorSlotsMax))
	return err
}

// Rejects gives the lines that could not be read, at most queries.RejectsMax.
func (db *DB) Rejects(ctx context.Context) ([]queries.Reject, error) {
	return ask[queries.Reject](ctx, db, queries.RejectsRead, args{"limit": queries.RejectsMax})
}

// Exchanges gives the exchanges of one group, the newest first, at most
// queries.ExchangesMax.
func (db *DB) Exchanges(ctx context.Context, s queries.Scope, k queries.GroupKey) ([]queries.ExchangeLine, error) {
	a := scopeArgs(s)
	a["g_vendor"], a["g_host"], a["g_code"], a["g_type"] = k.Vendor, k.Host, k.Code, k.Type
	a["g_category"], a["g_retry"], a["g_status"], a["g_rule"] = string(k.Category), string(k.Retry), k.Status, k.Rule
	a["limit"] = queries.ExchangesMax
	return ask[queries.ExchangeLine](ctx, db, queries.ExchangesOf, a)
}

// Exchange gives the exchange at a place; there may be none any more.
func (db *DB) Exchange(ctx context.Context, at queries.Place) ([]queries.Exchange, error) {
	return ask[queries.Exchange](ctx, db, queries.ExchangeAt, args{"source": at.SourceID, "offset": at.SourceOffset})
}

// StoredAt gives what is kept of the exchange at a place, to be labelled anew;
// nil where only the short row is kept, or none.
func (db *DB) StoredAt(ctx context.Context, at queries.Place) (*Stored, error) {
	rows, err := ask[storedRow](ctx, db, queries.RelabelOne, args{"source": at.SourceID, "offset": at.SourceOffset})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	s := &Stored{}
	rows[0].fill(s)
	return s, nil
}

// Neighbours gives the calls of the same request, trace or id around an
// exchange, itself among them, in order of time. An exchange without a time has
// none.
func (db *DB) Neighbours(ctx context.Context, x queries.Exchange) ([]queries.Neighbour, error) {
	if x.TS.IsZero() {
		return nil, nil
	}
	return ask[queries.Neighbour](ctx, db, queries.NeighboursOf, x.NeighbourValues())
}
