package report

import (
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// EvidenceSchema names the layout of a bundle as JSON. Members may be added; a
// change of those that are there is another version.
const EvidenceSchema = "errscope.evidence/v1"

type jsonEvidence struct {
	Schema     string               `json:"schema"`
	Version    string               `json:"errscope_version,omitempty"`
	Selection  jsonSelection        `json:"selection"`
	Included   []Personal           `json:"included"`
	Redactions []jsonRedaction      `json:"redactions"`
	Vendors    []jsonPart           `json:"vendors"`
	Sources    []jsonEvidenceSource `json:"sources"`
}

type jsonSelection struct {
	Since       string            `json:"since,omitempty"`
	Until       string            `json:"until,omitempty"`
	Vendor      string            `json:"vendor,omitempty"`
	Codes       []string          `json:"codes,omitempty"`
	Categories  []record.Category `json:"categories,omitempty"`
	RequestIDs  []string          `json:"request_ids,omitempty"`
	Windows     []int64           `json:"windows,omitempty"`
	SupportOnly bool              `json:"support_only"`
	SQL         string            `json:"sql"`
}

type jsonRedaction struct {
	Kind   string `json:"kind"`
	Name   string `json:"name,omitempty"`
	Places int64  `json:"places"`
	Shown  bool   `json:"shown,omitempty"`
}

type jsonPart struct {
	Vendor        string        `json:"vendor"`
	SupportFields []string      `json:"support_fields"`
	SupportURL    string        `json:"support_url,omitempty"`
	Failures      int64         `json:"failures"`
	ForSupport    int64         `json:"for_support"`
	InOutage      int64         `json:"in_outage"`
	FirstTS       string        `json:"first_ts,omitempty"`
	LastTS        string        `json:"last_ts,omitempty"`
	ClockAheadS   *float64      `json:"vendor_clock_ahead_s,omitempty"`
	Accounts      []jsonAccount `json:"accounts"`
	Outages       []jsonWindow  `json:"outages"`
	Codes         []jsonKind    `json:"codes"`
	LookUp        []jsonCall    `json:"look_up"`
	Requests      []jsonCall    `json:"requests"`
	RequestsLeft  int64         `json:"requests_left_out"`
}

type jsonAccount struct {
	Account  int    `json:"account"`
	Failures int64  `json:"failures"`
	FirstTS  string `json:"first_ts,omitempty"`
	LastTS   string `json:"last_ts,omitempty"`
}

type jsonWindow struct {
	WindowID      int64         `json:"window_id"`
	Route         string        `json:"route,omitempty"`
	StartedAt     string        `json:"started_at"`
	EndedAt       string        `json:"ended_at,omitempty"`
	Requests      int64         `json:"requests"`
	Failures      int64         `json:"failures"`
	BaselineRatio *float64      `json:"baseline_ratio,omitempty"`
	PeakRatio     *float64      `json:"peak_ratio,omitempty"`
	PeakAt        string        `json:"peak_at,omitempty"`
	TopCode       string        `json:"top_code,omitempty"`
	Planned       bool          `json:"planned,omitempty"`
	Note          string        `json:"note,omitempty"`
	Traffic       []jsonTraffic `json:"traffic"`
}

type jsonTraffic struct {
	TS     string `json:"ts"`
	Calls  int64  `json:"calls"`
	Failed int64  `json:"failed"`
}

type jsonKind struct {
	Code       string          `json:"code,omitempty"`
	Type       string          `json:"type,omitempty"`
	Status     *int            `json:"status,omitempty"`
	Category   record.Category `json:"category"`
	Fault      record.Fault    `json:"fault,omitempty"`
	Failures   int64           `json:"failures"`
	ForSupport int64           `json:"for_support"`
	InOutage   int64           `json:"in_outage"`
	RequestIDs int64           `json:"request_ids"`
	FirstTS    string          `json:"first_ts,omitempty"`
	LastTS     string          `json:"last_ts,omitempty"`
	Message    string          `json:"message,omitempty"`
	Routes     []jsonRoute     `json:"routes"`
	Exchange   *harEntry       `json:"exchange,omitempty"`
}

type jsonRoute struct {
	Method   string `json:"method,omitempty"`
	Route    string `json:"route,omitempty"`
	Failures int64  `json:"failures"`
}

type jsonCall struct {
	TS              string          `json:"ts,omitempty"`
	RequestID       string          `json:"request_id,omitempty"`
	ClientRequestID string          `json:"client_request_id,omitempty"`
	TraceID         string          `json:"trace_id,omitempty"`
	Host            string          `json:"host,omitempty"`
	Method          string          `json:"method,omitempty"`
	Route           string          `json:"route,omitempty"`
	Path            string          `json:"path,omitempty"`
	Query           string          `json:"query,omitempty"`
	Status          *int            `json:"status,omitempty"`
	Category        record.Category `json:"category"`
	Code            string          `json:"code,omitempty"`
	Type            string          `json:"type,omitempty"`
	DurationMS      *float64        `json:"duration_ms,omitempty"`
	Account         int             `json:"account,omitempty"`
	ForSupport      bool            `json:"for_support"`
	WindowID        int64           `json:"outage_window_id,omitempty"`
	Which           string          `json:"which,omitempty"`
	SHA256          string          `json:"source_sha256,omitempty"`
	SourceOffset    int64           `json:"source_offset"`
}

type jsonEvidenceSource struct {
	Name     string `json:"name"`
	Format   string `json:"format"`
	SHA256   string `json:"sha256"`
	Bytes    int64  `json:"bytes"`
	Failures int64  `json:"failures"`
}

// json writes the whole bundle.
func (b *Bundle) json() ([]byte, error) {
	s := b.selection
	sql, err := selectionSQL(s)
	if err != nil {
		return nil, err
	}
	j := jsonEvidence{Schema: EvidenceSchema, Version: b.options.Version, Included: append([]Personal{}, b.options.Include...), Redactions: b.jsonRedactions(),
		Vendors: []jsonPart{}, Sources: []jsonEvidenceSource{},
		Selection: jsonSelection{Since: csvTime(s.Since), Until: csvTime(s.Until), Vendor: s.Vendor, Codes: s.Codes, Categories: s.Categories,
			RequestIDs: s.RequestIDs, Windows: s.Windows, SupportOnly: s.SupportOnly, SQL: sql}}
	for _, p := range b.parts {
		j.Vendors = append(j.Vendors, p.json())
	}
	for _, f := range b.sources {
		j.Sources = append(j.Sources, jsonEvidenceSource{f.Path, f.Format, f.SHA256, f.Bytes, f.Failures})
	}
	return indented(j)
}

func (b *Bundle) jsonRedactions() []jsonRedaction {
	list := []jsonRedaction{}
	for _, r := range b.Redactions() {
		list = append(list, jsonRedaction(r))
	}
	return list
}

func (p *part) json() jsonPart {
	j := jsonPart{Vendor: p.name, SupportFields: append([]string{}, p.fields...), SupportURL: p.url, Failures: p.failures, ForSupport: p.forSupport, InOutage: p.inOutage,
		FirstTS: csvTime(p.first), LastTS: csvTime(p.last), Accounts: []jsonAccount{}, Outages: []jsonWindow{}, Codes: []jsonKind{}, LookUp: jsonCalls(p.calls),
		Requests: jsonCalls(p.rows), RequestsLeft: p.unlisted}
	if p.clock.answers > 0 {
		ahead := p.clock.ahead.Seconds()
		j.ClockAheadS = &ahead
	}
	for _, a := range p.accounts {
		j.Accounts = append(j.Accounts, jsonAccount{a.number, a.failures, csvTime(a.first), csvTime(a.last)})
	}
	for _, w := range p.windows {
		j.Outages = append(j.Outages, w.json())
	}
	for _, k := range p.kinds {
		one := jsonKind{Code: k.Code, Type: k.Type, Status: stated(k.Status), Category: k.Category, Fault: k.Fault, Failures: k.Failures, ForSupport: k.ForSupport,
			InOutage: k.InOutage, RequestIDs: k.RequestIDs, FirstTS: csvTime(k.First), LastTS: csvTime(k.Last), Message: k.Message, Routes: []jsonRoute{}}
		for _, r := range k.Routes {
			one.Routes = append(one.Routes, jsonRoute(r))
		}
		if k.sample != nil {
			e := k.sample.har("")
			one.Exchange = &e
		}
		j.Codes = append(j.Codes, one)
	}
	return j
}

// stated is a status that was stated; 0 is no response.
func stated(code int) *int {
	if code < 0 {
		return nil
	}
	return &code
}

func (w window) json() jsonWindow {
	j := jsonWindow{WindowID: w.WindowID, Route: w.Route, StartedAt: csvTime(w.StartedAt), EndedAt: csvTime(w.EndedAt), Requests: w.Requests, Failures: w.Failures,
		PeakAt: csvTime(w.PeakAt), TopCode: w.TopCode, Planned: w.Planned, Note: w.Note, Traffic: []jsonTraffic{}}
	if w.BaselineRatio >= 0 { // not NaN
		j.BaselineRatio = &w.BaselineRatio
	}
	if w.PeakRatio >= 0 {
		j.PeakRatio = &w.PeakRatio
	}
	if w.from.IsZero() {
		return j
	}
	step := w.to.Sub(w.from) / queries.EvidenceSlots
	for i := range w.calls {
		at := w.from.Add(time.Duration(i) * step)
		j.Traffic = append(j.Traffic, jsonTraffic{csvTime(at.Truncate(time.Millisecond)), w.calls[i], w.failed[i]})
	}
	return j
}

func jsonCalls(list []call) []jsonCall {
	out := make([]jsonCall, 0, len(list))
	for _, c := range list {
		j := jsonCall{TS: csvTime(c.TS), RequestID: c.RequestID, ClientRequestID: c.ClientRequestID, TraceID: c.TraceID, Host: c.Host, Method: c.Method, Route: c.Route,
			Path: c.Path, Query: c.Query, Status: stated(c.Status), Category: c.Category, Code: c.Code, Type: c.Type, Account: c.account, ForSupport: c.ForSupport,
			WindowID: c.WindowID, Which: c.why, SHA256: c.SHA256, SourceOffset: c.SourceOffset}
		if c.DurationMS >= 0 {
			took := c.DurationMS
			j.DurationMS = &took
		}
		out = append(out, j)
	}
	return out
}
