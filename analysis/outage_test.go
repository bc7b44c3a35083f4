package analysis

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/errscope/errscope/queries"
)

// series is traffic by minute, made by hand.
type series struct {
	minutes map[seriesKey]*queries.TrafficRun
	last    int64
}

type seriesKey struct {
	vendor, route string
	minute        int64
}

// begin is the first minute of all series: some Monday.
const begin = int64(20_000 * minutesPerDay)

func (s *series) call(vendor, route string, minute, calls, failed, unreached int64) {
	if s.minutes == nil {
		s.minutes = map[seriesKey]*queries.TrafficRun{}
	}
	k := seriesKey{vendor, route, minute}
	r := s.minutes[k]
	if r == nil {
		r = &queries.TrafficRun{Vendor: vendor, Route: route, FirstMinute: begin + minute, LastMinute: begin + minute}
		s.minutes[k] = r
	}
	r.Calls += calls
	r.Failed += failed
	r.Unreached += unreached
	s.last = max(s.last, begin+minute)
}

// steady adds calls in every minute from and to (not included), of which a
// share per thousand fails, evenly.
func (s *series) steady(vendor, route string, from, to, calls, permille int64) {
	owed := int64(500)
	for m := from; m < to; m++ {
		owed += calls * permille
		s.call(vendor, route, m, calls, owed/1000, 0)
		owed %= 1000
	}
}

// runs are the series as package queries gives them; drawn together where they
// are quiet if together is set.
func (s *series) runs(together bool) []queries.TrafficRun {
	var list []queries.TrafficRun
	for _, r := range s.minutes {
		list = append(list, *r)
	}
	order := func(a, b queries.TrafficRun) int {
		for _, d := range []int64{int64(compareText(a.Vendor, b.Vendor)), a.FirstMinute - b.FirstMinute, int64(compareText(a.Route, b.Route))} {
			if d != 0 {
				return int(d)
			}
		}
		return 0
	}
	slices.SortFunc(list, order)
	if !together {
		return list
	}
	failed := map[seriesKey]bool{}
	for _, r := range list {
		if r.Failed > 0 {
			failed[seriesKey{r.Vendor, "", r.FirstMinute}] = true
		}
	}
	type runKey struct {
		vendor, route string
		run, hour     int64
		failed        bool
	}
	drawn := map[runKey]*queries.TrafficRun{}
	spans := map[runKey][2]int64{}
	run, vendor, seen := int64(0), "", int64(-1)
	for _, r := range list {
		bad := failed[seriesKey{r.Vendor, "", r.FirstMinute}]
		if r.Vendor != vendor || r.FirstMinute != seen {
			if bad || r.Vendor != vendor {
				run++
			}
			vendor, seen = r.Vendor, r.FirstMinute
		}
		k := runKey{r.Vendor, r.Route, run, r.FirstMinute / 60, bad}
		all := k
		all.route = "*"
		span, ok := spans[all]
		if !ok {
			span = [2]int64{r.FirstMinute, r.FirstMinute}
		}
		spans[all] = [2]int64{min(span[0], r.FirstMinute), max(span[1], r.FirstMinute)}
		if d := drawn[k]; d != nil {
			d.Calls += r.Calls
			d.Failed += r.Failed
			d.Unreached += r.Unreached
			continue
		}
		drawn[k] = &r
	}
	list = nil
	for k, r := range drawn {
		k.route = "*"
		r.FirstMinute, r.LastMinute = spans[k][0], spans[k][1]
		list = append(list, *r)
	}
	slices.SortFunc(list, order)
	return list
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// blocks are the series as package queries gives them.
func (s *series) blocks() []queries.TrafficBlock {
	byTen := map[seriesKey]*queries.TrafficBlock{}
	for _, r := range s.minutes {
		k := seriesKey{r.Vendor, r.Route, r.FirstMinute / 10}
		b := byTen[k]
		if b == nil {
			b = &queries.TrafficBlock{Vendor: r.Vendor, Route: r.Route, Day: r.FirstMinute / minutesPerDay, Block: k.minute, FirstMinute: r.FirstMinute, LastMinute: r.FirstMinute}
			byTen[k] = b
		}
		b.FirstMinute, b.LastMinute = min(b.FirstMinute, r.FirstMinute), max(b.LastMinute, r.FirstMinute)
		b.Calls += r.Calls
		b.Failed += r.Failed
	}
	var list []queries.TrafficBlock
	for _, b := range byTen {
		list = append(list, *b)
	}
	return list
}

// find gives what was found in short: vendor route first-last of the minutes.
func (s *series) find() []string {
	outages, local := FindOutages(s.runs(true), s.blocks(), s.last)
	var list []string
	for _, o := range outages {
		list = append(list, shortOutage(o))
	}
	for _, l := range local {
		list = append(list, fmt.Sprintf("ours %d-%d", l.FirstMinute-begin, l.LastMinute-begin))
	}
	return list
}

func shortOutage(o Outage) string {
	route, end := o.Route, fmt.Sprint(o.LastMinute-begin)
	if o.AllRoutes {
		route = "*"
	}
	if o.Open {
		end = "open"
	}
	return fmt.Sprintf("%s %s %d-%s", o.Vendor, route, o.FirstMinute-begin, end)
}

const minutesOfDay = int64(minutesPerDay)

func TestFindOutages(t *testing.T) {
	usual := func(s *series) { // a vendor as they are: two routes, little noise, two days
		s.steady("acme", "/a", 0, 2*minutesOfDay, 6, 4)
		s.steady("acme", "/b", 0, 2*minutesOfDay, 3, 8)
	}
	for _, c := range []struct {
		name string
		make func(s *series)
		want []string
	}{
		{"nothing ever fails", func(s *series) { s.steady("acme", "/a", 0, minutesOfDay, 5, 0) }, nil},
		{"only noise", usual, nil},
		{"a full outage", func(s *series) {
			usual(s)
			for m := minutesOfDay; m < minutesOfDay+30; m++ {
				s.call("acme", "/a", m, 0, 6-s.minutes[seriesKey{"acme", "/a", m}].Failed, 0)
				s.call("acme", "/b", m, 0, 3-s.minutes[seriesKey{"acme", "/b", m}].Failed, 0)
			}
		}, []string{"acme * 1440-1469"}},
		{"one route only", func(s *series) {
			usual(s)
			for m := minutesOfDay; m < minutesOfDay+30; m++ {
				s.call("acme", "/b", m, 3, 3, 0)
			}
		}, []string{"acme /b 1440-1469"}},
		{"two of three at night", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 5, 4)
			s.call("acme", "/a", minutesOfDay+120, 1, 1, 0)
			s.call("acme", "/a", minutesOfDay+130, 1, 0, 0)
			s.call("acme", "/a", minutesOfDay+140, 1, 1, 0)
			s.steady("acme", "/a", minutesOfDay+300, 2*minutesOfDay, 5, 4)
		}, nil},
		{"twelve of twelve at night", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 5, 4)
			for i := range int64(12) {
				s.call("acme", "/a", minutesOfDay+120+5*i, 1, 1, 0)
			}
			s.steady("acme", "/a", minutesOfDay+300, 2*minutesOfDay, 5, 4)
		}, []string{"acme * 1560-1615"}},
		{"twelve of twelve and nothing else", func(s *series) {
			for i := range int64(12) {
				s.call("acme", "/a", i, 1, 1, 0)
			}
		}, []string{"acme * 0-open"}},
		{"still down at the end", func(s *series) {
			usual(s)
			s.steady("acme", "/a", 2*minutesOfDay, 2*minutesOfDay+20, 6, 1000)
		}, []string{"acme /a 2880-open"}},
		{"over just before the end", func(s *series) {
			usual(s)
			s.steady("acme", "/a", 2*minutesOfDay, 2*minutesOfDay+20, 6, 1000)
			s.steady("acme", "/a", 2*minutesOfDay+20, 2*minutesOfDay+24, 6, 0)
		}, []string{"acme /a 2880-2899"}},
		{"the others were called a fortnight ago", func(s *series) {
			s.steady("acme", "/b", 0, 60, 6, 4)
			s.steady("acme", "/a", 13*minutesOfDay, 14*minutesOfDay, 6, 4)
			s.steady("acme", "/a", 14*minutesOfDay, 14*minutesOfDay+20, 6, 1000)
			s.steady("acme", "/a", 14*minutesOfDay+20, 14*minutesOfDay+60, 6, 0)
		}, []string{"acme * 20160-20179"}},
		{"a brown-out", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 10, 4)
			s.steady("acme", "/a", minutesOfDay, minutesOfDay+120, 10, 200)
			s.steady("acme", "/a", minutesOfDay+120, 2*minutesOfDay, 10, 4)
		}, []string{"acme * 1440-1559"}},
		{"flapping is one outage", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 10, 4)
			for i := range int64(6) {
				s.steady("acme", "/a", minutesOfDay+10*i, minutesOfDay+10*i+5, 10, 1000)
				s.steady("acme", "/a", minutesOfDay+10*i+5, minutesOfDay+10*i+10, 10, 0)
			}
			s.steady("acme", "/a", minutesOfDay+60, 2*minutesOfDay, 10, 4)
		}, []string{"acme * 1440-1494"}},
		{"two outages an hour apart", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 10, 4)
			s.steady("acme", "/a", minutesOfDay, minutesOfDay+20, 10, 1000)
			s.steady("acme", "/a", minutesOfDay+20, minutesOfDay+80, 10, 4)
			s.steady("acme", "/a", minutesOfDay+80, minutesOfDay+100, 10, 1000)
			s.steady("acme", "/a", minutesOfDay+100, 2*minutesOfDay, 10, 4)
		}, []string{"acme * 1440-1459", "acme * 1520-1539"}},
		{"a hole in the log is no recovery", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 10, 4)
			s.steady("acme", "/a", minutesOfDay, minutesOfDay+20, 10, 1000)
			s.steady("acme", "/a", minutesOfDay+60, minutesOfDay+80, 10, 1000)
			s.steady("acme", "/a", minutesOfDay+80, 2*minutesOfDay, 10, 4)
		}, []string{"acme * 1440-1519"}},
		{"a hole in the log is no outage", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 10, 4)
			s.steady("acme", "/a", minutesOfDay+200, 2*minutesOfDay, 10, 4)
		}, nil},
		{"a route that always fails at 30 %", func(s *series) {
			usual(s)
			r := rand.New(rand.NewPCG(1, 2))
			for m := int64(0); m < 2*minutesOfDay; m += 1 + r.Int64N(12) {
				s.call("acme", "/sleepy", m, 1, int64(r.IntN(10)/7), 0)
			}
		}, nil},
		{"a route that has never worked", func(s *series) {
			usual(s)
			s.steady("acme", "/dead", 0, 2*minutesOfDay, 1, 1000)
		}, nil},
		{"a moment is no outage", func(s *series) {
			usual(s)
			s.call("acme", "/a", minutesOfDay, 20, 20, 0)
		}, nil},
		{"nobody was reached: it is our own network", func(s *series) {
			for _, v := range []string{"acme", "bold", "core", "dune"} {
				s.steady(v, "/a", 0, minutesOfDay, 5, 4)
				for m := minutesOfDay; m < minutesOfDay+15; m++ {
					s.call(v, "/a", m, 5, 5, 5)
				}
				s.steady(v, "/a", minutesOfDay+15, 2*minutesOfDay, 5, 4)
			}
		}, []string{"ours 1440-1454"}},
		{"two of four were not reached", func(s *series) {
			for i, v := range []string{"acme", "bold", "core", "dune"} {
				s.steady(v, "/a", 0, minutesOfDay, 5, 4)
				for m := minutesOfDay; m < minutesOfDay+15; m++ {
					s.call(v, "/a", m, 5, int64(5*(1-i/2)), int64(5*(1-i/2)))
				}
				s.steady(v, "/a", minutesOfDay+15, 2*minutesOfDay, 5, 4)
			}
		}, []string{"acme * 1440-1454", "bold * 1440-1454"}},
		{"a ramp", func(s *series) {
			s.steady("acme", "/a", 0, minutesOfDay, 20, 4)
			for i := range int64(40) {
				s.steady("acme", "/a", minutesOfDay+i, minutesOfDay+i+1, 20, min(i, 40-i)*50)
			}
			s.steady("acme", "/a", minutesOfDay+40, 2*minutesOfDay, 20, 4)
		}, []string{"acme * 1441-1479"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s series
			c.make(&s)
			if got := s.find(); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// noisy is a week of several vendors with outages of all kinds in it.
func noisy(seed uint64) *series {
	r := rand.New(rand.NewPCG(seed, 7))
	s := &series{}
	for v := range 3 {
		vendor := fmt.Sprint("vendor", v)
		rate := 0.3 + 4*r.Float64()
		type bad struct {
			from, to int64
			share    float64
			route    int
		}
		var outages []bad
		for range 3 {
			from := 600 + r.Int64N(2*minutesOfDay)
			outages = append(outages, bad{from, from + 5 + r.Int64N(120), 0.2 + 0.8*r.Float64(), r.IntN(6) - 3})
		}
		for m := range 3 * minutesOfDay {
			for route := range 3 {
				share := 0.005
				for _, o := range outages {
					if m >= o.from && m < o.to && (o.route < 0 || o.route == route) {
						share = o.share
					}
				}
				for x := r.ExpFloat64(); x < rate; x += r.ExpFloat64() {
					failed := int64(0)
					if r.Float64() < share {
						failed = 1
					}
					s.call(vendor, fmt.Sprint("/", route), m, 1, failed, 0)
				}
			}
		}
	}
	return s
}

// TestOutageProperties: the answer depends neither on the order of what is given,
// nor on how quiet minutes are drawn together, and moves with the time by days.
func TestOutageProperties(t *testing.T) {
	for seed := range uint64(6) {
		s := noisy(seed)
		want, _ := FindOutages(s.runs(true), s.blocks(), s.last)
		if len(want) == 0 {
			t.Fatalf("seed %d: no outage at all", seed)
		}
		if got, _ := FindOutages(s.runs(true), s.blocks(), s.last); !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: the order of what is usual changes the outages", seed)
		}
		var names, apart []string
		for _, o := range want {
			names = append(names, shortOutage(o))
		}
		found, _ := FindOutages(s.runs(false), s.blocks(), s.last)
		for _, o := range found {
			apart = append(apart, shortOutage(o))
		}
		if !slices.Equal(names, apart) {
			t.Errorf("seed %d: minute by minute %q, drawn together %q", seed, apart, names)
		}
		moved := &series{}
		for k, r := range s.minutes {
			moved.call(r.Vendor, r.Route, k.minute+5*minutesOfDay, r.Calls, r.Failed, r.Unreached)
		}
		later, _ := FindOutages(moved.runs(true), moved.blocks(), moved.last)
		if len(later) != len(want) {
			t.Fatalf("seed %d: %d outages, five days later %d", seed, len(want), len(later))
		}
		for i, o := range later {
			if o.FirstMinute-5*minutesOfDay != want[i].FirstMinute || o.LastMinute-5*minutesOfDay != want[i].LastMinute || o.Open != want[i].Open {
				t.Errorf("seed %d: five days later it is %s, not %s", seed, shortOutage(o), shortOutage(want[i]))
			}
		}
	}
}

// FuzzFindOutages: whatever the series, windows lie in it, in order, and those of
// one scope do not overlap.
func FuzzFindOutages(f *testing.F) {
	f.Add([]byte("\x01\x05\x05\x01\x05\x05\x01\x05\x05\x01\x05\x00"))
	f.Add([]byte("\xff\xff\xff\x00\x00\x00\x80\x10\x10"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s series
		minute := int64(0)
		for len(data) >= 3 {
			minute += int64(data[0] % 32)
			calls := int64(data[1])
			s.call(fmt.Sprint(data[0]/128), fmt.Sprint(data[2]/128), minute, calls, min(calls, int64(data[2]%128)), 0)
			data = data[3:]
		}
		outages, _ := FindOutages(s.runs(true), s.blocks(), s.last)
		last := map[string]int64{}
		for _, o := range outages {
			scope := fmt.Sprint(o.Vendor, o.AllRoutes, o.Route)
			if end, ok := last[scope]; ok && o.FirstMinute <= end {
				t.Errorf("windows of %s overlap at %d", scope, o.FirstMinute)
			}
			last[scope] = o.LastMinute
			if o.FirstMinute < begin || o.LastMinute > s.last || o.LastMinute < o.FirstMinute || o.Failed > o.Calls || o.Failed < failedCallsMin || o.PeakRatio > 1 || !(o.Score >= openScore) {
				t.Errorf("an impossible window: %+v", o)
			}
		}
	})
}

func BenchmarkFindOutages(b *testing.B) {
	s := noisy(1)
	runs, blocks := s.runs(true), s.blocks()
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		FindOutages(runs, blocks, s.last)
	}
	b.ReportMetric(float64(len(runs))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
