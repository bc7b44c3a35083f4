package analysis

import (
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// acknowledgedFactor is by how much a code must exceed what was acknowledged to
// have grown, and acknowledgedSlack how many failures more are no growth at all.
const (
	acknowledgedFactor = 1.5
	acknowledgedSlack  = 3
)

// codeKey is a code as it is acknowledged: in its category, since one that
// changes that is no longer what somebody knows of.
type codeKey struct {
	vendor, host, code, typ string // typ is "" where there is a code
	category                record.Category
}

func codeKeyOf(vendor, host, code, typ string, category record.Category) codeKey {
	if code != "" {
		typ = ""
	}
	return codeKey{vendor, host, code, typ, category}
}

// acknowledgement finds who knows of a code that failed so often in a span, nil
// where nobody does, or where it has grown.
func acknowledgement(list []queries.Acknowledgement, k codeKey, failures int64, span time.Duration) *queries.Acknowledgement {
	days := max(span.Hours()/24, 1)
	i := slices.IndexFunc(list, func(a queries.Acknowledgement) bool {
		return a.Covers(k.vendor, k.host, k.code, k.typ) && (a.Category == "" || a.Category == k.category) &&
			float64(failures) <= acknowledgedFactor*a.PerDay*days+acknowledgedSlack
	})
	if i < 0 {
		return nil
	}
	return &list[i]
}

// Acknowledge takes the changes away that somebody has acknowledged, and counts
// them, as long as they neither grew beyond what was acknowledged nor changed
// their category. span is the time that the changes were counted in.
func Acknowledge(c queries.Changes, list []queries.Acknowledgement, span time.Duration) queries.Changes {
	kept := slices.DeleteFunc(slices.Clone(c.List), func(x queries.Change) bool {
		return acknowledgement(list, codeKeyOf(x.Vendor, x.Host, x.Code, x.Type, x.Category), x.Failures, span) != nil
	})
	c.Acknowledged += int64(len(c.List) - len(kept))
	c.List = kept
	return c
}

// AcknowledgeGroups marks the groups that somebody has acknowledged, by the same
// rules. A code that stands in several groups counts as one.
func AcknowledgeGroups(groups []queries.FailureGroup, list []queries.Acknowledgement, span time.Duration) []queries.FailureGroup {
	if len(list) == 0 {
		return groups
	}
	failures := failuresByCode(groups)
	marked := slices.Clone(groups)
	for i := range marked {
		k := keyOfGroup(marked[i])
		marked[i].Acknowledged = acknowledgement(list, k, failures[k], span)
	}
	return marked
}

func keyOfGroup(g queries.FailureGroup) codeKey {
	return codeKeyOf(g.Vendor, g.Host, g.Code, g.Type, g.Category)
}

func failuresByCode(groups []queries.FailureGroup) map[codeKey]int64 {
	failures := map[codeKey]int64{}
	for _, g := range groups {
		failures[keyOfGroup(g)] += g.Failures
	}
	return failures
}

// ActiveAcknowledgements are those that have not run out at the time.
func ActiveAcknowledgements(list []queries.Acknowledgement, at time.Time) []queries.Acknowledgement {
	return slices.DeleteFunc(slices.Clone(list), func(a queries.Acknowledgement) bool {
		return strings.TrimSpace(a.Vendor) == "" || !a.Until.IsZero() && !at.Before(a.Until)
	})
}
