package queries

import (
	"time"

	"github.com/errscope/errscope/record"
)

// Scope narrows a question: half-open in time, and by vendor and account where
// set. The zero Scope is everything.
type Scope struct {
	Since, Until time.Time // zero is open
	Vendor       string
	Account      string
}

// Totals counts a scope. Requests are the outbound and callback exchanges, the
// denominator of every rate; Inbound stands beside them. Failures leave benign
// answers out (contract §5).
type Totals struct {
	Requests int64     `sql:"requests"`
	Failures int64     `sql:"failures"`
	Benign   int64     `sql:"benign"`
	Inbound  int64     `sql:"inbound"`
	Outage   int64     `sql:"outage"` // failures that speak of the vendor being down
	First    time.Time `sql:"first"`
	Last     time.Time `sql:"last"`
}

// Data says what the database holds and what could not be read.
type Data struct {
	Sources    int64 `sql:"sources"`
	Lines      int64 `sql:"lines"`
	Records    int64 `sql:"records"`
	Rejected   int64 `sql:"rejected"`
	Ignored    int64 `sql:"ignored"`
	Duplicates int64 `sql:"duplicates"`
}

// VendorRow is one vendor's line of the overview. Vendor is [record.VendorUnknown]
// or [record.VendorGeneric] where no pack knows the host; Host then names it,
// and is the host with most calls otherwise.
type VendorRow struct {
	Vendor        string    `sql:"vendor"`
	Host          string    `sql:"host"`
	Requests      int64     `sql:"requests"`
	Failures      int64     `sql:"failures"`
	Benign        int64     `sql:"benign"`
	Outage        int64     `sql:"outage"`
	TopCode       string    `sql:"top_code"`
	TopCategory   string    `sql:"top_category"`
	DurationMSP50 float64   `sql:"duration_ms_p50,nan"` // NaN where no duration was logged
	DurationMSP95 float64   `sql:"duration_ms_p95,nan"`
	Last          time.Time `sql:"last"`
}

// FaultRow counts the failures that one party can remove.
type FaultRow struct {
	Fault    record.Fault    `sql:"fault"`
	Category record.Category `sql:"category"`
	Retry    record.Retry    `sql:"retry"`
	Failures int64           `sql:"failures"`
}

// BlameRow is one party's part of all failures. The shares of one answer add up
// to 1000.
type BlameRow struct {
	Fault         record.Fault
	Failures      int64
	SharePermille int64
}

// Bucket counts a span of time that begins at Start.
type Bucket struct {
	Start    time.Time `sql:"start"`
	Requests int64     `sql:"requests"`
	Failures int64     `sql:"failures"`
}

// GroupKey names one group of failures: the same vendor, host where no pack
// knows the vendor, code (or type and status where there is no code), and rule.
type GroupKey struct {
	Vendor   string          `sql:"vendor"`
	Host     string          `sql:"host"` // "" where Vendor is a pack's name
	Code     string          `sql:"code"`
	Type     string          `sql:"error_type"`
	Category record.Category `sql:"category"`
	Retry    record.Retry    `sql:"retry"`
	Status   int             `sql:"status,absent"` // 0 is no response
	Rule     string          `sql:"rule"`
}

// FailureGroup is one line of the failures screen and report.
type FailureGroup struct {
	GroupKey
	Fault          record.Fault      `sql:"fault"`
	Confidence     record.Confidence `sql:"confidence"`
	Outage         bool              `sql:"outage"`
	ContactSupport bool              `sql:"contact_support"`
	Message        string            `sql:"message"` // of the newest, masked
	Action         string            `sql:"action"`  // the rule's advice
	DocsURL        string            `sql:"docs_url"`
	Failures       int64             `sql:"failures"`
	Routes         int64             `sql:"routes"`
	Route          string            `sql:"route"`       // the one with most failures
	RequestIDs     int64             `sql:"request_ids"` // how many carry one
	RequestID      string            `sql:"request_id"`  // the newest
	First          time.Time         `sql:"first"`
	Last           time.Time         `sql:"last"`
	RetryAt        time.Time         `sql:"retry_at"` // the latest that was stated, zero where none
	Trend          []int64           `sql:"trend"`    // failures in TrendBuckets equal spans of the scope
	// Acknowledged says who knows of it, nil where nobody does, or where it grew
	// or changed since. No question fills it.
	Acknowledged *Acknowledgement
}

// TrendBuckets is the length of [FailureGroup.Trend].
const TrendBuckets = 24

// Exchange is one stored row of requests, whole.
type Exchange struct {
	TS              time.Time         `sql:"ts"`
	Vendor          string            `sql:"vendor"`
	Host            string            `sql:"host"`
	Method          string            `sql:"method"`
	Route           string            `sql:"route"`
	Path            string            `sql:"path"`
	Query           string            `sql:"query"`
	Status          int               `sql:"status,absent"` // record.Absent where NULL
	BodyStatus      int               `sql:"body_status"`   // 0 where NULL
	Category        record.Category   `sql:"category"`
	Code            string            `sql:"code"`
	Type            string            `sql:"error_type"`
	Message         string            `sql:"message"`
	Retry           record.Retry      `sql:"retry"`
	RetryAt         time.Time         `sql:"retry_at"`
	RetryAfterS     float64           `sql:"retry_after_s,absent"` // record.Absent where NULL
	RetrySource     string            `sql:"retry_source"`
	Fault           record.Fault      `sql:"fault"`
	Benign          bool              `sql:"benign"`
	ContactSupport  bool              `sql:"contact_support"`
	Outage          bool              `sql:"outage"`
	Confidence      record.Confidence `sql:"confidence"`
	Rule            string            `sql:"rule"`
	Candidates      string            `sql:"candidates"`
	Action          string            `sql:"action"`
	DocsURL         string            `sql:"docs_url"`
	RequestID       string            `sql:"request_id"`
	ClientRequestID string            `sql:"client_request_id"`
	TraceID         string            `sql:"trace_id"`
	RequestKey      uint64            `sql:"request_key"`
	DurationMS      float64           `sql:"duration_ms,absent"` // record.Absent where NULL
	Bytes           int64             `sql:"bytes,absent"`       // record.Absent where NULL
	Client          string            `sql:"client"`
	UserAgent       string            `sql:"user_agent"`
	Account         string            `sql:"account"`
	Direction       record.Direction  `sql:"direction"`
	QuotaName       string            `sql:"quota_name"`
	QuotaLimit      int64             `sql:"quota_limit,absent"` // record.Absent where NULL, as the next two
	QuotaUsed       int64             `sql:"quota_used,absent"`
	QuotaRemaining  int64             `sql:"quota_remaining,absent"`
	QuotaResetAt    time.Time         `sql:"quota_reset_at"`
	Headers         string            `sql:"headers"` // JSON object of the response's headers, masked
	RequestHeaders  string            `sql:"request_headers"`
	Body            string            `sql:"body"`
	SourceID        int64             `sql:"source_id"`
	SourcePath      string            `sql:"source_path"`
	SourceOffset    int64             `sql:"source_offset"`
	OtherStatus     int               `sql:"other_status,absent"` // that another line states, record.Absent where none does
	AlsoAt          string            `sql:"also_at"`             // the other lines that tell of it, and by which key
}

// Overview answers: what is failing right now, whose is it, what was read.
type Overview struct {
	Totals  Totals
	Data    Data
	Vendors []VendorRow
	Faults  []FaultRow
	Blame   []BlameRow     // Faults by party; filled by analysis, not by the database
	Groups  []FailureGroup // the largest, at most OverviewGroupsMax
	Buckets []Bucket       // about 100 equal spans from First to Last
}

// OverviewSlots is how many spans [Overview.Buckets] are cut from.
const OverviewSlots = 100

// OverviewGroupsMax bounds [Overview.Groups].
const OverviewGroupsMax = 10

// GroupsMax bounds the groups that one question gives.
const GroupsMax = 10000
