package queries

import "time"

// StandingMax bounds the rows of one list of allowances or of outages, and the
// points of one course.
const StandingMax = 10000

// QuotaStanding is how an allowance stands in one period, for people.
type QuotaStanding struct {
	QuotaStatus
	// AccountNumber stands for the account: those of a vendor are counted as they
	// were seen first. It is 0 where no account shows.
	AccountNumber int64 `sql:"account_number"`
}

// QuotaKey names one allowance in one period.
type QuotaKey struct {
	Vendor  string
	Host    string // "" where a pack knows the vendor
	Account string
	Name    string
	From    time.Time // the period's start
	To      time.Time // its end, or the end of what is known
}

// QuotaHourUse is what was used of an allowance at the end of an hour.
type QuotaHourUse struct {
	Hour         time.Time `sql:"hour"`
	Used         int64     `sql:"used"`
	Limit        int64     `sql:"quota_limit,absent"`
	Refusals     int64     `sql:"refusals"` // in the hour
	FirstRefusal time.Time `sql:"first_refusal"`
}

// QuotaTraffic counts calls of one route, account, client and kind of answer.
type QuotaTraffic struct {
	QuotaPlace
	Account  string `sql:"account"`
	Client   string `sql:"client"`     // "" where not known, as of plain successes
	Category string `sql:"category"`   // success where there is none
	Named    string `sql:"quota_name"` // that the answers named
	Calls    int64  `sql:"calls"`
	Cost     int64  `sql:"cost"` // what the calls count as, if they count
	Refused  int64  `sql:"refused"`
	Failed   int64  `sql:"failed"`
}

// QuotaUse is who used an allowance.
type QuotaUse struct {
	Route   string
	Account string
	Client  string // "" where not known, as of plain successes
	Calls   int64
	Cost    int64 // what of it counts against the allowance
	Refused int64
	Failed  int64
}

// OutageRow is one outage and how it is known. Lists are JSON.
type OutageRow struct {
	WindowRow
	Score      float64 `sql:"score,nan"` // log-likelihood
	Codes      string  `sql:"codes"`     // [{"code":…,"rows":…}], the most frequent first
	Routes     string  `sql:"routes"`    // that failed
	RequestIDs string  `sql:"request_ids"`
	Unreached  int64   `sql:"unreached"`
	Why        string  `sql:"why"`
}

// LocalOutage is a time when nobody was reached.
type LocalOutage struct {
	WindowID  int64     `sql:"window_id"`
	StartedAt time.Time `sql:"started_at"`
	EndedAt   time.Time `sql:"ended_at"` // zero while it is open
	Vendors   string    `sql:"vendors"`  // JSON list
	Requests  int64     `sql:"requests"`
	Failures  int64     `sql:"failures"`
	Why       string    `sql:"why"`
}

// OutageList is all that was down.
type OutageList struct {
	Windows []OutageRow
	Local   []LocalOutage
	Last    time.Time // the minute of the newest call, zero where there is none
}

// OutageKey names what was down, and when. The zero Vendor is everybody.
type OutageKey struct {
	Vendor    string
	Host      string // "" where a pack knows the vendor
	Route     string
	AllRoutes bool
	From, To  time.Time
}

// OutageSpan is the traffic of some minutes.
type OutageSpan struct {
	Start  time.Time `sql:"start"`
	Calls  int64     `sql:"calls"`
	Failed int64     `sql:"failed"` // as in an outage
}

// OutageTraffic is the traffic of one vendor, or of one route of the vendor that
// was down, during an outage and in the day before.
type OutageTraffic struct {
	Vendor       string `sql:"vendor"`
	Host         string `sql:"host"`
	Route        string `sql:"place"`
	Own          bool   `sql:"own"` // of the vendor that was down
	Calls        int64  `sql:"calls"`
	Failed       int64  `sql:"failed"`
	CallsBefore  int64  `sql:"calls_before"`
	FailedBefore int64  `sql:"failed_before"`
}

// OutageAnswers are the answers of one phase: before, during or after.
type OutageAnswers struct {
	Phase         string    `sql:"phase"`
	Calls         int64     `sql:"calls"`
	Failed        int64     `sql:"failed"`
	DurationMSP50 float64   `sql:"duration_ms_p50,nan"` // of what did not fail
	DurationMSP95 float64   `sql:"duration_ms_p95,nan"`
	FirstWell     time.Time `sql:"first_well"`
	LastWell      time.Time `sql:"last_well"`
	Waits         int64     `sql:"waits"` // failures that named a wait
	WaitSP50      float64   `sql:"wait_s_p50,nan"`
}

// OutageEvidence is what was around an outage.
type OutageEvidence struct {
	Traffic []OutageTraffic
	Answers []OutageAnswers
}
