package analysis

import (
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// acknowledgedFactor is by how much a code must exceed what was acknowledged to
// have grown, and acknowledgedSlack how many failures more are no growth at all.
const (
	acknowledgedFactor = 1.5
	acknowledgedSlack  = 3
)

// Acknowledge takes the changes away that somebody has acknowledged, and counts
// them, as long as they neither grew beyond what was acknowledged nor changed
// their category. span is the time that the changes were counted in.
func Acknowledge(c queries.Changes, list []queries.Acknowledgement, span time.Duration) queries.Changes {
	days := max(span.Hours()/24, 1)
	kept := slices.DeleteFunc(slices.Clone(c.List), func(x queries.Change) bool {
		return slices.ContainsFunc(list, func(a queries.Acknowledgement) bool {
			return a.Covers(x.Vendor, x.Host, x.Code, x.Type) && (a.Category == "" || a.Category == x.Category) &&
				float64(x.Failures) <= acknowledgedFactor*a.PerDay*days+acknowledgedSlack
		})
	})
	c.Acknowledged += int64(len(c.List) - len(kept))
	c.List = kept
	return c
}

// ActiveAcknowledgements are those that have not run out at the time.
func ActiveAcknowledgements(list []queries.Acknowledgement, at time.Time) []queries.Acknowledgement {
	return slices.DeleteFunc(slices.Clone(list), func(a queries.Acknowledgement) bool {
		return strings.TrimSpace(a.Vendor) == "" || !a.Until.IsZero() && !at.Before(a.Until)
	})
}
