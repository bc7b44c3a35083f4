package store

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// outagesStep is the name of the step in analysed.
const outagesStep = "outages"

const (
	// outagesBefore is how far before the day of the first new call the search
	// begins: what began there may go on.
	outagesBefore = 12 * time.Hour
	// outagesAfter is how long after the last new call outages may change, since
	// it tells what is usual; see the days of package analysis.
	outagesAfter = 8 * 24 * time.Hour
	// usualBefore is how far back what is usual is told.
	usualBefore = 8 * 24 * time.Hour
	// trafficBytes is how much of the sources is added up at a time: DuckDB keeps
	// the failed calls of it apart.
	trafficBytes = 256 << 20
	// runRowsMax bounds the rows of traffic_minutes that are read at a time.
	runRowsMax = 400_000
	// outageTextBytes is how much DuckDB should have room for meanwhile.
	outageTextBytes = 24 << 20
)

// Window is an outage that was found, or a time when nobody was reached.
type Window struct {
	Vendor, Host string
	Route        string
	AllRoutes    bool      // Route is "" then
	First, Last  time.Time // the minutes of the first and of the last failed call
	Open         bool
	Usual        float64 // shares from 0 to 1
	PeakRatio    float64
	PeakAt       time.Time
	Score        float64
	// Of a time when nobody was reached.
	Vendors       []string
	Calls, Failed int64
}

// OutageNote is what the configuration says of a time.
type OutageNote struct {
	Vendor   string // or the host where no pack knows it; "" is all of them
	From, To time.Time
	Planned  bool // a maintenance, as against an incident that is known
	Text     string
}

// OutageFinder finds outages in traffic. until is the last minute since 1970 of
// which anything is known.
type OutageFinder func(runs []queries.TrafficRun, blocks []queries.TrafficBlock, until int64) (outages, local []Window)

// FindOutages brings outage_windows and local_outages up to date with the rows,
// and the windows' notes with the configuration, all in one transaction. It
// looks at the rows that are new, and at the traffic around them.
func (db *DB) FindOutages(ctx context.Context, find OutageFinder, notes []OutageNote) error {
	ctx, end, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	db.loading.Lock()
	defer db.loading.Unlock()
	if err := db.makeRoom(ctx, outageTextBytes); err != nil {
		return err
	}
	return inTx(ctx, db, "looking for outages in", func(tx transaction) error {
		list, _, err := tx.pending(ctx, outagesStep)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			if err := tx.bringOutages(ctx, find, list); err != nil {
				return err
			}
		}
		return tx.noteOutages(ctx, notes)
	})
}

// bringOutages brings traffic and windows up to date with what is pending.
func (tx transaction) bringOutages(ctx context.Context, find OutageFinder, list []Pending) error {
	if _, err := tx.exec(ctx, queries.OutagesBegin, nil); err != nil {
		return err
	}
	if err := tx.addTraffic(ctx, list); err != nil {
		return err
	}
	found, err := askIn[trafficChange](ctx, tx, queries.OutagesChanged, nil)
	if err != nil {
		return err
	}
	if c := found[0]; !c.First.IsZero() {
		if err := tx.findOutages(ctx, find, c); err != nil {
			return err
		}
	}
	if _, err := tx.exec(ctx, queries.OutagesEnd, nil); err != nil {
		return err
	}
	return tx.markAnalysed(ctx, outagesStep, list)
}

// storedWindow is a window as it was found before.
type storedWindow struct {
	ID        int64     `sql:"window_id"`
	Vendor    string    `sql:"vendor"`
	Host      string    `sql:"host"`
	Route     string    `sql:"route"`
	AllRoutes bool      `sql:"all_routes"`
	StartedAt time.Time `sql:"started_at"`
	EndedAt   time.Time `sql:"ended_at"` // zero where it is open
}

// findOutages finds the windows anew that may be others now.
func (tx transaction) findOutages(ctx context.Context, find OutageFinder, changed trafficChange) error {
	// Windows that end before this are as they were.
	since := changed.First.Truncate(24 * time.Hour)
	until := changed.Last.Add(outagesAfter)
	stored, err := askIn[storedWindow](ctx, tx, queries.OutagesStored, args{"since": since, "until": until})
	if err != nil {
		return err
	}
	from := since.Add(-outagesBefore)
	for _, w := range stored {
		if early := w.StartedAt.Add(-outagesBefore); early.Before(from) {
			from = early
		}
	}
	runs, err := tx.trafficRuns(ctx, from, until)
	if err != nil {
		return err
	}
	blocks, err := askIn[queries.TrafficBlock](ctx, tx, queries.OutagesBlocks, args{"from_minute": from.Add(-usualBefore).Unix() / 60, "to_minute": until.Unix() / 60})
	if err != nil {
		return err
	}
	outages, local := find(runs, blocks, changed.Newest.Unix()/60)
	span := args{"since": since, "until": until}
	for _, step := range []queries.Name{queries.OutagesDrop, queries.OutagesDropLocal} {
		if _, err := tx.exec(ctx, step, span); err != nil {
			return err
		}
	}
	used := map[int64]bool{}
	for _, w := range outages {
		if !w.endsBefore(since) {
			if err := tx.writeOutage(ctx, w, stored, used); err != nil {
				return err
			}
		}
	}
	for _, w := range local {
		if !w.endsBefore(since) {
			if err := tx.writeLocal(ctx, w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Window) endsBefore(since time.Time) bool {
	return !w.Open && w.Last.Add(time.Minute).Before(since)
}

func (tx transaction) writeOutage(ctx context.Context, w Window, stored []storedWindow, used map[int64]bool) error {
	found, err := askIn[queries.OutageDetail](ctx, tx, queries.OutagesDetail, args{
		"vendor": w.Vendor, "host": w.Host, "route": w.Route, "all_routes": w.AllRoutes,
		"since": w.First, "until": w.Last.Add(time.Minute), "peak": w.PeakAt,
	})
	if err != nil {
		return err
	}
	d := found[0]
	if d.StartedAt.IsZero() {
		return nil // its rows went meanwhile
	}
	if one, err := tx.isOneResource(ctx, w, d); one || err != nil {
		return err
	}
	var host, route, ended any
	host = nullText(w.Host)
	if !w.AllRoutes {
		route = w.Route
	}
	if !w.Open {
		ended = d.EndedAt
	}
	_, err = tx.exec(ctx, queries.OutagesWrite, args{
		"window_id": windowID(w, d, stored, used), "vendor": w.Vendor, "host": host, "route": route, "started_at": d.StartedAt, "ended_at": ended,
		"requests": d.Requests, "failures": d.Failures, "baseline_ratio": w.Usual, "peak_ratio": w.PeakRatio, "peak_at": w.PeakAt,
		"top_code": nullText(d.TopCode), "accounts": d.Accounts, "score": w.Score, "codes": nullText(d.Codes), "routes": nullText(d.Routes),
		"account_ids": nullText(d.AccountIDs), "request_ids": nullText(d.RequestIDs), "unreached": d.Unreached,
		"why": whyOutage(w, d), "planned": false, "note": nil,
	})
	return err
}

// isOneResource reports whether a window is a request that fails whenever it is
// sent, as a job does that cannot be done and is tried for ever, while others of
// its kind are answered: that is no outage.
func (tx transaction) isOneResource(ctx context.Context, w Window, d queries.OutageDetail) (bool, error) {
	if 5*d.SameRequest < 4*d.Failures {
		return false, nil
	}
	found, err := askIn[struct {
		OneResource bool `sql:"one_resource"`
	}](ctx, tx, queries.OutagesResource, args{
		"vendor": w.Vendor, "host": w.Host, "route": w.Route, "all_routes": w.AllRoutes,
		"since": w.First, "until": w.Last.Add(time.Minute), "usual_permille": int64(1000 * w.Usual),
	})
	return err == nil && found[0].OneResource, err
}

// whyOutage gives the reason for a window in numbers.
func whyOutage(w Window, d queries.OutageDetail) string {
	why := fmt.Sprintf("%d of %d requests failed (%s), usually %s", d.Failures, d.Requests,
		percentText(float64(d.Failures)/float64(max(d.Requests, 1))), percentText(w.Usual))
	if d.Unreached > 0 {
		why += fmt.Sprintf("; %d had no response", d.Unreached)
	}
	if d.OnlyHost != "" {
		why += "; only at " + d.OnlyHost
	}
	return why
}

func percentText(share float64) string {
	if share >= 0.1 {
		return fmt.Sprintf("%.0f %%", 100*share)
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

func (tx transaction) writeLocal(ctx context.Context, w Window) error {
	var ended any
	if !w.Open {
		ended = w.Last.Add(time.Minute)
	}
	_, err := tx.exec(ctx, queries.OutagesWriteLocal, args{
		"window_id": newWindowID("local", "", "", w.First), "started_at": w.First, "ended_at": ended,
		"vendors": jsonTexts(w.Vendors), "requests": w.Calls, "failures": w.Failed,
		"why": whyLocal(w),
	})
	return err
}

// partlyLost is the share of calls below which some reached somebody all the same.
const partlyLost = 0.8

// whyLocal gives the reason why a time is ours in numbers.
func whyLocal(w Window) string {
	if share := float64(w.Failed) / float64(max(w.Calls, 1)); share < partlyLost {
		return fmt.Sprintf("%d of %d calls to %d vendors failed (%s), whoever was called, and hardly any vendor said a word of it: something on our side",
			w.Failed, w.Calls, len(w.Vendors), percentText(share))
	}
	return fmt.Sprintf("%d of %d calls to %d vendors failed, none of which gave a response: the network on our side", w.Failed, w.Calls, len(w.Vendors))
}

// windowID is that of the oldest stored window of the same scope that overlaps,
// else one made of scope and start.
func windowID(w Window, d queries.OutageDetail, stored []storedWindow, used map[int64]bool) int64 {
	for _, s := range stored { // the oldest first
		same := s.Vendor == w.Vendor && s.Host == w.Host && s.AllRoutes == w.AllRoutes && s.Route == w.Route
		if same && !used[s.ID] && !s.StartedAt.After(d.EndedAt) && (s.EndedAt.IsZero() || !s.EndedAt.Before(d.StartedAt)) {
			used[s.ID] = true
			return s.ID
		}
	}
	route := "*"
	if !w.AllRoutes {
		route = "/" + w.Route
	}
	id := newWindowID(w.Vendor, w.Host, route, d.StartedAt)
	for used[id] {
		id++
	}
	used[id] = true
	return id
}

// windowIDMax keeps ids exact in JSON readers that know only doubles.
const windowIDMax = 1<<53 - 1

func newWindowID(vendor, host, route string, start time.Time) int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d", vendor, host, route, start.UnixMicro())
	return int64(h.Sum64()&windowIDMax) | 1
}

// noteOutages brings what the configuration says of windows up to date.
func (tx transaction) noteOutages(ctx context.Context, notes []OutageNote) error {
	windows, err := askIn[notedWindow](ctx, tx, queries.OutagesNotes, nil)
	if err != nil {
		return err
	}
	for _, w := range windows {
		planned, text := w.notes(notes)
		if planned == w.Planned && text == w.Note {
			continue
		}
		if _, err := tx.exec(ctx, queries.OutagesNote, args{"window_id": w.ID, "planned": planned, "note": nullText(text)}); err != nil {
			return err
		}
	}
	return nil
}

// notedWindow is a window and what was said of it.
type notedWindow struct {
	ID        int64     `sql:"window_id"`
	Vendor    string    `sql:"vendor"`
	Host      string    `sql:"host"`
	StartedAt time.Time `sql:"started_at"`
	EndedAt   time.Time `sql:"ended_at"`
	Planned   bool      `sql:"planned"`
	Note      string    `sql:"note"`
}

// plannedSlack is by how much an outage may be longer than its maintenance.
const plannedSlack = 10 * time.Minute

// notes joins what is said of the time of a window. It is planned where it lies
// in a maintenance, and not only touches one.
func (w *notedWindow) notes(all []OutageNote) (planned bool, text string) {
	var texts []string
	for _, n := range all {
		if n.Vendor != "" && n.Vendor != w.Vendor && n.Vendor != w.Host {
			continue
		}
		if !w.StartedAt.Before(n.To) || !w.EndedAt.IsZero() && w.EndedAt.Before(n.From) {
			continue
		}
		inside := !w.StartedAt.Before(n.From.Add(-plannedSlack)) && !w.EndedAt.IsZero() && !w.EndedAt.After(n.To.Add(plannedSlack))
		planned = planned || n.Planned && inside
		if n.Text != "" {
			texts = append(texts, n.Text)
		}
	}
	return planned, strings.Join(texts, "; ")
}

// jsonTexts writes a list of texts as JSON.
func jsonTexts(list []string) string {
	text, err := json.Marshal(list)
	if err != nil { // texts always can be
		return "[]"
	}
	return string(text)
}
