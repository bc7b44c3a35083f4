package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf8"

	"github.com/errscope/errscope/queries"
)

// Schema names the version of the JSON. Members may be added, none changes its
// meaning.
const Schema = "errscope.report/v1"

type jsonReport struct {
	Schema       string            `json:"schema"`
	Report       string            `json:"report"`
	Title        string            `json:"title,omitempty"`
	GeneratedAt  string            `json:"generated_at,omitempty"`
	Scope        *jsonScope        `json:"scope,omitempty"`
	Totals       jsonTotals        `json:"totals"`
	Data         jsonData          `json:"data"`
	Vendors      []jsonVendor      `json:"vendors,omitempty"`
	Faults       []jsonFault       `json:"faults,omitempty"`
	Groups       []jsonGroup       `json:"groups"`
	Drift        []jsonDrift       `json:"drift,omitzero"`
	Buckets      []jsonBucket      `json:"buckets,omitempty"`
	VendorFaults []jsonVendorFault `json:"vendor_faults,omitzero"`
	Changes      []jsonChange      `json:"changes,omitzero"`
	Quotas       []jsonQuota       `json:"quotas,omitzero"`
	Outages      []jsonOutage      `json:"outages,omitzero"`
	LocalOutages []jsonLocalOutage `json:"local_outages,omitzero"`
	Support      []jsonSupport     `json:"support,omitzero"`
	Sources      []jsonSource      `json:"sources,omitzero"`
	Reasons      []jsonReason      `json:"reject_reasons,omitzero"`
	Fused        []jsonFused       `json:"fused,omitzero"`
	Blame        *jsonBlame        `json:"blame,omitempty"`
	Retries      *jsonRetries      `json:"retries,omitempty"`
	Latency      *jsonLatency      `json:"latency,omitempty"`
}

type jsonScope struct {
	Since   string `json:"since,omitempty"`
	Until   string `json:"until,omitempty"`
	Vendor  string `json:"vendor,omitempty"`
	Account string `json:"account,omitempty"`
}

type jsonTotals struct {
	Requests     int64    `json:"requests"`
	Failures     int64    `json:"failures"`
	FailureRatio *float64 `json:"failure_ratio,omitempty"`
	Benign       int64    `json:"benign"`
	Inbound      int64    `json:"inbound"`
	Outage       int64    `json:"outage"`
	FirstTS      string   `json:"first_ts,omitempty"`
	LastTS       string   `json:"last_ts,omitempty"`
}

type jsonData struct {
	Sources    int64 `json:"sources"`
	Lines      int64 `json:"lines"`
	Records    int64 `json:"records"`
	Rejected   int64 `json:"rejected"`
	Ignored    int64 `json:"ignored"`
	Duplicates int64 `json:"duplicates"`
}

type jsonVendor struct {
	Vendor        string   `json:"vendor"`
	Host          string   `json:"host,omitempty"`
	Requests      int64    `json:"requests"`
	Failures      int64    `json:"failures"`
	FailureRatio  *float64 `json:"failure_ratio,omitempty"`
	Benign        int64    `json:"benign"`
	Outage        int64    `json:"outage"`
	TopCode       string   `json:"top_code,omitempty"`
	TopCategory   string   `json:"top_category,omitempty"`
	DurationMSP50 *float64 `json:"duration_ms_p50,omitempty"`
	DurationMSP95 *float64 `json:"duration_ms_p95,omitempty"`
	LastTS        string   `json:"last_ts,omitempty"`
}

type jsonFault struct {
	Fault    string `json:"fault"`
	Category string `json:"category"`
	Retry    string `json:"retry"`
	Failures int64  `json:"failures"`
}

type jsonBucket struct {
	StartTS  string `json:"start_ts"`
	Requests int64  `json:"requests"`
	Failures int64  `json:"failures"`
}

type jsonGroup struct {
	Vendor         string  `json:"vendor"`
	Host           string  `json:"host,omitempty"`
	Code           string  `json:"code,omitempty"`
	Type           string  `json:"type,omitempty"`
	Status         *int    `json:"status,omitempty"`
	Category       string  `json:"category,omitempty"`
	Retry          string  `json:"retry,omitempty"`
	Fault          string  `json:"fault,omitempty"`
	Confidence     string  `json:"confidence,omitempty"`
	Rule           string  `json:"rule,omitempty"`
	Outage         bool    `json:"outage"`
	ContactSupport bool    `json:"contact_support"`
	Failures       int64   `json:"failures"`
	Routes         int64   `json:"routes"`
	Route          string  `json:"route,omitempty"`
	RequestIDs     int64   `json:"request_ids"`
	RequestID      string  `json:"request_id,omitempty"`
	FirstTS        string  `json:"first_ts,omitempty"`
	LastTS         string  `json:"last_ts,omitempty"`
	RetryAt        string  `json:"retry_at,omitempty"`
	Message        string  `json:"message,omitempty"`
	Action         string  `json:"action,omitempty"`
	DocsURL        string  `json:"docs_url,omitempty"`
	Trend          []int64 `json:"trend,omitempty"`
	// Acknowledged says who knows of it, until it grows or changes.
	Acknowledged *jsonAcknowledged `json:"acknowledged,omitempty"`
}

type jsonAcknowledged struct {
	PerDay float64 `json:"per_day"`
	Until  string  `json:"until,omitempty"`
	Note   string  `json:"note,omitempty"`
}

func writeJSON(w io.Writer, f findings) error {
	text, err := json.MarshalIndent(jsonOf(f), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(asciiControls(text), '\n'))
	return err
}

func jsonOf(f findings) jsonReport {
	o, t := f.overview, f.overview.Totals
	r := jsonReport{Schema: Schema, Report: f.report, Title: f.options.Title, GeneratedAt: csvTime(f.options.Now),
		Totals: jsonTotals{Requests: t.Requests, Failures: t.Failures, FailureRatio: ratio(t.Failures, t.Requests), Benign: t.Benign,
			Inbound: t.Inbound, Outage: t.Outage, FirstTS: csvTime(t.First), LastTS: csvTime(t.Last)},
		Data: jsonData(o.Data), Groups: []jsonGroup{}}
	if s := f.options.Scope; f.narrowed() {
		r.Scope = &jsonScope{Since: csvTime(s.Since), Until: csvTime(s.Until), Vendor: s.Vendor, Account: s.Account}
	}
	for _, g := range f.groups {
		r.Groups = append(r.Groups, jsonGroupOf(g))
	}
	if f.report == "drift" {
		r.Drift = f.jsonDrifts()
	}
	if p, ok := pageOf(f.report); ok {
		p.json(&f, &r)
	}
	if f.report != "overview" {
		return r
	}
	r.Vendors = jsonVendors(o.Vendors)
	for _, x := range o.Faults {
		r.Faults = append(r.Faults, jsonFault{string(x.Fault), string(x.Category), string(x.Retry), x.Failures})
	}
	for _, b := range o.Buckets {
		r.Buckets = append(r.Buckets, jsonBucket{csvTime(b.Start), b.Requests, b.Failures})
	}
	return r
}

func jsonVendors(rows []queries.VendorRow) []jsonVendor {
	var list []jsonVendor
	for _, v := range rows {
		list = append(list, jsonVendor{Vendor: v.Vendor, Host: v.Host, Requests: v.Requests, Failures: v.Failures,
			FailureRatio: ratio(v.Failures, v.Requests), Benign: v.Benign, Outage: v.Outage, TopCode: v.TopCode,
			TopCategory: v.TopCategory, DurationMSP50: number(v.DurationMSP50), DurationMSP95: number(v.DurationMSP95), LastTS: csvTime(v.Last)})
	}
	return list
}

func jsonGroupOf(g queries.FailureGroup) jsonGroup {
	j := jsonGroup{Vendor: g.Vendor, Host: g.Host, Code: g.Code, Type: g.Type, Category: string(g.Category), Retry: string(g.Retry),
		Fault: string(g.Fault), Confidence: string(g.Confidence), Rule: g.Rule, Outage: g.Outage, ContactSupport: g.ContactSupport,
		Failures: g.Failures, Routes: g.Routes, Route: g.Route, RequestIDs: g.RequestIDs, RequestID: g.RequestID,
		FirstTS: csvTime(g.First), LastTS: csvTime(g.Last), RetryAt: csvTime(g.RetryAt), Message: g.Message, Action: g.Action,
		DocsURL: g.DocsURL, Trend: g.Trend}
	if g.Status >= 0 {
		j.Status = &g.Status
	}
	if a := g.Acknowledged; a != nil {
		j.Acknowledged = &jsonAcknowledged{PerDay: a.PerDay, Note: a.Note}
		if !a.Until.IsZero() {
			j.Acknowledged.Until = a.Until.Format(time.DateOnly)
		}
	}
	return j
}

// ratio is part of whole with six digits, absent where there is no whole.
func ratio(part, whole int64) *float64 {
	if whole <= 0 {
		return nil
	}
	r := math.Round(float64(part)/float64(whole)*1e6) / 1e6
	return &r
}

// number is v, absent where it is NaN, infinite or record.Absent.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return nil
	}
	return &v
}

// asciiControls escapes the control and direction characters that JSON allows
// to stand as they are: the value stays the same, and a terminal stays calm.
// Such runes can only be inside of strings.
func asciiControls(text []byte) []byte {
	if utf8.Valid(text) && bytes.IndexFunc(text, steers) < 0 {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case !steers(r):
			out.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.Bytes()
}

// steers reports runes that could steer a terminal; line ends are JSON's own.
func steers(r rune) bool { return r >= 0x7f && hidden(r) }
