package classify

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// ledger is how a vendor counts calls against its allowances.
type ledger struct {
	stated bool
	every  string
	zone   string
	counts []string
	routes []ledgerRoute
}

type ledgerRoute struct {
	route, name string
	query       string // the parameter that lists the items of a batch
	field       string // the member of the request's body that does
}

// countsDefault is what costs where a pack does not say: what was answered.
const countsDefault = "success,not_found"

// countsSuccess stands for calls that did not fail.
const countsSuccess = "success"

func (c *compiler) ledger(f *ledgerFile, p *Pack) {
	if f == nil {
		return
	}
	p.ledger = ledger{stated: true, every: f.Every.s, zone: f.Zone.s, counts: values(f.Counts)}
	switch f.Every.s {
	case "", "hour", "day", "week", "month":
	default:
		c.bad.add(f.Every.at, "", "%q is no period, want hour, day, week or month", f.Every.s)
	}
	if _, err := time.LoadLocation(f.Zone.s); err != nil {
		c.bad.add(f.Zone.at, "a zone of the tz database, such as UTC or Europe/Berlin", "unknown zone %q", f.Zone.s)
	}
	for _, t := range f.Counts {
		if t.s != countsSuccess && !slices.Contains(record.Categories(), record.Category(t.s)) {
			c.bad.add(t.at, "success, or a category of the taxonomy", "%q is nothing that can count", t.s)
		}
	}
	for _, r := range f.Routes {
		next := ledgerRoute{route: trimRoute(r.Route), name: r.Name.s}
		switch kind, name, _ := strings.Cut(r.Per.s, ":"); {
		case r.Per.s == "":
		case kind == "query" && name != "":
			next.query = name
		case kind == "field" && name != "":
			next.field = name
		default:
			c.bad.add(r.Per.at, "write query:NAME or field:NAME", "unknown place of the items of a batch %q", r.Per.s)
		}
		p.ledger.routes = append(p.ledger.routes, next)
	}
}

// LedgerRoute joins the calls of a vendor to one of its allowances.
type LedgerRoute struct {
	Route string // segments that stand in a row in the path; "" is every route
	Name  string
}

// Ledger is how a vendor counts calls against its allowances.
type Ledger struct {
	Vendor string
	Every  string // "hour", "day", "week", "month" or "" where not known
	Zone   string // of the tz database, "" is UTC
	Counts string // "success" and categories, with a comma between
	Routes []LedgerRoute
}

// Ledger tells how the vendor counts; false where the pack does not say.
func (p *Pack) Ledger() (Ledger, bool) {
	l := Ledger{Vendor: p.name, Every: p.ledger.every, Zone: p.ledger.zone, Counts: countsDefault}
	if len(p.ledger.counts) > 0 {
		l.Counts = strings.Join(p.ledger.counts, ",")
	}
	for _, r := range p.ledger.routes {
		l.Routes = append(l.Routes, LedgerRoute{r.route, r.name})
	}
	return l, p.ledger.stated
}

// cost is what a call counts as: the items of a batch, or 0 where it is no
// batch or its items were not logged.
func (g *ledger) cost(r *record.Record) int64 {
	for i := range g.routes {
		route := &g.routes[i]
		if route.route != "" && !hasRoute(r.Path, route.route) {
			continue
		}
		n := int64(0)
		switch {
		case route.query != "":
			n = queryItems(r.Query, route.query)
		case route.field != "":
			n = bodyItems(r.RequestBody, route.field)
		}
		if n == 1 { // as any call
			n = 0
		}
		return n
	}
	return 0
}

// queryItems counts the values of a parameter, given again or with commas
// between.
func queryItems(query []byte, name string) int64 {
	n := int64(0)
	for len(query) > 0 {
		var pair []byte
		pair, query, _ = bytes.Cut(query, []byte("&"))
		key, value, _ := bytes.Cut(pair, []byte("="))
		if string(key) == name && len(value) > 0 {
			n += 1 + int64(bytes.Count(value, []byte(","))+bytes.Count(value, []byte("%2C"))+bytes.Count(value, []byte("%2c")))
		}
	}
	return n
}

// bodyItems counts the elements of a list in a request's body.
func bodyItems(body []byte, name string) int64 {
	n := int64(0)
	if jsonscan.KindOf(body) != jsonscan.ObjectKind {
		return 0
	}
	// A broken body counts as far as it can be read.
	_, _ = jsonscan.Object(body, func(key, value []byte, kind jsonscan.Kind) bool {
		if string(key) != name || kind != jsonscan.ArrayKind {
			return true
		}
		_, _ = jsonscan.Array(value, func(int, []byte, jsonscan.Kind) bool { n++; return true })
		return false
	})
	return n
}
