package demo

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/errscope/errscope/record"
)

// Truth is what is in the files. Counts are plain sums: each exchange stands in
// one file only.
type Truth struct {
	About     string        `json:"about"`
	Seed      uint64        `json:"seed"`
	Start     string        `json:"start"`
	Days      int           `json:"days"`
	Scale     float64       `json:"scale"`
	Files     []FileTruth   `json:"files"`
	Vendors   []VendorTruth `json:"vendors"`
	Inbound   int64         `json:"inbound"` // calls to our own server, callbacks left out
	Callbacks CallbackTruth `json:"callbacks"`
	Outages   []OutageTruth `json:"outages"`
	Quotas    []QuotaTruth  `json:"quotas"`
	Secrets   []string      `json:"secrets"` // every planted value
}

// FileTruth counts one file. Lines are records + rejected + ignored; of a HAR
// file the lines are its entries.
type FileTruth struct {
	Path     string `json:"path"` // below logs
	Format   string `json:"format"`
	Lines    int64  `json:"lines"`
	Records  int64  `json:"records"`
	Rejected int64  `json:"rejected"`
	Ignored  int64  `json:"ignored"`
	Failures int64  `json:"failures"`
	Benign   int64  `json:"benign"`
	First    string `json:"first_ts,omitempty"`
	Last     string `json:"last_ts,omitempty"`

	first, last time.Time
}

// VendorTruth counts the calls of one vendor, callbacks included. The labels
// are those of a program that knows all vendors; where only a status is logged
// they are the vendor's status row.
type VendorTruth struct {
	Vendor     string           `json:"vendor"` // "generic" is known by its hosts
	Hosts      []string         `json:"hosts"`
	Requests   int64            `json:"requests"`
	Failures   int64            `json:"failures"` // without benign
	Benign     int64            `json:"benign"`
	Outage     int64            `json:"outage"`
	ByStatus   map[string]int64 `json:"by_status"` // failures, as all that follow
	ByCode     map[string]int64 `json:"by_code"`   // where one was sent or captured
	ByCategory map[string]int64 `json:"by_category"`
	ByRetry    map[string]int64 `json:"by_retry"`
	ByFault    map[string]int64 `json:"by_fault"`
	// RequestIDs are the first ids that came with failures; RequestIDCount is
	// how many there are.
	RequestIDs     []string `json:"request_ids,omitempty"`
	RequestIDCount int64    `json:"request_id_count"`
}

// CallbackTruth counts the redirects of Smartcar Connect to our server.
type CallbackTruth struct {
	Requests int64            `json:"requests"`
	Failures int64            `json:"failures"`
	ByError  map[string]int64 `json:"by_error"`
}

// OutageTruth is a span in which a vendor failed most calls.
type OutageTruth struct {
	Vendor    string   `json:"vendor"`
	Host      string   `json:"host"`
	Route     string   `json:"route,omitempty"` // absent: the whole vendor
	StartedAt string   `json:"started_at"`      // the vendor's own clock
	EndedAt   string   `json:"ended_at"`
	First     string   `json:"first_failure_at,omitempty"` // what the logs show
	Last      string   `json:"last_failure_at,omitempty"`
	Requests  int64    `json:"requests"`
	Failures  int64    `json:"failures"`
	Codes     []string `json:"codes"`

	in    window
	codes map[string]bool
}

// QuotaTruth is one period of an allowance.
type QuotaTruth struct {
	Vendor string `json:"vendor"`
	Host   string `json:"host"`
	Key    string `json:"key"` // the planted key that the account is known by
	Name   string `json:"name"`
	Limit  int64  `json:"limit"`
	period
}

// requestIDsMax bounds the ids that the truth lists for a vendor.
const requestIDsMax = 200

// ledger adds the truth up while files are written.
type ledger struct {
	files     []*FileTruth
	vendors   map[string]*VendorTruth
	inbound   int64
	callbacks CallbackTruth
	outages   []*OutageTruth
}

func newLedger() *ledger {
	l := &ledger{vendors: map[string]*VendorTruth{}, callbacks: CallbackTruth{ByError: map[string]int64{}}}
	for _, v := range vendors {
		l.vendors[v.name] = &VendorTruth{Vendor: v.name, Hosts: v.hosts, ByStatus: map[string]int64{}, ByCode: map[string]int64{},
			ByCategory: map[string]int64{}, ByRetry: map[string]int64{}, ByFault: map[string]int64{}}
	}
	return l
}

func (l *ledger) open(path, format string) *FileTruth {
	f := &FileTruth{Path: path, Format: format}
	l.files = append(l.files, f)
	return f
}

// stamp writes a time as the truth has it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (f *FileTruth) record(at time.Time) {
	f.Lines++
	f.Records++
	if f.first.IsZero() {
		f.first = at
	}
	f.last = at
}

// add counts a call to a vendor.
func (l *ledger) add(f *FileTruth, x *exchange) {
	f.record(x.at)
	v := l.vendors[x.vendor.name]
	v.Requests++
	for _, o := range l.outages {
		o.add(x)
	}
	if x.answer == nil {
		return
	}
	l.fail(f, v, x.answer, x.body != "")
	if x.id != "" && !x.answer.benign {
		if v.RequestIDCount++; len(v.RequestIDs) < requestIDsMax {
			v.RequestIDs = append(v.RequestIDs, x.id)
		}
	}
}

// fail counts the label of an answer.
func (l *ledger) fail(f *FileTruth, v *VendorTruth, a *answer, captured bool) {
	if a.benign {
		f.Benign++
		v.Benign++
		return
	}
	f.Failures++
	v.Failures++
	v.ByStatus[strconv.Itoa(a.status)]++
	v.ByCategory[string(a.category)]++
	v.ByRetry[string(a.retry)]++
	v.ByFault[string(a.fault)]++
	if captured && a.code != "" {
		v.ByCode[a.code]++
	}
	if record.IsOutage(a.category, a.retry) {
		v.Outage++
	}
}

// watch adds an outage to look for.
func (l *ledger) watch(vendor *vendor, route string, in window) {
	l.outages = append(l.outages, &OutageTruth{Vendor: vendor.name, Host: vendor.hosts[0], Route: route, in: in, codes: map[string]bool{},
		StartedAt: stamp(in.from), EndedAt: stamp(in.to)})
}

func (o *OutageTruth) add(x *exchange) {
	if x.vendor.name != o.Vendor || o.Route != "" && x.route.path != o.Route || !o.in.has(x.at) {
		return
	}
	o.Requests++
	if a := x.answer; a != nil && record.IsOutage(a.category, a.retry) {
		o.Failures++
		if o.First == "" || stamp(x.at) < o.First {
			o.First = stamp(x.at)
		}
		o.Last = max(o.Last, stamp(x.at))
		if x.body != "" && a.code != "" {
			o.codes[a.code] = true
		}
	}
}

// finish puts the truth together.
func (l *ledger) finish(p *plan) Truth {
	t := Truth{
		About: "What is in the files below logs. Each exchange stands in one file only, so counts are sums. " +
			"Nothing here is real: people, vehicles, keys and numbers are made up by seed.",
		Seed: p.seed, Start: stamp(p.start), Days: p.days, Scale: float64(p.permille) / 1000,
		Inbound: l.inbound, Callbacks: l.callbacks, Secrets: p.secrets.list()}
	for _, f := range l.files {
		if f.Records > 0 {
			f.First, f.Last = stamp(f.first), stamp(f.last)
		}
		t.Files = append(t.Files, *f)
	}
	for _, v := range vendors {
		t.Vendors = append(t.Vendors, *l.vendors[v.name])
	}
	for _, o := range l.outages {
		if o.Requests == 0 {
			continue
		}
		for code := range o.codes {
			o.Codes = append(o.Codes, code)
		}
		slices.Sort(o.Codes)
		t.Outages = append(t.Outages, *o)
	}
	slices.SortFunc(t.Outages, func(a, b OutageTruth) int { return cmp.Compare(a.StartedAt, b.StartedAt) })
	for _, q := range p.quota.periods {
		t.Quotas = append(t.Quotas, QuotaTruth{Vendor: carsxe.name, Host: carsxe.hosts[0], Key: p.secrets.carsxeFleet,
			Name: "market_value", Limit: p.quota.limit, period: *q})
	}
	slices.SortFunc(t.Quotas, func(a, b QuotaTruth) int { return cmp.Compare(a.Month, b.Month) })
	return t
}
