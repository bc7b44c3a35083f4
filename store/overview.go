package store

import (
	"context"

	"github.com/errscope/errscope/queries"
)

// Overview answers what is failing, whose it is and what was read, all as of
// one moment. An empty database gives an empty overview.
func (db *DB) Overview(ctx context.Context, s queries.Scope) (queries.Overview, error) {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return queries.Overview{}, err
	}
	defer end()
	var o queries.Overview
	err = inTx(ctx, db, "asking the overview of", func(tx transaction) error { return tx.overview(ctx, &o, s) })
	return o, err
}

func (tx transaction) overview(ctx context.Context, o *queries.Overview, s queries.Scope) error {
	a := scopeArgs(s)
	totals, err := askIn[queries.Totals](ctx, tx, queries.OverviewTotals, a)
	if err != nil {
		return err
	}
	data, err := askIn[queries.Data](ctx, tx, queries.OverviewData, a)
	if err != nil {
		return err
	}
	o.Totals, o.Data = totals[0], data[0]
	if o.Vendors, err = askIn[queries.VendorRow](ctx, tx, queries.OverviewVendors, a); err != nil {
		return err
	}
	if o.Faults, err = askIn[queries.FaultRow](ctx, tx, queries.OverviewFaults, a); err != nil {
		return err
	}
	if o.Groups, err = askIn[queries.FailureGroup](ctx, tx, queries.Failures, groupArgs(s, queries.OverviewGroupsMax)); err != nil {
		return err
	}
	if o.Totals.First.IsZero() { // there is no span to cut into buckets
		return nil
	}
	o.Buckets, err = askIn[queries.Bucket](ctx, tx, queries.OverviewBuckets, slotArgs(a, o.Totals.First, o.Totals.Last, queries.OverviewSlots))
	return err
}

// Failures groups the failures of the scope by vendor and code, the largest
// group first, at most queries.GroupsMax of them.
func (db *DB) Failures(ctx context.Context, s queries.Scope) ([]queries.FailureGroup, error) {
	return ask[queries.FailureGroup](ctx, db, queries.Failures, groupArgs(s, queries.GroupsMax))
}

func groupArgs(s queries.Scope, limit int) args {
	a := scopeArgs(s)
	a["slots"], a["limit"] = queries.TrendBuckets, limit
	return a
}

// Samples gives the newest exchanges of one group, at most limit.
func (db *DB) Samples(ctx context.Context, s queries.Scope, k queries.GroupKey, limit int) ([]queries.Exchange, error) {
	a := scopeArgs(s)
	a["g_vendor"], a["g_host"], a["g_code"], a["g_type"] = k.Vendor, k.Host, k.Code, k.Type
	a["g_category"], a["g_retry"], a["g_status"], a["g_rule"] = string(k.Category), string(k.Retry), k.Status, k.Rule
	a["limit"] = limit
	return ask[queries.Exchange](ctx, db, queries.Samples, a)
}
