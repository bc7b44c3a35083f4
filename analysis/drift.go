package analysis

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// Drift makes one entry of the rows that say the same, and keeps those that were
// first seen at since or later; the zero time keeps all. Each entry's Sample has
// only its Place. The most frequent come first.
func Drift(rows []queries.DriftRow, since time.Time) []queries.Drift {
	type key struct {
		vendor, host string
		kind         queries.DriftKind
		value, typ   string
	}
	places := map[key]int{}
	var list []driftEntry
	for i := range rows {
		next := driftOf(&rows[i])
		k := key{next.Vendor, next.Host, next.Kind, next.Value, next.Type}
		at, known := places[k]
		if !known {
			places[k] = len(list)
			list = append(list, next)
			continue
		}
		list[at].join(&next)
	}
	out := make([]queries.Drift, 0, len(list))
	for i := range list {
		e := &list[i]
		if !since.IsZero() && e.First.Before(since) {
			continue
		}
		e.Statuses = e.byFrequency()
		out = append(out, e.Drift)
	}
	slices.SortFunc(out, func(a, b queries.Drift) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Type, b.Type))
	})
	return out
}

// driftEntry is an entry in the making.
type driftEntry struct {
	queries.Drift
	status map[int]int64
}

// driftOf says what a row is known by: the most telling that it has.
func driftOf(r *queries.DriftRow) driftEntry {
	e := driftEntry{Drift: queries.Drift{Vendor: r.Vendor, Host: r.Host, Category: r.Category, Failures: r.Failures, First: r.First, Last: r.Last,
		Message: Template(r.Message), Sample: queries.DriftSample{Place: r.Newest}}, status: map[int]int64{r.Status: r.Failures}}
	switch {
	case r.Code != "":
		e.Kind, e.Value, e.Type = queries.DriftCode, r.Code, r.Type
		if strings.ContainsAny(r.Code, "0123456789") && len(r.Code) >= hexBytesMin {
			e.Value = Template(r.Code)
		}
	case r.Type != "":
		e.Kind, e.Value = queries.DriftType, r.Type
	case r.Message != "":
		e.Kind, e.Value = queries.DriftMessage, e.Message
	case r.Body != "":
		e.Kind, e.Value = queries.DriftShape, Shape(r.Body)
	default:
		e.Kind, e.Value = queries.DriftStatus, "none"
		if r.Status != record.Absent {
			e.Value = strconv.Itoa(r.Status)
		}
	}
	return e
}

// join adds an entry that says the same; what can be shown once only is the
// newer one's.
func (e *driftEntry) join(o *driftEntry) {
	e.Failures += o.Failures
	if e.First.IsZero() || !o.First.IsZero() && o.First.Before(e.First) {
		e.First = o.First
	}
	if o.Last.After(e.Last) || o.Last.Equal(e.Last) && placeLess(e.Sample.Place, o.Sample.Place) {
		e.Last, e.Sample, e.Category = o.Last, o.Sample, o.Category
		if o.Message != "" {
			e.Message = o.Message
		}
	}
	if e.Message == "" {
		e.Message = o.Message
	}
	for s, n := range o.status {
		e.status[s] += n
	}
}

// placeLess compares two whole numbers that are written without leading zeros.
func placeLess(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

func (e *driftEntry) byFrequency() []int {
	var list []int
	for s := range e.status {
		if s != record.Absent {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(e.status[b], e.status[a]), cmp.Compare(a, b)) })
	return list
}
