package analysis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/errscope/errscope/queries"
)

// QuotaUses tells who used one allowance: the calls of its vendor that belong to
// it, joined to it as [QuotaCalls] does for the ledger. The largest use comes
// first.
func QuotaUses(key queries.QuotaKey, traffic []queries.QuotaTraffic, named []queries.QuotaNamed, only []queries.QuotaAccount, ledgers []queries.QuotaLedger, limits []queries.QuotaLimit) []queries.QuotaUse {
	places := make([]queries.QuotaPlace, len(traffic))
	for i := range traffic {
		places[i] = traffic[i].QuotaPlace
	}
	calls := map[queries.QuotaPlace]queries.QuotaCall{}
	for _, c := range QuotaCalls(places, named, only, ledgers, limits) {
		calls[c.QuotaPlace] = c
	}
	type caller struct{ route, account, client string }
	sums := map[caller]*queries.QuotaUse{}
	for i := range traffic {
		t := &traffic[i]
		c, ok := calls[t.QuotaPlace]
		account := cmp.Or(t.Account, c.Account)
		if !ok || cmp.Or(t.Named, c.Name) != key.Name || account != key.Account {
			continue
		}
		k := caller{t.Route, account, t.Client}
		if sums[k] == nil {
			sums[k] = &queries.QuotaUse{Route: k.route, Account: k.account, Client: k.client}
		}
		u := sums[k]
		u.Calls, u.Refused, u.Failed = u.Calls+t.Calls, u.Refused+t.Refused, u.Failed+t.Failed
		if strings.Contains(c.Counts, ","+cmp.Or(t.Category, "success")+",") {
			u.Cost += max(t.Cost, 0)
		}
	}
	list := make([]queries.QuotaUse, 0, len(sums))
	for _, u := range sums {
		list = append(list, *u)
	}
	slices.SortFunc(list, func(a, b queries.QuotaUse) int {
		return cmp.Or(cmp.Compare(b.Cost, a.Cost), cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Route, b.Route), cmp.Compare(a.Client, b.Client))
	})
	return list
}
