package queries

import (
	"encoding/json"
	"time"

	"github.com/errscope/errscope/record"
)

// Selection says which failures belong into a bundle of evidence. The zero
// Selection is every failure. What is set narrows it; of Windows, Groups and
// Exchanges it is enough to be in one.
type Selection struct {
	Since, Until time.Time // half-open, zero is open
	Vendor       string    // a pack's name, or the host where no pack knows it
	Codes        []string  // codes or types
	Categories   []record.Category
	RequestIDs   []string // the vendor's or ours
	Windows      []int64
	Groups       []SelectedGroup
	Exchanges    []SelectedExchange
	// SupportOnly drops what is not meant for the vendor's support.
	SupportOnly bool
}

// SelectedGroup is a group of failures within a span, open where zero.
type SelectedGroup struct {
	GroupKey
	Since, Until time.Time
}

// SelectedExchange names one row.
type SelectedExchange struct {
	SourceID     int64 `json:"source_id"`
	SourceOffset int64 `json:"source_offset"`
}

// Picking reports whether rows must be in a window, a group or an exchange that
// is named.
func (s Selection) Picking() bool {
	return len(s.Windows)+len(s.Groups)+len(s.Exchanges) > 0
}

// Values are those of the parameters of the evidence questions.
func (s Selection) Values() map[string]any {
	type group struct {
		Vendor   string `json:"vendor"`
		Host     string `json:"host"`
		Code     string `json:"code"`
		Type     string `json:"type"`
		Category string `json:"category"`
		Retry    string `json:"retry"`
		Status   int    `json:"status"`
		Rule     string `json:"rule"`
		Since    string `json:"since,omitempty"`
		Until    string `json:"until,omitempty"`
	}
	groups := make([]group, 0, len(s.Groups))
	for _, g := range s.Groups {
		groups = append(groups, group{g.Vendor, g.Host, g.Code, g.Type, string(g.Category), string(g.Retry), g.Status, g.Rule,
			instant(g.Since), instant(g.Until)})
	}
	v := map[string]any{"since": nil, "until": nil, "vendor": nil, "picking": s.Picking(), "support_only": s.SupportOnly,
		"codes": jsonList(s.Codes), "categories": jsonList(s.Categories), "request_ids": jsonList(s.RequestIDs),
		"windows": jsonList(s.Windows), "groups": jsonList(groups), "exchanges": jsonList(s.Exchanges)}
	if !s.Since.IsZero() {
		v["since"] = s.Since
	}
	if !s.Until.IsZero() {
		v["until"] = s.Until
	}
	if s.Vendor != "" {
		v["vendor"] = s.Vendor
	}
	return v
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05.999999")
}

// jsonList writes a list for SQL, nil where it is empty.
func jsonList[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		return nil // texts and numbers always marshal
	}
	return string(b)
}

// Evidence is everything that a bundle is written from.
type Evidence struct {
	Selection Selection
	Groups    []EvidenceGroup // at most EvidenceGroupsMax
	Accounts  []EvidenceAccount
	Rows      []EvidenceRow // at most EvidenceRowsMax
	Samples   []Exchange    // at most EvidenceSamplesMax; SourcePath is the source's content hash
	Windows   []WindowRow
	Traffic   []EvidenceTraffic
	Sources   []EvidenceSource
	Vendors   []EvidenceVendor
}

// Bounds of [Evidence].
const (
	EvidenceGroupsMax  = 5000
	EvidenceRowsMax    = 20000
	EvidenceSamplesMax = 200
	// EvidenceEachMax is how many of the newest, of the oldest and at the peak
	// are given of each code and endpoint.
	EvidenceEachMax = 2000
	// EvidenceSlots is into how many spans the traffic around an outage is cut.
	EvidenceSlots = 48
)

// EvidenceGroup counts selected failures of one code at one endpoint.
type EvidenceGroup struct {
	Vendor     string          `sql:"vendor"`
	Host       string          `sql:"host"` // "" where a pack knows the vendor
	Code       string          `sql:"code"`
	Type       string          `sql:"error_type"`
	Status     int             `sql:"status"` // 0 is no response, record.Absent is not stated
	Category   record.Category `sql:"category"`
	Retry      record.Retry    `sql:"retry"`
	Fault      record.Fault    `sql:"fault"`
	Rule       string          `sql:"rule"`
	Action     string          `sql:"action"`
	DocsURL    string          `sql:"docs_url"`
	Method     string          `sql:"method"`
	Route      string          `sql:"route"`
	Failures   int64           `sql:"failures"`
	ForSupport int64           `sql:"for_support"` // how many of them the vendor's support should see
	InOutage   int64           `sql:"in_outage"`
	RequestIDs int64           `sql:"request_ids"` // distinct
	First      time.Time       `sql:"first"`
	Last       time.Time       `sql:"last"`
	Of         int64           `sql:"of"` // groups there are, without the limit
}

// EvidenceAccount is an account of ours at one vendor.
type EvidenceAccount struct {
	Vendor   string    `sql:"vendor"`
	Host     string    `sql:"host"`
	Account  string    `sql:"account"` // its fingerprint, which goes into no bundle
	Failures int64     `sql:"failures"`
	First    time.Time `sql:"first"`
	Last     time.Time `sql:"last"`
}

// EvidenceRow is one selected failure, without its long texts.
type EvidenceRow struct {
	TS              time.Time       `sql:"ts"`
	Vendor          string          `sql:"vendor"`
	Host            string          `sql:"host"` // as it was called
	Method          string          `sql:"method"`
	Route           string          `sql:"route"`
	Path            string          `sql:"path"`
	Query           string          `sql:"query"`
	Status          int             `sql:"status,absent"`
	Category        record.Category `sql:"category"`
	Code            string          `sql:"code"`
	Type            string          `sql:"error_type"`
	RequestID       string          `sql:"request_id"`
	ClientRequestID string          `sql:"client_request_id"`
	TraceID         string          `sql:"trace_id"`
	DurationMS      float64         `sql:"duration_ms,absent"`
	Account         string          `sql:"account"`
	ForSupport      bool            `sql:"for_support"`
	WindowID        int64           `sql:"window_id"` // 0 where it lies in none
	SHA256          string          `sql:"sha256"`    // of the source
	SourceOffset    int64           `sql:"source_offset"`
}

// EvidenceTraffic counts the calls of one of EvidenceSlots equal spans around an
// outage.
type EvidenceTraffic struct {
	WindowID int64     `sql:"window_id"`
	Slot     int       `sql:"slot"`
	From     time.Time `sql:"from_ts"`
	To       time.Time `sql:"to_ts"`
	Calls    int64     `sql:"calls"`
	Failed   int64     `sql:"failed"`
}

// EvidenceSource is a source that selected failures stand in.
type EvidenceSource struct {
	Path     string `sql:"path"`
	Format   string `sql:"format"`
	SHA256   string `sql:"sha256"` // of the decompressed bytes
	Bytes    int64  `sql:"bytes"`  // decompressed
	Failures int64  `sql:"failures"`
}

// EvidenceVendor is what a vendor's support asks for.
type EvidenceVendor struct {
	Vendor        string `sql:"vendor"`
	SupportFields string `sql:"support_fields"`
	SupportURL    string `sql:"support_url"`
}
