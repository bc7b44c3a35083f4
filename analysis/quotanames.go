package analysis

import (
	"strings"

	"github.com/errscope/errscope/queries"
)

// countsAnyhow is what costs where no pack says it: what was answered.
const countsAnyhow = "success,not_found"

// QuotaCalls joins the places of the rows to allowances, and leaves out those of
// vendors of whose allowances nothing is known. What the vendor itself called
// the allowance of a route goes before what the pack calls it.
func QuotaCalls(places []queries.QuotaPlace, named []queries.QuotaNamed, only []queries.QuotaAccount, ledgers []queries.QuotaLedger, limits []queries.QuotaLimit) []queries.QuotaCall {
	type scope struct{ vendor, host string }
	type call struct {
		scope
		route string
	}
	tracked, names, packs := map[scope]bool{}, map[call]string{}, map[string]*queries.QuotaLedger{}
	for _, n := range named { // the most frequent name of a route comes first
		tracked[scope{n.Vendor, n.Host}] = true
		if k := (call{scope{n.Vendor, n.Host}, n.Route}); n.Name != "" && names[k] == "" {
			names[k] = n.Name
		}
	}
	accounts := map[scope]string{}
	for _, o := range only {
		accounts[scope{o.Vendor, o.Host}] = o.Account
	}
	for i := range ledgers {
		packs[ledgers[i].Vendor] = &ledgers[i]
		tracked[scope{ledgers[i].Vendor, ""}] = true
	}
	for _, l := range limits {
		tracked[scope{l.Vendor, l.Host}] = true
	}
	var out []queries.QuotaCall
	for _, p := range places {
		s := scope{p.Vendor, p.Host}
		if !tracked[s] {
			continue
		}
		next := queries.QuotaCall{QuotaPlace: p, Name: names[call{s, p.Route}], Counts: countsAnyhow, Account: accounts[s]}
		if l := packs[p.Vendor]; l != nil && p.Vendor != "" {
			next.Counts = l.Counts
			if next.Name == "" {
				next.Name = routeName(l, p.Route)
			}
		}
		if next.Name == "" {
			next.Name = onlyName(limits, p.Vendor, p.Host)
		}
		next.Counts = "," + next.Counts + ","
		out = append(out, next)
	}
	return out
}

// onlyName is the name of the limit that the configuration states for a vendor,
// where it states one alone.
func onlyName(limits []queries.QuotaLimit, vendor, host string) string {
	name := ""
	for _, l := range limits {
		if l.Vendor != vendor || l.Host != host || l.Name == "" {
			continue
		}
		if name != "" && name != l.Name {
			return ""
		}
		name = l.Name
	}
	return name
}

// routeName is the name that a pack gives to the allowance of a route.
func routeName(l *queries.QuotaLedger, route string) string {
	path := strings.ToLower(route) + "/"
	for _, r := range l.Routes {
		if r.Route == "" || strings.Contains(path, "/"+r.Route+"/") {
			return r.Name
		}
	}
	return ""
}
