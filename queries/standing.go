package queries

import (
	"time"

	"github.com/errscope/errscope/record"
)

// VendorFault counts the failures of one vendor that one party can remove. Host
// is "" where a pack knows the vendor.
type VendorFault struct {
	Vendor   string          `sql:"vendor"`
	Host     string          `sql:"host"`
	Fault    record.Fault    `sql:"fault"`
	Category record.Category `sql:"category"`
	Failures int64           `sql:"failures"`
}

// QuotaRow is how one account stands with one quota in one period.
type QuotaRow struct {
	Vendor                string    `sql:"vendor"`
	Host                  string    `sql:"host"` // "" where a pack knows the vendor
	Account               string    `sql:"account"`
	Name                  string    `sql:"name"`
	PeriodStart           time.Time `sql:"period_start"`
	PeriodEnd             time.Time `sql:"period_end"`         // zero where the vendor states no end
	Limit                 int64     `sql:"quota_limit,absent"` // record.Absent where not known, as the next two
	Used                  int64     `sql:"used,absent"`
	Remaining             int64     `sql:"remaining,absent"`
	BurnPerHour           float64   `sql:"burn_per_hour,nan"`         // calls an hour, NaN where not known
	ExhaustedAt           time.Time `sql:"exhausted_at"`              // zero if never
	ProjectedExhaustionAt time.Time `sql:"projected_exhaustion_at"`   // zero where it lasts, or cannot be told
	EarliestExhaustionAt  time.Time `sql:"projected_exhaustion_from"` // one case in ten is earlier, zero where not known
	LatestExhaustionAt    time.Time `sql:"projected_exhaustion_to"`   // one in ten is later, zero where it then lasts
	AsOf                  time.Time `sql:"as_of"`                     // of the newest call that was counted, zero where not known
	Basis                 string    `sql:"basis"`                     // where limit and used came from
}

// QuotaCourse is a point of the way on which a quota is used up.
type QuotaCourse struct {
	Vendor      string    `sql:"vendor"`
	Host        string    `sql:"host"` // "" where a pack knows the vendor
	Account     string    `sql:"account"`
	Name        string    `sql:"name"`
	PeriodStart time.Time `sql:"period_start"`
	Hour        time.Time `sql:"hour"`
	Used        int64     `sql:"used"` // at the end of the hour
}

// QuotaCourseParts is into how many parts a period is cut; each has one point at most.
const QuotaCourseParts = 96

// WindowRow is one outage.
type WindowRow struct {
	WindowID      int64     `sql:"window_id"`
	Vendor        string    `sql:"vendor"`
	Host          string    `sql:"host"`
	Route         string    `sql:"route"` // "" is the whole vendor
	StartedAt     time.Time `sql:"started_at"`
	EndedAt       time.Time `sql:"ended_at"` // zero while it is open
	Requests      int64     `sql:"requests"`
	Failures      int64     `sql:"failures"`
	BaselineRatio float64   `sql:"baseline_ratio,nan"` // 0 to 1, NaN where not known
	PeakRatio     float64   `sql:"peak_ratio,nan"`     // likewise
	PeakAt        time.Time `sql:"peak_at"`
	TopCode       string    `sql:"top_code"`
	Accounts      int64     `sql:"accounts"`
	Planned       bool      `sql:"planned"` // lies in a maintenance that the configuration announced
	Note          string    `sql:"note"`    // what the configuration says of it
}

// LocalOutageRow is a time when nobody was reached: the fault was on our side of
// the network, or with something that all calls share.
type LocalOutageRow struct {
	WindowID  int64     `sql:"window_id"`
	StartedAt time.Time `sql:"started_at"`
	EndedAt   time.Time `sql:"ended_at"` // zero while it is open
	Vendors   string    `sql:"vendors"`  // JSON list of vendors, and of hosts that no pack knows
	Requests  int64     `sql:"requests"`
	Failures  int64     `sql:"failures"`
}

// GateRead is what was read of the sources that a scope touches.
type GateRead struct {
	Lines    int64     `sql:"lines"`
	Rejected int64     `sql:"rejected"`
	Newest   time.Time `sql:"newest"` // of all calls, zero where there are none
}

// GateParty is a vendor or host that is known.
type GateParty struct {
	Party string `sql:"party"`
}

// SupportGroup is what one vendor's support is told of one of its codes: failures
// that it asks to be told of, and those of its outages. Benign answers are none.
type SupportGroup struct {
	Vendor        string          `sql:"vendor"`
	Host          string          `sql:"host"` // "" where a pack knows the vendor
	Code          string          `sql:"code"`
	Type          string          `sql:"error_type"`
	Status        int             `sql:"status,absent"` // of the newest; 0 is no response
	Category      record.Category `sql:"category"`
	Message       string          `sql:"message"` // of the newest, masked
	Route         string          `sql:"route"`   // of the newest
	Routes        int64           `sql:"routes"`
	Failures      int64           `sql:"failures"`
	InOutage      int64           `sql:"in_outage"` // how many of them lie in an outage window
	RequestIDs    int64           `sql:"request_ids"`
	RequestID1    string          `sql:"request_id_1"` // the newest
	RequestID2    string          `sql:"request_id_2"`
	RequestID3    string          `sql:"request_id_3"`
	RequestIDOld  string          `sql:"request_id_oldest"` // "" where it is one of the three
	First         time.Time       `sql:"first"`
	Last          time.Time       `sql:"last"`
	SupportFields string          `sql:"support_fields"` // what the vendor's support asks for, with commas between
	SupportURL    string          `sql:"support_url"`
}

// CodeChange compares how often one code came in a scope with the span of the
// same length before it.
type CodeChange struct {
	Vendor         string          `sql:"vendor"`
	Host           string          `sql:"host"` // "" where a pack knows the vendor
	Code           string          `sql:"code"`
	Type           string          `sql:"error_type"`    // "" where there is a code
	Status         int             `sql:"status,absent"` // record.Absent where there is a code or type
	Category       record.Category `sql:"category"`
	Failures       int64           `sql:"failures"`
	FailuresBefore int64           `sql:"failures_before"`
	Requests       int64           `sql:"requests"`        // all calls of the vendor, or host
	RequestsBefore int64           `sql:"requests_before"` // likewise
	First          time.Time       `sql:"first"`           // ever
	Last           time.Time       `sql:"last"`
}

// ChangeKind says how a code changed.
type ChangeKind string

// The kinds of a change.
const (
	ChangeNew  ChangeKind = "new"  // never seen before the scope
	ChangeMore ChangeKind = "more" // a larger share of the calls, beyond chance
	ChangeLess ChangeKind = "less" // a smaller share, beyond chance
	ChangeGone ChangeKind = "gone" // not once in the scope, and not by chance
)

// Change is a code whose frequency changed.
type Change struct {
	CodeChange
	Kind ChangeKind
}

// Changes are the codes that changed from a span to the next.
type Changes struct {
	List []Change
	// NothingBefore says that the span before holds no call, so that every code
	// is new and none can be compared.
	NothingBefore bool
	// Acknowledged counts what changed and was left out, because somebody knows.
	Acknowledged int64
}

// CodeChangesMax bounds the codes that are compared.
const CodeChangesMax = 10000

// SourceRow says what became of the lines of one source.
type SourceRow struct {
	Path       string    `sql:"path"`
	Format     string    `sql:"format"`
	Lines      int64     `sql:"lines"`
	Records    int64     `sql:"records"`
	Rejected   int64     `sql:"rejected"`
	Ignored    int64     `sql:"ignored"`
	Duplicates int64     `sql:"duplicates"`
	Pruned     int64     `sql:"pruned"` // records whose rows went because of their age
	Bytes      int64     `sql:"bytes"`  // decompressed
	First      time.Time `sql:"first"`
	Last       time.Time `sql:"last"`
	Complete   bool      `sql:"complete"` // to its end
	Error      string    `sql:"error"`    // why not
}

// RejectRow counts the lines that could not be read for one reason.
type RejectRow struct {
	Reason  string `sql:"reason"`
	Rejects int64  `sql:"rejects"` // of those that are kept one by one
	Sources int64  `sql:"sources"`
	Path    string `sql:"path"` // of the first
	Line    int64  `sql:"line"` // from 1
}

// The states of a [FusedRow].
const (
	FusedLines  = "fused"  // one row of requests with another line
	FusedApart  = "apart"  // it is not certain with which
	FusedStatus = "status" // fused, but the two state different statuses
)

// FusedRow counts the lines that tell of an exchange that a line of another
// source tells of, too.
type FusedRow struct {
	State  string `sql:"state"`
	Key    string `sql:"key"` // by which they were found
	Lines  int64  `sql:"lines"`
	Path   string `sql:"path"`          // of the first
	Offset int64  `sql:"source_offset"` // bytes
}

// Accounting is what became of everything that was read.
type Accounting struct {
	Sources []SourceRow
	Rejects []RejectRow
	Fused   []FusedRow
}
