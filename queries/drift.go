package queries

import (
	"time"

	"github.com/errscope/errscope/record"
)

// DriftRow counts failures that no rule knows and that say the same, but for
// numbers and ids.
type DriftRow struct {
	Vendor   string          `sql:"vendor"`
	Host     string          `sql:"host"` // "" where Vendor is a pack's name
	Code     string          `sql:"code"`
	Type     string          `sql:"error_type"`
	Message  string          `sql:"message"`
	Body     string          `sql:"body"`          // the beginning of one, where nothing else was said
	Status   int             `sql:"status,absent"` // 0 is no response
	Category record.Category `sql:"category"`
	Failures int64           `sql:"failures"`
	First    time.Time       `sql:"first"`
	Last     time.Time       `sql:"last"`
	Newest   string          `sql:"newest"` // the place of one row, for DriftSample
	Kinds    int64           `sql:"kinds"`  // rows that there are, also beyond the limit
}

// DriftSample is one exchange that no rule knows.
type DriftSample struct {
	Place        string    `sql:"place"`
	TS           time.Time `sql:"ts"`
	Method       string    `sql:"method"`
	Host         string    `sql:"host"`
	Route        string    `sql:"route"`
	Status       int       `sql:"status,absent"` // record.Absent where NULL
	RequestID    string    `sql:"request_id"`
	Body         string    `sql:"body"` // its beginning
	SourceID     int64     `sql:"source_id"`
	SourceOffset int64     `sql:"source_offset"`
}

// DriftKind says by what an unknown failure is told from others.
type DriftKind string

// The kinds, the most telling first.
const (
	DriftCode    DriftKind = "code"
	DriftType    DriftKind = "type"
	DriftMessage DriftKind = "message"
	DriftShape   DriftKind = "shape"
	DriftStatus  DriftKind = "status" // nothing but a status that nobody explains
)

// Drift is one thing that vendors say and no rule knows.
type Drift struct {
	Vendor   string
	Host     string // "" where Vendor is a pack's name
	Kind     DriftKind
	Value    string // the code, the type, the message as a template, the shape, or the status
	Type     string // that came with a code
	Message  string // as a template, "" where none came
	Category record.Category
	Statuses []int // the most frequent first; 0 is no response
	Failures int64
	First    time.Time
	Last     time.Time
	Sample   DriftSample // the newest
}

// Drifts is the answer to what no rule knows.
type Drifts struct {
	List []Drift
	// LeftOut counts the rarest that were not looked at.
	LeftOut int64
}

// Limits of [Drifts]: what one question gives, and what is shown of it.
const (
	DriftRowsMax = 50_000
	DriftListMax = 500
)
