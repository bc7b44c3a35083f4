package report

import "github.com/errscope/errscope/record"

// faultWords says in plain words who can remove the cause.
var faultWords = map[record.Fault]string{
	record.FaultCaller:   "us (our request)",
	record.FaultAccount:  "us (our account)",
	record.FaultEndUser:  "the end user",
	record.FaultVendor:   "the vendor",
	record.FaultUpstream: "vendor's provider",
	record.FaultResource: "state of the thing",
	record.FaultNone:     "nobody",
	record.FaultUnknown:  "cannot be told",
}

// retryWords says in plain words whether and how to try again.
var retryWords = map[record.Retry]string{
	record.RetryNever:             "never",
	record.RetryFixRequest:        "after fixing the request",
	record.RetryFixAccount:        "after fixing the account",
	record.RetryReauthenticate:    "once, with a new token",
	record.RetryEndUserAction:     "after the end user acted",
	record.RetryNewIdempotencyKey: "with a new idempotency key",
	record.RetryAfterReset:        "after the stated wait",
	record.RetryNextPeriod:        "in the next quota period",
	record.RetryBackoffOnce:       "once, after a pause",
	record.RetryBackoff:           "with growing pauses",
	record.RetryWhenAvailable:     "when it is back",
	record.RetryAfterStateChange:  "when its state changed",
	record.RetryUnknown:           "cannot be told",
}

// categoryWords says in plain words what kind of failure it is.
var categoryWords = map[record.Category]string{
	record.Authentication:  "not let in",
	record.Permission:      "not allowed",
	record.Billing:         "billing or plan",
	record.QuotaExhausted:  "quota used up",
	record.RateLimit:       "too many calls",
	record.Validation:      "request is wrong",
	record.NotFound:        "not found",
	record.Conflict:        "conflict",
	record.State:           "wrong state",
	record.Unsupported:     "not supported",
	record.EndUser:         "end user must act",
	record.Declined:        "declined",
	record.Server:          "vendor failed",
	record.Upstream:        "provider failed",
	record.Unavailable:     "not available",
	record.Timeout:         "no answer in time",
	record.Edge:            "gateway or CDN",
	record.UnknownCategory: "unknown",
}

// say looks a closed value up; a value outside of its set stands as it is,
// made visible, for a database is a file that others may have written.
func say[K ~string](words map[K]string, k K) string {
	if w, ok := words[k]; ok {
		return w
	}
	return visible(string(k))
}

// urgency sorts failures by who should act, most urgent first.
type urgency int

const (
	urgentOutage urgency = iota
	urgentLimit
	urgentOurs
	urgentAccount
	urgentVendor
	urgentEndUser
	urgentState
	urgentUnknown
	urgencies
)

// urgencyWords heads each urgency and says what to do about it.
var urgencyWords = [urgencies]struct{ head, advice string }{
	urgentOutage:  {"The vendor looks down", "Retry with growing pauses, stop hammering, and look at the vendor's status page."},
	urgentLimit:   {"Limits, a quota used up or calls too fast", "Slow down, wait for the stated time or the next period, or raise the limit. Plain retries only make it worse."},
	urgentOurs:    {"Yours to fix, the request or how it is sent", "Change the call; the same call fails again."},
	urgentAccount: {"Your account with the vendor", "A person has to settle key, plan, billing or permission. Retries do not help."},
	urgentVendor:  {"The vendor's fault, but no outage", "Send the request ids to the vendor's support. Retries do not help."},
	urgentEndUser: {"The end users", "Ask the person concerned to link again, agree, or change a setting."},
	urgentState:   {"Nobody's fault, it is simply so", "Accept the answer, or try again when the thing addressed changed its state."},
	urgentUnknown: {"Cannot be told", "Nothing says whose fault it is. A pack for this vendor, or logs with response bodies, would tell."},
}

// urgencyOf decides what a failure asks for.
func urgencyOf(c record.Category, r record.Retry, f record.Fault) urgency {
	switch {
	case record.IsOutage(c, r):
		return urgentOutage
	case c == record.QuotaExhausted || c == record.RateLimit:
		return urgentLimit
	}
	switch f {
	case record.FaultCaller:
		return urgentOurs
	case record.FaultAccount:
		return urgentAccount
	case record.FaultVendor, record.FaultUpstream:
		return urgentVendor
	case record.FaultEndUser:
		return urgentEndUser
	case record.FaultResource, record.FaultNone:
		return urgentState
	}
	return urgentUnknown
}
