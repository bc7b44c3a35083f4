package queries

import (
	"time"

	"github.com/errscope/errscope/record"
)

// BlameSlot counts the failures of one vendor that one party can remove, in one
// of [BlameSlots] equal spans.
type BlameSlot struct {
	Vendor   string       `sql:"vendor"`
	Host     string       `sql:"host"` // "" where a pack knows the vendor
	Fault    record.Fault `sql:"fault"`
	Slot     int64        `sql:"slot"`  // -1 where a row has no time
	Start    time.Time    `sql:"start"` // zero likewise
	Failures int64        `sql:"failures"`
}

// BlameSlots is into how many spans a scope is cut.
const BlameSlots = 24

// BlameSplit is how the failures of one vendor, or of one span of time, divide
// among the parties; the shares add up to 1000 ‰.
type BlameSplit struct {
	Vendor   string
	Host     string    // "" where a pack knows the vendor
	Start    time.Time // of a span, else zero
	Failures int64
	Parties  []BlameRow
}

// BlameSplits is the answer to whose the failures are.
type BlameSplits struct {
	Total   BlameSplit
	Vendors []BlameSplit // most failures first
	Spans   []BlameSplit // in order of time, without those that hold no failure
}
