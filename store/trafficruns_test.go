package store

import (
	"slices"
	"testing"

	"github.com/errscope/errscope/queries"
)

// TestDrawing: minutes without a failure of the vendor become one run, which
// ends with a failure, with its hour and with the vendor.
func TestDrawing(t *testing.T) {
	scopes := map[int64]*trafficScope{
		1: {Place: 1, Party: 1, Vendor: "a", Route: "/x"},
		2: {Place: 2, Party: 1, Vendor: "a", Route: "/y"},
		3: {Place: 3, Party: 2, Vendor: "b", Route: "/x"},
	}
	run := func(place, first, last, calls, failed int64) queries.TrafficRun {
		s := scopes[place]
		return queries.TrafficRun{Vendor: s.Vendor, Route: s.Route, FirstMinute: first, LastMinute: last, Calls: calls, Failed: failed, Unreached: failed}
	}
	minute := func(place, minute, calls, failed int64) minuteCalls {
		return minuteCalls{party: scopes[place].Party, place: place, minute: minute, calls: calls, failed: failed, unreached: failed}
	}
	for _, c := range []struct {
		name string
		in   []minuteCalls
		want []queries.TrafficRun
	}{
		{"nothing", nil, nil},
		{"quiet, by route", []minuteCalls{minute(2, 60, 1, 0), minute(1, 61, 2, 0), minute(2, 61, 4, 0), minute(1, 90, 8, 0)},
			[]queries.TrafficRun{run(1, 60, 90, 10, 0), run(2, 60, 90, 5, 0)}},
		{"the hour ends", []minuteCalls{minute(1, 118, 1, 0), minute(1, 119, 1, 0), minute(1, 120, 1, 0)},
			[]queries.TrafficRun{run(1, 118, 119, 2, 0), run(1, 120, 120, 1, 0)}},
		{"a failure stands alone, with what else was called then",
			[]minuteCalls{minute(1, 60, 1, 0), minute(1, 61, 2, 1), minute(2, 61, 7, 0), minute(1, 62, 3, 3), minute(1, 63, 1, 0), minute(2, 64, 1, 0)},
			[]queries.TrafficRun{run(1, 60, 60, 1, 0), run(1, 61, 61, 2, 1), run(2, 61, 61, 7, 0), run(1, 62, 62, 3, 3), run(1, 63, 64, 1, 0), run(2, 63, 64, 1, 0)}},
		{"two vendors at one time", []minuteCalls{minute(1, 60, 1, 0), minute(1, 61, 1, 0), minute(3, 61, 5, 0), minute(3, 62, 5, 2)},
			[]queries.TrafficRun{run(1, 60, 61, 2, 0), run(3, 61, 61, 5, 0), run(3, 62, 62, 5, 2)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := drawing{scopes: scopes}
			for _, m := range c.in {
				d.add(m)
			}
			d.end()
			if !slices.Equal(d.runs, c.want) {
				t.Errorf("got  %+v\nwant %+v", d.runs, c.want)
			}
		})
	}
}
