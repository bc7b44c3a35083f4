package record

import "time"

// Category is what kind of failure it is. The set is closed (contract §2).
type Category string

// The categories.
const (
	Authentication  Category = "authentication"
	Permission      Category = "permission"
	Billing         Category = "billing"
	QuotaExhausted  Category = "quota"
	RateLimit       Category = "rate_limit"
	Validation      Category = "validation"
	NotFound        Category = "not_found"
	Conflict        Category = "conflict"
	State           Category = "state"
	Unsupported     Category = "unsupported"
	EndUser         Category = "end_user"
	Declined        Category = "declined"
	Server          Category = "server"
	Upstream        Category = "upstream"
	Unavailable     Category = "unavailable"
	Timeout         Category = "timeout"
	Edge            Category = "edge"
	UnknownCategory Category = "unknown"
)

// Retry says whether and how the call may be tried again. The set is closed.
type Retry string

// The retry values.
const (
	RetryNever             Retry = "never"
	RetryFixRequest        Retry = "fix_request"
	RetryFixAccount        Retry = "fix_account"
	RetryReauthenticate    Retry = "reauthenticate"
	RetryEndUserAction     Retry = "end_user_action"
	RetryNewIdempotencyKey Retry = "new_idempotency_key"
	RetryAfterReset        Retry = "after_reset"
	RetryNextPeriod        Retry = "next_period"
	RetryBackoffOnce       Retry = "backoff_once"
	RetryBackoff           Retry = "backoff"
	RetryWhenAvailable     Retry = "when_available"
	RetryAfterStateChange  Retry = "after_state_change"
	RetryUnknown           Retry = "unknown"
)

// Fault says who can remove the cause. The set is closed.
type Fault string

// The faults.
const (
	FaultCaller   Fault = "caller"
	FaultAccount  Fault = "account"
	FaultEndUser  Fault = "end_user"
	FaultVendor   Fault = "vendor"
	FaultUpstream Fault = "upstream"
	FaultResource Fault = "resource"
	FaultNone     Fault = "none"
	FaultUnknown  Fault = "unknown"
)

// Confidence says by what the label was found. The set is closed.
type Confidence string

// The levels of confidence, best first.
const (
	ConfidenceExact     Confidence = "exact"
	ConfidenceMessage   Confidence = "message"
	ConfidenceHint      Confidence = "hint"
	ConfidenceStatus    Confidence = "status"
	ConfidenceGeneric   Confidence = "generic"
	ConfidenceAmbiguous Confidence = "ambiguous"
)

// The vendors that are not a pack's name.
const (
	VendorGeneric = "generic" // only the envelope is known
	VendorUnknown = "unknown" // nothing is
)

// Categories, Retries, Faults and Confidences are the closed sets, in the
// order of the contract.
func Categories() []Category {
	return []Category{Authentication, Permission, Billing, QuotaExhausted, RateLimit, Validation, NotFound, Conflict,
		State, Unsupported, EndUser, Declined, Server, Upstream, Unavailable, Timeout, Edge, UnknownCategory}
}

// Retries is the closed set of retry values, in the order of the contract.
func Retries() []Retry {
	return []Retry{RetryNever, RetryFixRequest, RetryFixAccount, RetryReauthenticate, RetryEndUserAction,
		RetryNewIdempotencyKey, RetryAfterReset, RetryNextPeriod, RetryBackoffOnce, RetryBackoff,
		RetryWhenAvailable, RetryAfterStateChange, RetryUnknown}
}

// Faults is the closed set of faults, in the order of the contract.
func Faults() []Fault {
	return []Fault{FaultCaller, FaultAccount, FaultEndUser, FaultVendor, FaultUpstream, FaultResource, FaultNone, FaultUnknown}
}

// Confidences is the closed set of confidences, best first.
func Confidences() []Confidence {
	return []Confidence{ConfidenceExact, ConfidenceMessage, ConfidenceHint, ConfidenceStatus, ConfidenceGeneric, ConfidenceAmbiguous}
}

// IsOutage is the contract's rule for [Label.Outage].
func IsOutage(c Category, r Retry) bool {
	switch c {
	case Server, Upstream, Unavailable, Timeout, Edge:
		return r == RetryBackoff || r == RetryBackoffOnce || r == RetryWhenAvailable
	}
	return false
}

// Quota is what a response said about an allowance. Numbers are Absent where
// it said nothing.
type Quota struct {
	Name      string
	Tier      string
	Period    string // "2026-06", "2026-06-18"
	Limit     int64
	Used      int64
	Remaining int64
	ResetAt   time.Time // zero where not stated
	Basis     QuotaBasis
	Cost      int64 // what the call counts as, 0 where that is 1 or not known
}

// QuotaBasis says where the numbers of a [Quota] stood and what they count.
type QuotaBasis string

// The bases. A short window (seconds to an hour) is never an allowance.
const (
	QuotaInBody   QuotaBasis = "body"   // an allowance that body or message stated
	QuotaInHeader QuotaBasis = "header" // an allowance that headers stated
	QuotaRate     QuotaBasis = "rate"   // a short window
	// A capacity is full until somebody makes room; no period gives it back.
	QuotaCapacityInBody   QuotaBasis = "capacity_body"   // body or message stated it, or refused for it
	QuotaCapacityInHeader QuotaBasis = "capacity_header" // headers stated it
)

// Capacity reports whether the numbers are those of a capacity, and not of an
// allowance per period.
func (b QuotaBasis) Capacity() bool { return b == QuotaCapacityInBody || b == QuotaCapacityInHeader }

// Stands says where the numbers stood: body or header.
func (b QuotaBasis) Stands() QuotaBasis {
	switch b {
	case QuotaCapacityInBody:
		return QuotaInBody
	case QuotaCapacityInHeader:
		return QuotaInHeader
	}
	return b
}

// Stated reports whether the response said anything at all.
func (q *Quota) Stated() bool {
	return q.Limit >= 0 || q.Used >= 0 || q.Remaining >= 0 || !q.ResetAt.IsZero()
}

// Label is what was decided about one Record. The zero value of every field
// means "not stated", except Quota's numbers and RetryAfterS, which are Absent.
// Strings taken from the response are copies and outlive the record.
type Label struct {
	Failure        bool
	Benign         bool
	ContactSupport bool
	Outage         bool

	Vendor     string
	Category   Category
	Code       string // the vendor's own spelling, or the pack's slug
	Type       string
	Message    string // the vendor's words, masked
	Retry      Retry
	Fault      Fault
	Confidence Confidence
	Rule       string // "pack/rule"
	Action     string // one sentence of advice

	Status     int // wire status, Absent where not stated
	BodyStatus int // status in the body, 0 where none

	RetryAt     time.Time
	RetryAfterS float64 // seconds, Absent where not stated
	RetrySource string  // "header:retry-after", "body:…"

	// RequestID is the vendor's. It is "" where the call succeeded and had neither
	// headers nor a body: then only the record has it.
	RequestID string
	Quota     Quota

	Candidates []string // rules that fit, when Confidence is ambiguous
	Evidence   []string // filled only by an engine that was asked to explain
}

// Reset empties the label for the next record.
func (l *Label) Reset() {
	c, e := l.Candidates[:0], l.Evidence[:0]
	*l = Label{Status: Absent, RetryAfterS: Absent, Quota: Quota{Limit: Absent, Used: Absent, Remaining: Absent}, Candidates: c, Evidence: e}
}
