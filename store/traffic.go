package store

import (
	"context"
	"database/sql/driver"
	"math"
	"time"

	"github.com/errscope/errscope/queries"
)

// trafficChange says where the traffic that is stored changed: minutes, both
// included, zero where nothing did.
type trafficChange struct {
	First  time.Time `sql:"first"`
	Last   time.Time `sql:"last"`
	Newest time.Time `sql:"newest"` // of all traffic, zero where there is none
}

// minuteFrom is the first minute that does not begin before t.
func minuteFrom(t time.Time) int64 { return t.Add(time.Minute-1).Unix() / 60 }

// stretch is a piece of a source whose calls are added up.
type stretch struct{ sourceID, from, to, fromMinute int64 }

// addTraffic brings traffic_minutes and traffic_blocks up to date; outages_changed
// says where they changed.
func (tx transaction) addTraffic(ctx context.Context, list []Pending) error {
	whole, err := tx.wholeFrom(ctx)
	if err != nil {
		return err
	}
	if err := tx.dropTraffic(ctx, list, whole); err != nil {
		return err
	}
	var batch []stretch
	bytes := int64(0)
	for _, p := range list {
		for from := p.FromOffset; from < p.ToOffset && !p.Gone; from += trafficBytes {
			s := stretch{p.SourceID, from, min(from+trafficBytes, p.ToOffset), whole.of(p.SourceID)}
			if bytes += s.to - s.from; bytes > trafficBytes && len(batch) > 0 {
				if err := tx.addStretches(ctx, batch); err != nil {
					return err
				}
				batch, bytes = batch[:0], s.to-s.from
			}
			batch = append(batch, s)
		}
	}
	return tx.addStretches(ctx, batch)
}

// wholeMinutes has the minutes from which on the rows of pruned sources are whole.
type wholeMinutes map[int64]int64

func (w wholeMinutes) of(sourceID int64) int64 {
	if minute, pruned := w[sourceID]; pruned {
		return minute
	}
	return math.MinInt64
}

func (tx transaction) wholeFrom(ctx context.Context) (wholeMinutes, error) {
	list, err := askIn[struct {
		SourceID   int64 `sql:"source_id"`
		FromMinute int64 `sql:"from_minute"`
	}](ctx, tx, queries.OutagesPruned, nil)
	whole := wholeMinutes{}
	for _, p := range list {
		whole[p.SourceID] = p.FromMinute
	}
	return whole, err
}

// dropTraffic takes the traffic of the sources away that are read anew or gone.
func (tx transaction) dropTraffic(ctx context.Context, list []Pending, whole wholeMinutes) error {
	var again []int64
	for _, p := range list {
		if p.Anew {
			again = append(again, p.SourceID)
		}
	}
	if len(again) == 0 {
		return nil
	}
	err := tx.fill(ctx, "traffic_again", len(again), func(i int) []driver.Value { return []driver.Value{again[i], whole.of(again[i])} })
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, queries.OutagesDropTraffic, nil)
	return err
}

// addStretches adds the calls of a batch of stretches up.
func (tx transaction) addStretches(ctx context.Context, batch []stretch) error {
	if len(batch) == 0 {
		return nil
	}
	err := tx.fill(ctx, "traffic_pending", len(batch), func(i int) []driver.Value {
		s := batch[i]
		return []driver.Value{s.sourceID, s.from, s.to, s.fromMinute}
	})
	if err != nil {
		return err
	}
	first := batch[0]
	within := args{"first_source": first.sourceID, "from_offset": first.from, "to_offset": first.to}
	if len(batch) == 1 {
		if err := tx.execFilled(ctx, queries.OutagesBriefOne, within); err != nil {
			return err
		}
		within["last_source"] = first.sourceID
	} else {
		last, from, to := first.sourceID, first.from, first.to
		for _, s := range batch {
			last, from, to = max(last, s.sourceID), min(from, s.from), max(to, s.to)
		}
		within["last_source"], within["from_offset"], within["to_offset"] = last, from, to
		if err := tx.execFilled(ctx, queries.OutagesBriefMany, within); err != nil {
			return err
		}
	}
	return tx.execFilled(ctx, queries.OutagesAdd, within)
}
