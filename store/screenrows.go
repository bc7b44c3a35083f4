package store

import (
	"context"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// QuotaStanding tells how each allowance stands in the periods that a scope
// touches, at most [queries.StandingMax] of them, the newest periods.
func (db *DB) QuotaStanding(ctx context.Context, s queries.Scope) ([]queries.QuotaStanding, error) {
	a := scopeArgs(s)
	a["limit"] = queries.StandingMax
	return ask[queries.QuotaStanding](ctx, db, queries.QuotaStandings, a)
}

// QuotaCourse tells how an allowance was used up in one period, hour by hour.
func (db *DB) QuotaCourse(ctx context.Context, k queries.QuotaKey) ([]queries.QuotaHourUse, error) {
	return ask[queries.QuotaHourUse](ctx, db, queries.QuotaCourseOf, args{
		"q_vendor": k.Vendor, "q_host": k.Host, "q_account": k.Account, "q_name": k.Name, "period_start": nullTime(k.From), "limit": queries.StandingMax,
	})
}

// QuotaTraffic tells who called the vendor of an allowance in one period, and
// what the vendors' own words and the accounts known so far say of the calls.
func (db *DB) QuotaTraffic(ctx context.Context, k queries.QuotaKey) (rows []queries.QuotaTraffic, named []queries.QuotaNamed, only []queries.QuotaAccount, err error) {
	vendor := k.Vendor
	if vendor == record.VendorGeneric { // which the ledger says where no pack knows the vendor
		vendor = ""
	}
	a := args{"q_vendor": vendor, "q_host": k.Host, "since": nullTime(k.From), "until": nullTime(k.To), "limit": queries.StandingMax}
	if named, err = ask[queries.QuotaNamed](ctx, db, queries.QuotaNamedOf, a); err != nil {
		return nil, nil, nil, err
	}
	if only, err = ask[queries.QuotaAccount](ctx, db, queries.QuotaAccountOf, a); err != nil {
		return nil, nil, nil, err
	}
	rows, err = ask[queries.QuotaTraffic](ctx, db, queries.QuotaTrafficOf, a)
	return rows, named, only, err
}

// Outages gives the outages that a scope touches and the times when nobody was
// reached, at most [queries.StandingMax] of each, the newest. An outage has no
// account: that part of the scope is passed over.
func (db *DB) Outages(ctx context.Context, s queries.Scope) (list queries.OutageList, err error) {
	a := scopeArgs(s)
	a["limit"] = queries.StandingMax
	if list.Windows, err = ask[queries.OutageRow](ctx, db, queries.OutagesOf, a); err != nil {
		return list, err
	}
	if list.Local, err = ask[queries.LocalOutage](ctx, db, queries.OutagesLocalOf, a); err != nil {
		return list, err
	}
	last, err := ask[struct {
		Last time.Time `sql:"last"`
	}](ctx, db, queries.OutageLast, nil)
	if err == nil && len(last) > 0 {
		list.Last = last[0].Last
	}
	return list, err
}

// OutageCourse gives the traffic of what was down in spans of whole minutes.
// Spans without calls are left out.
func (db *DB) OutageCourse(ctx context.Context, k queries.OutageKey, stepMinutes int) ([]queries.OutageSpan, error) {
	return ask[queries.OutageSpan](ctx, db, queries.OutageCourseOf, outageArgs(k, args{
		"first_minute": minuteOf(k.From), "end_minute": endMinuteOf(k.To), "step_minutes": max(1, stepMinutes), "limit": queries.StandingMax,
	}))
}

const (
	// outageDayBefore is the span before an outage that the traffic is compared with.
	outageDayBefore = 24 * time.Hour
	// outageHourAround is how long before and after it answers are looked at.
	outageHourAround = time.Hour
)

// OutageEvidence tells what was around an outage: the other vendors, the routes,
// the answers before, during and after it. Of everybody there are no answers.
func (db *DB) OutageEvidence(ctx context.Context, k queries.OutageKey) (e queries.OutageEvidence, err error) {
	e.Traffic, err = ask[queries.OutageTraffic](ctx, db, queries.OutageAround, outageArgs(k, args{
		"before_minute": minuteOf(k.From.Add(-outageDayBefore)), "first_minute": minuteOf(k.From), "end_minute": endMinuteOf(k.To), "limit": queries.StandingMax,
	}))
	if err != nil || k.Vendor == "" {
		return e, err
	}
	e.Answers, err = ask[queries.OutageAnswers](ctx, db, queries.OutageAnswersOf, outageArgs(k, args{
		"since": k.From.UTC().Add(-outageHourAround), "started_at": k.From.UTC(), "ended_at": k.To.UTC(), "until": k.To.UTC().Add(outageHourAround),
	}))
	return e, err
}

// minuteOf is the minute of a time, since 1970; endMinuteOf is the first that
// begins at it or later.
func minuteOf(t time.Time) int64    { return t.Unix() / 60 }
func endMinuteOf(t time.Time) int64 { return minuteOf(t.Add(time.Minute - time.Nanosecond)) }

func outageArgs(k queries.OutageKey, a args) args {
	a["q_vendor"], a["q_host"], a["all_routes"], a["route"] = nullText(k.Vendor), k.Host, k.AllRoutes, k.Route
	return a
}
