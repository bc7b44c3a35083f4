package queries

import (
	"strconv"
	"time"

	"github.com/errscope/errscope/record"
)

// FaultTrend is a [FaultRow] with its course over the scope.
type FaultTrend struct {
	Fault    record.Fault    `sql:"fault"`
	Category record.Category `sql:"category"`
	Retry    record.Retry    `sql:"retry"`
	Failures int64           `sql:"failures"`
	Trend    []int64         `sql:"trend"` // failures in TrendBuckets equal spans of the scope
}

// RightNow is what the analysis says of a scope, and how the scope compares
// with the span of the same length before it.
type RightNow struct {
	Windows []WindowRow // the outages that the scope touches
	Quotas  []QuotaRow
	Trends  []FaultTrend
	// Before are the failures of the span before; they mean something only where
	// Compared says that the scope has a beginning and that calls came before it.
	Before   []FaultRow
	Compared bool
}

// VendorSlot counts the calls of one vendor in one of [VendorSlotsMax] equal
// spans of the scope, or the failures of one kind among them.
type VendorSlot struct {
	Vendor     string          `sql:"vendor"` // "" where no pack knows it
	Host       string          `sql:"host"`   // only there
	Slot       int64           `sql:"slot"`   // -1 where a row has no time, or lies outside
	Fault      record.Fault    `sql:"fault"`  // "" as the next two, where calls are counted
	Category   record.Category `sql:"category"`
	Retry      record.Retry    `sql:"retry"`
	Outage     bool            `sql:"outage"`
	Requests   int64           `sql:"requests"`
	Failures   int64           `sql:"failures"`
	RequestIDs int64           `sql:"request_ids"` // failures that carry one
	Last       time.Time       `sql:"last"`
}

// VendorSlotsMax is into how many spans a scope is cut for [VendorSlot].
const VendorSlotsMax = 96

// VendorCode is one of the codes that fail most with a vendor, or its worst
// route.
type VendorCode struct {
	Vendor   string `sql:"vendor"` // as in VendorSlot
	Host     string `sql:"host"`
	Part     string `sql:"part"` // VendorPartCode or VendorPartRoute
	Name     string `sql:"name"`
	Failures int64  `sql:"failures"`
	Place    int64  `sql:"place"` // from 1
}

// What a [VendorCode] names.
const (
	VendorPartCode  = "code"
	VendorPartRoute = "route"
)

// VendorCodesMax bounds the codes of one vendor.
const VendorCodesMax = 5

// VendorPack is the pack behind a vendor's labels.
type VendorPack struct {
	Vendor      string `sql:"vendor"`
	PackVersion string `sql:"pack_version"`
	SupportURL  string `sql:"support_url"`
}

// VendorBoard is everything that one look at the vendors wants.
type VendorBoard struct {
	Slots       []VendorSlot
	Codes       []VendorCode
	Packs       []VendorPack
	Windows     []WindowRow
	Quotas      []QuotaRow
	First, Last time.Time // the ends of the slots
}

// Reject is a line that could not be read.
type Reject struct {
	Path         string `sql:"path"`
	SourceID     int64  `sql:"source_id"`
	SourceOffset int64  `sql:"source_offset"` // in the decompressed bytes
	Line         int64  `sql:"line"`          // from 1
	Reason       string `sql:"reason"`
	Sample       string `sql:"sample"` // masked
}

// RejectsMax bounds the rejects that one question gives.
const RejectsMax = 10000

// Place is where an exchange stands in what was read. The two name it.
type Place struct {
	SourceID     int64 `sql:"source_id"`
	SourceOffset int64 `sql:"source_offset"`
}

// ExchangeLine is an exchange in short.
type ExchangeLine struct {
	Place
	TS         time.Time       `sql:"ts"`
	Method     string          `sql:"method"`
	Host       string          `sql:"host"`
	Route      string          `sql:"route"`
	Status     int             `sql:"status,absent"`
	Category   record.Category `sql:"category"`
	Code       string          `sql:"code"`
	Type       string          `sql:"error_type"`
	DurationMS float64         `sql:"duration_ms,absent"`
	Account    string          `sql:"account"`
	Client     string          `sql:"client"`
	RequestID  string          `sql:"request_id"`
	SourcePath string          `sql:"source_path"`
}

// ExchangesMax bounds the exchanges of one group that one question gives.
const ExchangesMax = 10000

// Neighbour is a call near another one: of the same request, or under the same
// trace or id.
type Neighbour struct {
	Place
	TS          time.Time       `sql:"ts"`
	Method      string          `sql:"method"`
	Host        string          `sql:"host"`
	Route       string          `sql:"route"`
	Status      int             `sql:"status,absent"`
	Category    record.Category `sql:"category"`
	Code        string          `sql:"code"`
	Type        string          `sql:"error_type"`
	Benign      bool            `sql:"benign"`
	DurationMS  float64         `sql:"duration_ms,absent"`
	RequestID   string          `sql:"request_id"`
	SameRequest bool            `sql:"same_request"`
	SameTrace   bool            `sql:"same_trace"`
}

// Failed reports whether the call counts as a failure.
func (n *Neighbour) Failed() bool { return n.Category != "" && !n.Benign }

const (
	// NeighboursAround is how far from an exchange its neighbours are looked for.
	NeighboursAround = 6 * time.Hour
	// NeighboursEachSide bounds them before it, and after it.
	NeighboursEachSide = 20
)

// NeighbourValues are the parameters of [NeighboursOf] for an exchange that has
// a time.
func (x *Exchange) NeighbourValues() map[string]any {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	var key any
	if x.RequestKey != 0 {
		key = strconv.FormatUint(x.RequestKey, 10)
	}
	return map[string]any{
		"ts": x.TS.UTC(), "first": x.TS.UTC().Add(-NeighboursAround), "last": x.TS.UTC().Add(NeighboursAround),
		"source": x.SourceID, "offset": x.SourceOffset, "request_key": key, "trace": text(x.TraceID), "client_id": text(x.ClientRequestID),
		"account": text(x.Account), "each_side": NeighboursEachSide,
	}
}
