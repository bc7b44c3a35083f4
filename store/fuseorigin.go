package store

import (
	"context"
	"database/sql/driver"
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// endOfTime is later than any line.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// wholeSources chooses all lines of all sources.
var wholeSources = args{"first_source": int64(0), "last_source": int64(math.MaxInt64), "from_offset": int64(0)}

// fuseOrigins says which sources are pieces of one log.
type fuseOrigins struct {
	sources []queries.FuseSource
	at      map[int64]int // where a source stands in sources
	origin  []int64       // of each source: a number by name, so that it does not tell in what order they came
	format  []int64
	lead    []int64 // the first source of the same log
	ids     []int64 // the kinds of ids that all of its lines tell
	large   int64   // the origin with the most lines
}

// newFuseOrigins numbers the origins and says whether there are several with lines.
func newFuseOrigins(sources []queries.FuseSource, name func(path, format, own string) string) (o fuseOrigins, many bool) {
	n := len(sources)
	o = fuseOrigins{sources: sources, at: make(map[int64]int, n), origin: make([]int64, n), format: make([]int64, n), lead: make([]int64, n), ids: make([]int64, n)}
	names, formats := make([]string, n), make([]string, n)
	for i, src := range sources {
		names[i], formats[i] = name(src.Path, src.Format, src.Head), src.Format
	}
	order := slices.Compact(slices.Sorted(slices.Values(names)))
	kinds := slices.Compact(slices.Sorted(slices.Values(formats)))
	records, leads := make([]int64, len(order)), make([]int64, len(order))
	withLines := 0
	for i, src := range sources {
		number, _ := slices.BinarySearch(order, names[i])
		kind, _ := slices.BinarySearch(kinds, src.Format)
		o.at[src.ID], o.origin[i], o.format[i], o.ids[i] = i, int64(number), int64(kind), src.IDs
		if leads[number] == 0 {
			leads[number] = src.ID // sources come by number
		}
		if records[number] == 0 && src.Records > 0 {
			withLines++
		}
		records[number] += src.Records
	}
	for i := range sources {
		o.lead[i] = leads[o.origin[i]]
	}
	if withLines > 1 {
		o.large = int64(slices.Index(records, slices.Max(records)))
	}
	return o, withLines > 1
}

// fuseLaterShare: with so many new bytes, of all, it is quicker to look at all.
const fuseLaterShare = 0.25

// knows says that what was counted holds for all lines that are not pending, and
// that these are few.
func (o *fuseOrigins) knows(pending []Pending) bool {
	isNew := map[int64]bool{}
	fresh, all := int64(0), int64(0)
	for _, p := range pending {
		if p.Anew {
			return false
		}
		isNew[p.SourceID] = p.FromOffset == 0
		fresh += p.ToOffset - p.FromOffset
	}
	for i, src := range o.sources {
		all += src.Bytes
		if src.Seen && src.Lead != o.lead[i] || !src.Seen && !isNew[src.ID] {
			return false
		}
	}
	return float64(fresh) <= fuseLaterShare*float64(all)
}

// setIDs notes which kinds of ids all lines of sources tell.
func (o *fuseOrigins) setIDs(ids []queries.FuseIDKinds) {
	for _, k := range ids {
		o.ids[o.at[k.SourceID]] = k.IDs
	}
}

// apt says whether the time may join a line of a source that tells ids of these
// kinds: there is a log of another kind that has lines without.
func (o *fuseOrigins) apt(source int, ids int64) bool {
	for i, src := range o.sources {
		if src.Records > 0 && o.origin[i] != o.origin[source] && o.format[i] != o.format[source] && o.ids[i]&ids == 0 {
			return true
		}
	}
	return false
}

// aptKinds lists by source which kinds of ids a line may tell for the time to join
// it, of those that its lines may tell.
func (o *fuseOrigins) aptKinds() (apt []queries.FuseIDKinds) {
	for i, src := range o.sources {
		for kinds := range int64(8) {
			if kinds&o.ids[i] == o.ids[i] && o.apt(i, kinds) {
				apt = append(apt, queries.FuseIDKinds{SourceID: src.ID, IDs: kinds})
			}
		}
	}
	return apt
}

// begin tells the database which sources are pieces of one log, and from where on
// their lines are fresh: all where pending is nil.
func (s *fuseStep) begin(ctx context.Context, pending []Pending) error {
	if _, err := s.tx.exec(ctx, queries.FuseOrigins, nil); err != nil {
		return err
	}
	from := make([]int64, len(s.origins.sources))
	if pending != nil {
		for i := range from {
			from[i] = sourceEnd
		}
		for _, p := range pending {
			from[s.origins.at[p.SourceID]] = p.FromOffset
		}
	}
	o := &s.origins
	return s.tx.fill(ctx, "fuse_sources", len(from), func(i int) []driver.Value {
		return []driver.Value{o.sources[i].ID, int32(o.origin[i]), int32(o.format[i]), o.lead[i], from[i]}
	})
}

// noteSeen stores what a later run needs.
func (s *fuseStep) noteSeen(ctx context.Context) error {
	for _, clear := range [...]queries.Name{queries.FuseForget, queries.FusePairsClear} {
		if _, err := s.tx.exec(ctx, clear, nil); err != nil {
			return err
		}
	}
	o := &s.origins
	err := s.tx.fill(ctx, "fuse_seen", len(o.sources), func(i int) []driver.Value {
		return []driver.Value{o.sources[i].ID, o.lead[i], int32(o.ids[i])}
	})
	if err != nil {
		return err
	}
	var pairs []queries.FusePair // without those of which nothing was counted
	for _, p := range s.answer.Pairs {
		if p.Joined != 0 || p.Near != 0 {
			pairs = append(pairs, p)
		}
	}
	err = s.tx.fill(ctx, "fuse_new_pairs", len(pairs), func(i int) []driver.Value {
		p := pairs[i]
		return []driver.Value{p.A, p.B, p.Host, p.Joined, p.Near, p.Chosen, p.Believed}
	})
	if err != nil {
		return err
	}
	_, err = s.tx.exec(ctx, queries.FusePairsNote, nil)
	return err
}
