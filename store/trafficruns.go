package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// minuteCalls is the traffic of one route in one minute. party numbers the
// vendors, place the routes.
type minuteCalls struct{ party, place, minute, calls, failed, unreached int64 }

// trafficScope is a route that was called.
type trafficScope struct {
	Place   int64  `sql:"place"`
	Party   int64  `sql:"party"`
	Vendor  string `sql:"vendor"`
	Host    string `sql:"host"`
	Route   string `sql:"route"`
	Minutes int64  `sql:"minutes"`
}

// trafficRuns reads the traffic of a span, so many vendors at a time that DuckDB
// sorts about runRowsMax rows, unless one vendor has more.
func (tx transaction) trafficRuns(ctx context.Context, since, until time.Time) ([]queries.TrafficRun, error) {
	over := args{"from_minute": minuteFrom(since), "to_minute": minuteFrom(until)}
	scopes, err := askIn[trafficScope](ctx, tx, queries.OutagesScopes, over)
	if err != nil || len(scopes) == 0 {
		return nil, err
	}
	d := drawing{scopes: map[int64]*trafficScope{}}
	for i := range scopes {
		d.scopes[scopes[i].Place] = &scopes[i]
	}
	for len(scopes) > 0 {
		n, rows := 1, scopes[0].Minutes
		for n < len(scopes) && (scopes[n].Party == scopes[n-1].Party || rows <= runRowsMax) {
			rows += scopes[n].Minutes
			n++
		}
		over["from_party"], over["to_party"] = scopes[0].Party, scopes[n-1].Party
		if err := tx.eachMinute(ctx, over, d.add); err != nil {
			return nil, err
		}
		d.end()
		scopes = scopes[n:]
	}
	return d.runs, nil
}

// eachMinute hands on the rows of outages_minutes. There are many, so that they
// are read without reflection.
func (tx transaction) eachMinute(ctx context.Context, over args, each func(minuteCalls)) error {
	text, err := queries.Load(queries.OutagesMinutes)
	if err != nil {
		return err
	}
	filled, err := queries.Fill(text, over)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, filled)
	if err != nil {
		return fmt.Errorf("running %s: %w", queries.OutagesMinutes, err)
	}
	defer rows.Close()
	var m minuteCalls
	for rows.Next() {
		if err := rows.Scan(&m.party, &m.place, &m.minute, &m.calls, &m.failed, &m.unreached); err != nil {
			return fmt.Errorf("reading %s: %w", queries.OutagesMinutes, err)
		}
		each(m)
	}
	return rows.Err()
}

// drawing draws the minutes of a vendor in which nothing failed together, up to
// the end of their hour. Minutes come in order of party, minute and place.
type drawing struct {
	scopes map[int64]*trafficScope
	runs   []queries.TrafficRun
	minute []minuteCalls // of one vendor in one minute
	failed bool          // one of them has a failure
	quiet  []minuteCalls // the sums of the run, by place
	// The run's first and last minute; it is empty where quiet is.
	first, last int64
}

func (d *drawing) add(m minuteCalls) {
	if n := len(d.minute); n > 0 && (d.minute[n-1].party != m.party || d.minute[n-1].minute != m.minute) {
		d.endMinute()
	}
	d.minute = append(d.minute, m)
	d.failed = d.failed || m.failed > 0
}

const minutesPerHour = 60

// endMinute adds the minute to the run, or ends that and writes the minute.
func (d *drawing) endMinute() {
	if len(d.minute) == 0 {
		return
	}
	at := d.minute[0]
	if len(d.quiet) > 0 && (d.failed || d.quiet[0].party != at.party || d.first/minutesPerHour != at.minute/minutesPerHour) {
		d.endRun()
	}
	if d.failed {
		d.write(d.minute, at.minute, at.minute)
	} else {
		if len(d.quiet) == 0 {
			d.first = at.minute
		}
		d.last = at.minute
		for _, m := range d.minute {
			i, found := slices.BinarySearchFunc(d.quiet, m.place, func(q minuteCalls, place int64) int { return int(q.place - place) })
			if found {
				d.quiet[i].calls += m.calls
			} else {
				d.quiet = slices.Insert(d.quiet, i, m)
			}
		}
	}
	d.minute, d.failed = d.minute[:0], false
}

func (d *drawing) endRun() {
	d.write(d.quiet, d.first, d.last)
	d.quiet = d.quiet[:0]
}

// end writes what is in hand.
func (d *drawing) end() {
	d.endMinute()
	d.endRun()
}

func (d *drawing) write(list []minuteCalls, first, last int64) {
	for _, m := range list {
		s := d.scopes[m.place]
		d.runs = append(d.runs, queries.TrafficRun{Vendor: s.Vendor, Host: s.Host, Route: s.Route, FirstMinute: first, LastMinute: last,
			Calls: m.calls, Failed: m.failed, Unreached: m.unreached})
	}
}
