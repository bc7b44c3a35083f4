package store

import (
	"maps"
	"time"
)

// wholeMinutesFrom is how long a slot must be for its edges to move to whole
// minutes, which are counted already; it moves by less than a tenth of its length.
const wholeMinutesFrom = 10 * time.Minute

// slotArgs adds the slots that the span from first to last, both included, is cut
// into. Every call is in one slot, and a slot holds what lies between its start
// and the next one's, whether its edges moved or not.
func slotArgs(a args, first, last time.Time, slots int) args {
	all := maps.Clone(a)
	all["first"], all["last"], all["slots"], all["cell_us"] = first.UTC(), last.UTC(), slots, int64(1)
	if last.Sub(first) >= time.Duration(slots)*wholeMinutesFrom {
		all["cell_us"] = time.Minute.Microseconds()
	}
	return all
}
