package demo

import (
	"fmt"
	"strings"
	"time"
)

// SimTruth is what is true of a simulation. Times are UTC, in milliseconds.
type SimTruth struct {
	About     string `json:"about"`
	Seed      uint64 `json:"seed"`
	Days      int    `json:"days"`
	Start     string `json:"start"`
	End       string `json:"end"`
	Exchanges int64  `json:"exchanges"` // distinct ones in the logs
	Lost      int64  `json:"lost"`      // made while logs were lost
	// Pairs counts the exchanges that stand in two files, by the key that joins them.
	Pairs       map[string]int64 `json:"pairs"`
	Files       []SimFile        `json:"files"`
	Vendors     []SimVendorTruth `json:"vendors"`
	Windows     []SimWindow      `json:"windows"`
	Confounders []SimWindow      `json:"confounders"`
	Quotas      []SimQuota       `json:"quotas"`
}

// SimFile counts the lines of a file; each is a record.
type SimFile struct {
	Path  string `json:"path"` // below logs
	Lines int64  `json:"lines"`
}

// SimVendorTruth counts the exchanges in the logs of one vendor.
type SimVendorTruth struct {
	Vendor   string `json:"vendor"` // "unknown" where no pack knows it
	Host     string `json:"host"`
	Requests int64  `json:"requests"`
	Failures int64  `json:"failures"` // answers that are none of a success, benign ones too
}

// SimWindow is an outage or a confounder. An outage's start is told right
// anywhere from StartFrom to StartTo, and its end from EndFrom to EndTo: between
// them no call was made that could tell, or a ramp has no sharper edge.
type SimWindow struct {
	Kind   string  `json:"kind"`
	Vendor string  `json:"vendor,omitempty"` // none: all of them
	Host   string  `json:"host,omitempty"`
	Route  *string `json:"route"` // null: all of them
	From   string  `json:"from"`
	To     *string `json:"to"` // null: still open at the end
	// Permille is the planned share of failing calls at the peak.
	Permille int   `json:"permille"`
	Calls    int64 `json:"calls"`    // in scope and logs, from From to To
	Failures int64 `json:"failures"` // of them, due to this
	// First and Last are the first and the last of these failures.
	First     string `json:"first_failure,omitempty"`
	Last      string `json:"last_failure,omitempty"`
	StartFrom string `json:"start_from,omitempty"`
	StartTo   string `json:"start_to,omitempty"`
	EndFrom   string `json:"end_from,omitempty"`
	EndTo     string `json:"end_to,omitempty"`
	// UsualPermille of the calls in scope fail likewise on other days.
	UsualPermille int `json:"usual_permille"`
}

// episodeCount gathers what the logs show of an episode.
type episodeCount struct {
	from, to        time.Time
	calls, failures int64
	first, last     time.Time
	next            time.Time // first call in scope after the end
}

// count adds a call to its vendor and to the episodes around it.
func (s *sim) count(c *simCall, logged bool) {
	if !logged {
		return
	}
	c.v.requests++
	if c.answer != nil {
		c.v.failures++
	}
	for _, e := range s.episodes {
		if !e.concerns(c.v, c.r.path) || c.at.Before(e.from) {
			continue
		}
		n := &e.span
		if !c.at.Before(e.to) {
			if n.next.IsZero() {
				n.next = c.at
			}
			continue
		}
		n.calls++
		if !e.caused(c.answer) {
			continue
		}
		n.failures++
		if n.first.IsZero() {
			n.first = c.at
		}
		n.last = c.at
	}
}

// caused reports whether an answer is one of the episode's.
func (e *episode) caused(a *answer) bool {
	for i := range e.answers {
		if a == &e.answers[i] {
			return true
		}
	}
	return false
}

func (s *sim) result() SimTruth {
	t := SimTruth{About: "Simulated traffic: nothing here is real. Truth of the files below logs.", Seed: s.options.Seed, Days: s.options.Days,
		Start: stamp(s.start), End: stamp(s.end), Exchanges: s.exchanges - s.lost, Lost: s.lost, Pairs: s.pairs, Files: s.out.counts()}
	for _, v := range s.vendors {
		t.Vendors = append(t.Vendors, SimVendorTruth{v.packName(), v.hosts[0], v.requests, v.failures})
	}
	for _, e := range s.episodes {
		if e.outage {
			t.Windows = append(t.Windows, e.truth())
		} else {
			t.Confounders = append(t.Confounders, e.truth())
		}
	}
	for _, q := range s.quotas {
		for _, p := range q.spans {
			s.expectHours(q, p)
			one := *p
			one.Vendor = q.vendor.packName()
			t.Quotas = append(t.Quotas, one)
		}
	}
	return t
}

// packName is the vendor as the database calls it.
func (v *simVendor) packName() string {
	if v.vendor == acme {
		return "unknown"
	}
	return v.name
}

func (e *episode) truth() SimWindow {
	w := SimWindow{Kind: e.kind, From: stamp(e.from), Permille: e.peakPermille, Calls: e.span.calls, Failures: e.span.failures}
	if e.vendor != nil {
		w.Vendor, w.Host = e.vendor.packName(), e.vendor.hosts[0]
		sum := 0
		for _, r := range e.vendor.routes {
			if e.concerns(e.vendor, r.path) {
				w.UsualPermille += r.flakyPermille * r.weight
				sum += r.weight
			}
		}
		w.UsualPermille /= max(1, sum)
		if r := e.vendor.find(e.route); r != nil {
			name := r.name()
			w.Route = &name
			w.Host = e.vendor.hosts[r.host]
		}
	}
	if !e.open {
		to := stamp(e.to)
		w.To = &to
	}
	if e.span.first.IsZero() {
		return w
	}
	w.First, w.Last = stamp(e.span.first), stamp(e.span.last)
	startTo, endFrom, endTo := e.span.first, e.span.last, e.to
	if e.kind == "ramp" { // half way up, half way down
		startTo = later(startTo, e.from.Add(slopeMinutes*time.Minute/2))
		endFrom = earlier(endFrom, e.to.Add(-slopeMinutes*time.Minute/2))
	}
	if !e.span.next.IsZero() {
		endTo = later(endTo, e.span.next)
	}
	w.StartFrom, w.StartTo, w.EndFrom, w.EndTo = stamp(e.from), stamp(startTo), stamp(endFrom), stamp(endTo)
	return w
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// settings is the errscope.yaml of the fleet: what it knows beforehand.
func (s *sim) settings() []byte {
	var out strings.Builder
	out.WriteString("# What the fleet knows beforehand.\n")
	for _, e := range s.episodes {
		if e.kind == "planned_maintenance" {
			if out.Len() < 50 {
				out.WriteString("maintenance:\n")
			}
			fmt.Fprintf(&out, "  - {vendor: %s, from: %q, to: %q, text: announced by mail}\n", e.vendor.name, stamp(e.from), stamp(e.to))
		}
	}
	return []byte(out.String())
}
