package queries

import (
	"time"

	"github.com/errscope/errscope/record"
)

// RetrySection says what a [RetryRow] is about.
type RetrySection string

// The sections of the answer to what was tried again.
const (
	RetryTotal  RetrySection = "total"
	RetryVendor RetrySection = "vendor"
	RetryGroup  RetrySection = "group"  // one code of one route
	RetryMinute RetrySection = "minute" // a minute with many retries
	RetryChain  RetrySection = "chain"  // one call, of those with most attempts
)

// RetryRow counts calls that failed at least once, and their attempts. An
// attempt belongs to the call before it where it is the same request of the same
// account, begun after a failure, and shares its trace or id, or comes too soon
// to be chance. Code to Route are those of the first failure.
type RetryRow struct {
	Section      RetrySection    `sql:"section"`
	Vendor       string          `sql:"vendor"`
	Host         string          `sql:"host"` // "" where Vendor is a pack's name
	Code         string          `sql:"code"`
	Type         string          `sql:"error_type"`
	Status       int             `sql:"status,absent"` // record.Absent where not stated; 0 is no response
	Category     record.Category `sql:"category"`
	Retry        record.Retry    `sql:"retry"`
	Method       string          `sql:"method"`
	Route        string          `sql:"route"`
	Calls        int64           `sql:"calls"`
	Attempts     int64           `sql:"attempts"`
	Retries      int64           `sql:"retries"`   // attempts but the first
	Useless      int64           `sql:"useless"`   // retries after a failure that no repetition cures
	Helped       int64           `sql:"helped"`    // of those, successes: then the label is in doubt
	Early        int64           `sql:"early"`     // retries before the time that the vendor stated
	Counted      int64           `sql:"counted"`   // retries to a vendor with a quota: at most so many were burnt
	Recovered    int64           `sql:"recovered"` // calls that came through in the end
	GivenUp      int64           `sql:"given_up"`  // calls that failed after retries, though one more may help
	Abandoned    int64           `sql:"abandoned"` // likewise, but never tried again
	Untold       int64           `sql:"untold"`    // failures of requests that are sent too often to tell
	RecoverySP50 float64         `sql:"recovery_s_p50,nan"`
	RecoverySMax float64         `sql:"recovery_s_max,nan"`
	AttemptsMax  int64           `sql:"attempts_max"`
	First        time.Time       `sql:"first"`
	Last         time.Time       `sql:"last"`
	SourceID     int64           `sql:"source_id,absent"` // of the first failure, in chains only
	SourceOffset int64           `sql:"source_offset,absent"`
}

// RetryStorm is a time in which a vendor got mostly retries.
type RetryStorm struct {
	Vendor        string
	Host          string // "" where Vendor is a pack's name
	First, Last   time.Time
	Calls         int64 // that failed for the first time then
	Retries       int64 // that failed, too
	PeakPerMinute int64
}

// Retries is the answer to how failed calls were tried again.
type Retries struct {
	Total   RetryRow // zero where no call failed
	Vendors []RetryRow
	Groups  []RetryRow // at most RetryGroupsMax
	Chains  []RetryRow // those with most attempts
	Storms  []RetryStorm
}

// RetryGroupsMax bounds [Retries.Groups].
const RetryGroupsMax = 1000
