package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
)

// limitRule is a limit that errscope.yaml states, for vendors that state none.
type limitRule struct {
	Vendor  string `yaml:"vendor"` // or host
	Host    string `yaml:"host"`   // where no pack knows the vendor
	Account string `yaml:"account"`
	Name    string `yaml:"name"`
	Limit   int64  `yaml:"limit"`
	Period  string `yaml:"period"`
	Zone    string `yaml:"zone"`
}

// quotaLimits checks the limits of the configuration.
func (f *configFile) quotaLimits() ([]queries.QuotaLimit, error) {
	var list []queries.QuotaLimit
	for _, l := range f.Limits {
		switch {
		case (l.Vendor == "") == (l.Host == ""):
			return nil, errors.New("a limit names a vendor, or a host where no pack knows the vendor")
		case l.Limit <= 0:
			return nil, fmt.Errorf("the limit of %s%s is %d, and must be more than 0", l.Vendor, l.Host, l.Limit)
		case l.Period == "second" || l.Period == "minute":
			return nil, fmt.Errorf("the limit of %s%s is one per %s: limits of so short a window are not configured, errscope reads them from the answers (headers and refusals)",
				l.Vendor, l.Host, l.Period)
		case !slices.Contains([]string{"", "hour", "day", "week", "month"}, l.Period):
			return nil, fmt.Errorf("the period of %s%s is %q, and may be hour, day, week or month", l.Vendor, l.Host, l.Period)
		}
		if _, err := time.LoadLocation(l.Zone); err != nil {
			return nil, fmt.Errorf("the zone of %s%s: %w", l.Vendor, l.Host, err)
		}
		list = append(list, queries.QuotaLimit{Vendor: l.Vendor, Host: l.Host, Account: l.Account, Name: l.Name, Limit: l.Limit, Every: l.Period, Zone: l.Zone})
	}
	return list, nil
}

// quotaLimits are the limits that the configuration states.
func (c *config) quotaLimits() []queries.QuotaLimit {
	if c == nil {
		return nil
	}
	return c.limits
}

// quotaRules are what is known of allowances without looking at any call.
func (a *app) quotaRules(rules *rules) store.QuotaRules {
	known := store.QuotaRules{Limits: a.config.quotaLimits()}
	for _, p := range rules.set.Packs() {
		l, ok := p.Ledger()
		if !ok {
			continue
		}
		next := queries.QuotaLedger{Vendor: l.Vendor, Every: l.Every, Zone: l.Zone, Counts: l.Counts}
		for _, r := range l.Routes {
			next.Routes = append(next.Routes, queries.QuotaRoute{Route: r.Route, Name: r.Name})
		}
		known.Ledgers = append(known.Ledgers, next)
	}
	return known
}

// countQuotas brings the quota ledger up to date.
func (a *app) countQuotas(ctx context.Context, db *store.DB, rules *rules) error {
	known := a.quotaRules(rules)
	return db.CountQuotas(ctx, known, store.QuotaWork{
		Calls: func(places []queries.QuotaPlace, named []queries.QuotaNamed, only []queries.QuotaAccount) []queries.QuotaCall {
			return analysis.QuotaCalls(places, named, only, known.Ledgers, known.Limits)
		},
		Resets: func(calls []queries.QuotaCall, from, to time.Time) []queries.QuotaReset {
			return analysis.QuotaResets(calls, known.Ledgers, known.Limits, from, to)
		},
		Status: func(hours []queries.QuotaHour, before []queries.QuotaStatus, from, asOf time.Time) ([]queries.QuotaStatus, []queries.QuotaPoint) {
			return analysis.Quotas(analysis.QuotaInput{Hours: hours, Ledgers: known.Ledgers, Limits: known.Limits, Before: before, From: from, AsOf: asOf})
		},
	})
}
