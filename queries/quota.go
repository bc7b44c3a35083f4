package queries

import "time"

// QuotaHour is what one hour of an allowance amounts to: its calls, and the first
// and the last word of the vendor in it. Texts are "" where not known, times zero.
type QuotaHour struct {
	Vendor        string    `sql:"vendor"` // "" where no pack knows it
	Host          string    `sql:"host"`   // only there
	Account       string    `sql:"account"`
	Name          string    `sql:"name"`
	Hour          time.Time `sql:"hour"`
	Counted       int64     `sql:"counted"` // what the calls cost
	FirstCall     time.Time `sql:"first_call"`
	LastCall      time.Time `sql:"last_call"`
	Refusals      int64     `sql:"refusals"`
	FirstRefusal  time.Time `sql:"first_refusal"`
	CallBefore    time.Time `sql:"call_before"` // the last that counts before FirstRefusal
	FirstStated   time.Time `sql:"first_stated"`
	FirstUsed     int64     `sql:"first_used,absent"`
	CountedFirst  int64     `sql:"counted_first"` // up to FirstStated
	LastStated    time.Time `sql:"last_stated"`
	LastUsed      int64     `sql:"last_used,absent"`
	CountedAfter  int64     `sql:"counted_after"` // after LastStated
	LastRemaining int64     `sql:"last_remaining,absent"`
	LimitStated   time.Time `sql:"limit_stated"`
	StatedLimit   int64     `sql:"stated_limit,absent"`
	StatedBasis   string    `sql:"stated_basis"` // body or header
	Period        string    `sql:"period"`       // as the vendor named it: 2026-06, 2026-06-18
	ResetFrom     time.Time `sql:"reset_from"`
	ResetTo       time.Time `sql:"reset_to"`
}

// QuotaStatus is how an allowance stands in one period.
type QuotaStatus struct {
	Vendor        string       `sql:"vendor"`
	Host          string       `sql:"host"` // "" where Vendor is a pack's name
	Account       string       `sql:"account"`
	Name          string       `sql:"name"`
	PeriodStart   time.Time    `sql:"period_start"`
	PeriodEnd     time.Time    `sql:"period_end"`
	Limit         int64        `sql:"quota_limit,absent"`
	Used          int64        `sql:"used,absent"`
	Remaining     int64        `sql:"remaining,absent"`
	BurnPerHour   float64      `sql:"burn_per_hour,nan"` // over 24 h
	ExhaustedAt   time.Time    `sql:"exhausted_at"`
	ProjectedAt   time.Time    `sql:"projected_exhaustion_at"`
	Basis         string       `sql:"basis"` // such as "limit: body, used: body and counted"
	Outlook       QuotaOutlook `sql:"outlook"`
	ProjectedFrom time.Time    `sql:"projected_exhaustion_from"` // one case in ten is earlier
	ProjectedTo   time.Time    `sql:"projected_exhaustion_to"`   // one in ten is later; zero where it then lasts
	AsOf          time.Time    `sql:"as_of"`                     // the newest call that was read
	BurnPerHour1h float64      `sql:"burn_per_hour_1h,nan"`
	BurnPerHour7d float64      `sql:"burn_per_hour_7d,nan"`
	Counted       int64        `sql:"counted"`
	Unexplained   int64        `sql:"unexplained"` // use that the vendor stated and no call explains
	Refusals      int64        `sql:"refusals"`
	LimitStatedAt time.Time    `sql:"limit_from"`
}

// QuotaOutlook says in a word how it goes on.
type QuotaOutlook string

// The outlooks.
const (
	QuotaRunsOut   QuotaOutlook = "runs_out"  // before the period ends
	QuotaLasts     QuotaOutlook = "lasts"     // until the period ends
	QuotaExhausted QuotaOutlook = "exhausted" // nothing is left
	QuotaOver      QuotaOutlook = "over"      // more is used than allowed, and nobody minds
	QuotaUnknown   QuotaOutlook = "unknown"   // no limit is known, or the period is yet to come by the newest call
	QuotaPast      QuotaOutlook = "past"      // the period is over
)

// QuotaPoint is the use at the end of one hour.
type QuotaPoint struct {
	Vendor      string    `sql:"vendor"`
	Host        string    `sql:"host"`
	Account     string    `sql:"account"`
	Name        string    `sql:"name"`
	PeriodStart time.Time `sql:"period_start"`
	Hour        time.Time `sql:"hour"`
	Used        int64     `sql:"used"`
	Limit       int64     `sql:"quota_limit,absent"`
	Basis       string    `sql:"basis"`
}

// QuotaLedger is how a vendor counts calls against its allowances.
type QuotaLedger struct {
	Vendor string
	Every  string // hour, day, week, month or "" where not known
	Zone   string // of the tz database, "" is UTC
	Counts string // "success" and categories, with a comma between
	Routes []QuotaRoute
}

// QuotaRoute joins calls to an allowance.
type QuotaRoute struct {
	Route string // segments that stand in a row in the path; "" is every route
	Name  string
}

// QuotaLimit is a limit that the configuration states.
type QuotaLimit struct {
	Vendor  string // or Host, where no pack knows the vendor
	Host    string
	Account string // "" is every account
	Name    string // "" is every quota of the vendor
	Limit   int64
	Every   string // as in QuotaLedger
	Zone    string
}

// QuotaNamed says that answers of a route spoke of an allowance.
type QuotaNamed struct {
	Vendor  string `sql:"vendor"`
	Host    string `sql:"host"`
	Route   string `sql:"route"`
	Name    string `sql:"name"`
	Answers int64  `sql:"answers"`
}

// QuotaReset is when a period of an allowance begins.
type QuotaReset struct {
	Vendor string // as in QuotaCall, as Host and Name
	Host   string
	Name   string
	At     time.Time
}

// QuotaPlace is a route of a host, as it stands in the rows.
type QuotaPlace struct {
	RawVendor string `sql:"raw_vendor"`
	RawHost   string `sql:"raw_host"`
	Route     string `sql:"route"`
	Vendor    string `sql:"vendor"` // "" where no pack knows it
	Host      string `sql:"host"`   // only there
}

// RatePressure is how hard the short windows of a vendor press on one route.
type RatePressure struct {
	Vendor              string    `sql:"vendor"`
	Host                string    `sql:"host"` // "" where Vendor is a pack's name
	Account             string    `sql:"account"`
	Route               string    `sql:"route"`
	Refused             int64     `sql:"refused"`
	Spans               int64     `sql:"spans"` // refusals less than five minutes apart are one
	LongestSpanS        int64     `sql:"longest_span_s"`
	SpansS              int64     `sql:"spans_s"`
	TopClient           string    `sql:"top_client"`
	LeastRemaining      int64     `sql:"least_remaining,absent"`
	LeastRemainingLimit int64     `sql:"least_remaining_limit,absent"`
	LongestWaitS        float64   `sql:"longest_wait_s,absent"`
	First               time.Time `sql:"first"`
	Last                time.Time `sql:"last"`
}

// QuotaCall is a place of the rows with the allowance to which its calls belong.
type QuotaCall struct {
	QuotaPlace
	Name   string // of the allowance, "" where nothing names it
	Counts string // what of it costs: "success" and categories, with a comma around each
	// Account is the account of calls that show none: where a vendor is called by
	// one alone, all are its.
	Account string
}

// QuotaAccount is the one account by which a vendor is called, as far as is known.
type QuotaAccount struct {
	Vendor  string `sql:"vendor"`
	Host    string `sql:"host"`
	Account string `sql:"account"`
}
