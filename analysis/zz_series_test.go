package analysis

import (
	"cmp"
	"slices"

	"github.com/errscope/errscope/queries"
)

type key2 struct {
	vendor, host, route string
	minute              int64
}
type series2 struct {
	m    map[key2]*queries.TrafficRun
	last int64
}

func (s *series2) runs() []queries.TrafficRun {
	var list []queries.TrafficRun
	for _, r := range s.m {
		list = append(list, *r)
	}
	order := func(a, b queries.TrafficRun) int {
		return cmp.Or(cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host), cmp.Compare(a.FirstMinute, b.FirstMinute), cmp.Compare(a.Route, b.Route))
	}
	slices.SortFunc(list, order)
	var out, minute []queries.TrafficRun
	quiet := map[string]*queries.TrafficRun{}
	var first, last int64
	var vendor, host string
	end := func() {
		var l []queries.TrafficRun
		for _, q := range quiet {
			q.FirstMinute, q.LastMinute = first, last
			l = append(l, *q)
		}
		slices.SortFunc(l, order)
		out = append(out, l...)
		quiet = map[string]*queries.TrafficRun{}
	}
	flush := func() {
		if len(minute) == 0 {
			return
		}
		bad := slices.ContainsFunc(minute, func(r queries.TrafficRun) bool { return r.Failed > 0 })
		m := minute[0]
		if len(quiet) > 0 && (bad || vendor != m.Vendor || host != m.Host || first/60 != m.FirstMinute/60) {
			end()
		}
		if bad {
			out = append(out, minute...)
		} else {
			if len(quiet) == 0 {
				first, vendor, host = m.FirstMinute, m.Vendor, m.Host
			}
			last = m.FirstMinute
			for _, r := range minute {
				if q := quiet[r.Route]; q != nil {
					q.Calls += r.Calls
				} else {
					quiet[r.Route] = &r
				}
			}
		}
		minute = nil
	}
	for _, r := range list {
		if len(minute) > 0 && (minute[0].Vendor != r.Vendor || minute[0].Host != r.Host || minute[0].FirstMinute != r.FirstMinute) {
			flush()
		}
		minute = append(minute, r)
	}
	flush()
	end()
	return out
}

func (s *series2) blocks() []queries.TrafficBlock {
	by := map[key2]*queries.TrafficBlock{}
	for _, r := range s.m {
		k := key2{r.Vendor, r.Host, r.Route, r.FirstMinute / 10}
		b := by[k]
		if b == nil {
			b = &queries.TrafficBlock{Vendor: r.Vendor, Host: r.Host, Route: r.Route, Day: r.FirstMinute / minutesPerDay, Block: k.minute, FirstMinute: r.FirstMinute, LastMinute: r.FirstMinute}
			by[k] = b
		}
		b.FirstMinute, b.LastMinute = min(b.FirstMinute, r.FirstMinute), max(b.LastMinute, r.FirstMinute)
		b.Calls += r.Calls
		b.Failed += r.Failed
	}
	var list []queries.TrafficBlock
	for _, b := range by {
		list = append(list, *b)
	}
	return list
}
