package store

import (
	"context"
	"time"

	"github.com/errscope/errscope/queries"
)

// Glance gives the totals and what was read, and nothing else of the overview.
func (db *DB) Glance(ctx context.Context, s queries.Scope) (queries.Overview, error) {
	var o queries.Overview
	totals, err := ask[queries.Totals](ctx, db, queries.OverviewTotals, scopeArgs(s))
	if err != nil {
		return o, err
	}
	data, err := ask[queries.Data](ctx, db, queries.OverviewData, nil)
	if err != nil {
		return o, err
	}
	o.Totals, o.Data = totals[0], data[0]
	return o, nil
}

// Vendors gives one row for each vendor, or host that no pack knows.
func (db *DB) Vendors(ctx context.Context, s queries.Scope) ([]queries.VendorRow, error) {
	return ask[queries.VendorRow](ctx, db, queries.OverviewVendors, scopeArgs(s))
}

// VendorFaults counts each vendor's failures by who can remove them.
func (db *DB) VendorFaults(ctx context.Context, s queries.Scope) ([]queries.VendorFault, error) {
	return ask[queries.VendorFault](ctx, db, queries.VendorFaults, scopeArgs(s))
}

// Quotas gives how each account stands with each quota, in the periods that
// the scope touches.
func (db *DB) Quotas(ctx context.Context, s queries.Scope) ([]queries.QuotaRow, error) {
	return ask[queries.QuotaRow](ctx, db, queries.Quotas, scopeArgs(s))
}

// QuotaCourses gives how the quotas of which a period runs were used up, in order.
func (db *DB) QuotaCourses(ctx context.Context, s queries.Scope) ([]queries.QuotaCourse, error) {
	return ask[queries.QuotaCourse](ctx, db, queries.QuotaCourses, scopeArgs(s))
}

// Windows gives the outages that the scope touches. An outage has no account:
// that part of the scope is passed over.
func (db *DB) Windows(ctx context.Context, s queries.Scope) ([]queries.WindowRow, error) {
	return ask[queries.WindowRow](ctx, db, queries.Windows, scopeArgs(s))
}

// LocalOutages gives the times when nobody was reached that the scope touches.
// They concern every vendor and account, whichever the scope names.
func (db *DB) LocalOutages(ctx context.Context, s queries.Scope) ([]queries.LocalOutageRow, error) {
	return ask[queries.LocalOutageRow](ctx, db, queries.LocalOutages, scopeArgs(s))
}

// GateRead tells what was read of the sources that the scope's time touches.
func (db *DB) GateRead(ctx context.Context, s queries.Scope) (queries.GateRead, error) {
	a := scopeArgs(s)
	rows, err := ask[queries.GateRead](ctx, db, queries.GateReads, args{"since": a["since"], "until": a["until"]})
	if err != nil {
		return queries.GateRead{}, err
	}
	return rows[0], nil
}

// GateParties gives all vendors and hosts that are known, in order.
func (db *DB) GateParties(ctx context.Context) ([]queries.GateParty, error) {
	return ask[queries.GateParty](ctx, db, queries.GateParties, nil)
}

// Support gives what the vendors' supports should be told.
func (db *DB) Support(ctx context.Context, s queries.Scope) ([]queries.SupportGroup, error) {
	return ask[queries.SupportGroup](ctx, db, queries.Support, scopeArgs(s))
}

// Accounting says what became of everything that was read.
func (db *DB) Accounting(ctx context.Context) (out queries.Accounting, err error) {
	if out.Sources, err = ask[queries.SourceRow](ctx, db, queries.SourcesRead, nil); err != nil {
		return out, err
	}
	if out.Rejects, err = ask[queries.RejectRow](ctx, db, queries.RejectReasons, nil); err != nil {
		return out, err
	}
	out.Fused, err = ask[queries.FusedRow](ctx, db, queries.FusedOf, nil)
	return out, err
}

// CodeChanges counts each code from the scope's beginning on and in the span of
// the same length before; the scope must have a beginning. Without an end the
// newest row ends it.
func (db *DB) CodeChanges(ctx context.Context, s queries.Scope, last time.Time) ([]queries.CodeChange, error) {
	end := s.Until
	if end.IsZero() {
		end = last
	}
	a := scopeArgs(s)
	a["before"] = nullTime(s.Since.Add(-max(end.Sub(s.Since), 0)))
	a["limit"] = queries.CodeChangesMax
	return ask[queries.CodeChange](ctx, db, queries.CodeChanges, a)
}
