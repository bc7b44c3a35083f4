package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/errscope/errscope/queries"
)

// ownNetwork stands where otherwise a vendor's name does.
const ownNetwork = "our own network"

// unreachedVendorsShown bounds the names in one sentence.
const unreachedVendorsShown = 5

// unreachedTime is a time when nobody was reached.
type unreachedTime struct {
	queries.LocalOutageRow
	names []string // of the vendors, in order
}

// partlyShare of the calls failed, or more, where it says that nobody was reached.
const partlyShare = 0.8

// partly reports whether a good part of the calls went well: one proxy among
// several that was down, or a lossy line.
func (u unreachedTime) partly() bool {
	return float64(u.Failures) < partlyShare*float64(u.Requests)
}

func (f *findings) askUnreached(ctx context.Context, src Source) error {
	rows, err := src.LocalOutages(ctx, f.options.Scope)
	if err != nil {
		return fmt.Errorf("asking when nobody was reached: %w", err)
	}
	for _, r := range rows {
		f.unreached = append(f.unreached, unreachedTime{LocalOutageRow: r, names: namesOf(r.Vendors)})
	}
	return nil
}

// namesOf reads a JSON list of names; what is none is shown as it stands.
func namesOf(list string) []string {
	if list == "" {
		return nil
	}
	var names []string
	if err := json.Unmarshal([]byte(list), &names); err != nil {
		return []string{list}
	}
	slices.Sort(names)
	return names
}

func (f *findings) tidyUnreached() {
	slices.SortStableFunc(f.unreached, func(a, b unreachedTime) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.WindowID, b.WindowID))
	})
}

// unreachedLead says in one sentence that there were such times.
func (f *findings) unreachedLead() []prose {
	n := int64(len(f.unreached))
	if n == 0 {
		return nil
	}
	if slices.ContainsFunc(f.unreached, unreachedTime.partly) {
		return []prose{ours("%s when calls were lost alike, whoever was called: our own network, and no vendor's outage.", counted(n, "time"))}
	}
	return []prose{ours("%s when nobody at all was reached: our own network, and no vendor's outage.", counted(n, "time"))}
}

func (f *findings) unreachedSection() section {
	heading := "Nobody was reached"
	if slices.ContainsFunc(f.unreached, unreachedTime.partly) {
		heading = "Our own network"
	}
	return section{heading: heading, items: f.unreachedItems()}
}

func (f *findings) unreachedItems() []item {
	var items []item
	for _, u := range f.unreached {
		items = append(items, item{head: f.unreachedLine(u), loud: u.EndedAt.IsZero()})
	}
	return items
}

// unreachedLine says one such time in one sentence.
func (f *findings) unreachedLine(u unreachedTime) prose {
	p := ours("Our own network: nobody was reached")
	if u.partly() {
		p = ours("Our own network: calls to all vendors were lost alike")
	}
	if u.EndedAt.IsZero() {
		p = p.and(" since %s %s", f.minute(u.StartedAt), f.zone())
	} else {
		p = p.and(" from %s to %s %s (%s)", f.minute(u.StartedAt), f.minute(u.EndedAt), f.zone(), lasted(queries.WindowRow{StartedAt: u.StartedAt, EndedAt: u.EndedAt}))
	}
	for i, name := range u.names[:min(len(u.names), unreachedVendorsShown)] {
		if i == 0 {
			p = p.and("; called were ").quote(name)
			continue
		}
		p = p.and(", ").quote(name)
	}
	if more := len(u.names) - unreachedVendorsShown; more > 0 {
		p = p.and(" and %s more", thousands(int64(more)))
	}
	return p.and("; %s of %s failed.", thousands(u.Failures), counted(u.Requests, "request"))
}

func (f *findings) unreachedRows() []csvRow {
	var rows []csvRow
	for _, u := range f.unreached {
		list, _ := json.Marshal(append([]string{}, u.names...)) // of strings, which never fails
		rows = append(rows, csvRow{"section": "local_outage", "window_id": digits(u.WindowID), "started_at": csvTime(u.StartedAt), "ended_at": csvTime(u.EndedAt),
			"requests": digits(u.Requests), "failures": digits(u.Failures), "vendors": csvText(string(list))})
	}
	return rows
}

type jsonLocalOutage struct {
	WindowID  int64    `json:"window_id"`
	StartedAt string   `json:"started_at"`
	EndedAt   string   `json:"ended_at,omitempty"`
	Open      bool     `json:"open"`
	Vendors   []string `json:"vendors"`
	Requests  int64    `json:"requests"`
	Failures  int64    `json:"failures"`
}

func (f *findings) jsonUnreached() []jsonLocalOutage {
	list := []jsonLocalOutage{}
	for _, u := range f.unreached {
		list = append(list, jsonLocalOutage{u.WindowID, csvTime(u.StartedAt), csvTime(u.EndedAt), u.EndedAt.IsZero(), append([]string{}, u.names...), u.Requests, u.Failures})
	}
	return list
}
