package analysis

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// chance adds calls from and to (not included), as many a minute on average, each
// of which fails with a chance in a thousand that changes with the minute.
func (s *series) chance(r *rand.Rand, vendor, route string, from, to int64, perMinute float64, permille func(m int64) int, unreached bool) {
	for m := from; m < to; m++ {
		for sum := r.ExpFloat64(); sum < perMinute; sum += r.ExpFloat64() {
			failed := int64(0)
			if r.IntN(1000) < permille(m) {
				failed = 1
			}
			lost := failed
			if !unreached {
				lost = 0
			}
			s.call(vendor, route, m, 1, failed, lost)
		}
	}
}

func always(permille int) func(int64) int { return func(int64) int { return permille } }

// during gives a chance in a span of minutes, else a low one.
func during(first, last int64, permille int) func(int64) int {
	return func(m int64) int {
		if first <= m && m <= last {
			return permille
		}
		return 3
	}
}

// TestFindKinds has the kinds of trouble, and what looks like it, that an
// independent simulation of real traffic found hardest.
func TestFindKinds(t *testing.T) {
	const day, end = minutesOfDay, 2 * minutesOfDay
	for _, c := range []struct {
		name string
		make func(s *series, r *rand.Rand)
		want []string
	}{
		{"ten minutes down, ten minutes up, of few calls", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 2, func(m int64) int {
				if m >= day && m < day+110 && (m-day)/10%2 == 0 {
					return 900
				}
				return 3
			}, false)
		}, []string{"acme * 1440-1547"}},
		{"a quarter of an hour down, twenty minutes up, five times", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 6, func(m int64) int {
				if m >= day && m < day+155 && (m-day)%35 < 15 {
					return 900
				}
				return 3
			}, false)
		}, []string{"acme * 1440-1594"}},
		{"two within an hour are two", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 6, func(m int64) int {
				if m >= day && m < day+12 || m >= day+36 && m < day+50 {
					return 1000
				}
				return 3
			}, false)
		}, []string{"acme * 1440-1451", "acme * 1476-1489"}},
		{"a slow ramp", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 20, func(m int64) int {
				if m >= day && m < day+100 {
					return int(10 * (m - day))
				}
				return 3
			}, false)
		}, []string{"acme * 1444-1539"}},
		{"one call in twenty, where hardly any fails", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 60, during(day, day+119, 50), false)
		}, []string{"acme * 1440-1559"}},
		{"a moment on either side of the full minute", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 40, always(3), false)
			s.call("acme", "/a", day, 0, 10, 0)
			s.call("acme", "/a", day+1, 0, 8, 0)
		}, nil},
		{"a restart of ours between two stray failures", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 1, always(0), false)
			s.call("acme", "/a", day, 1, 1, 0)
			s.call("acme", "/a", day+20, 1, 1, 0)
			s.call("acme", "/a", day+42, 6, 6, 6)
		}, nil},
		{"one of our proxies is down: all lose a third", func(s *series, r *rand.Rand) {
			for _, v := range []string{"acme", "bold", "core", "dune", "echo"} {
				s.chance(r, v, "/a", 0, end, 5, during(day, day+29, 330), true)
			}
		}, []string{"ours 1440-1469"}},
		{"three of five lose a third", func(s *series, r *rand.Rand) {
			for i, v := range []string{"acme", "bold", "core", "dune", "echo"} {
				permille := 330
				if i > 2 {
					permille = 3
				}
				s.chance(r, v, "/a", 0, end, 9, during(day, day+29, permille), true)
			}
		}, []string{"acme * 1440-1469", "bold * 1440-1469", "core * 1441-1469"}},
		{"our network is back, and one call fails later", func(s *series, r *rand.Rand) {
			for _, v := range []string{"acme", "bold", "core", "dune"} {
				s.chance(r, v, "/a", 0, end, 3, during(day, day+19, 1000), true)
			}
			s.chance(r, "echo", "/a", 0, day+20, 0.5, during(day, day+19, 1000), true)
			s.call("echo", "/a", day+26, 1, 1, 1)
			s.chance(r, "echo", "/a", day+27, end, 0.5, always(0), true)
		}, []string{"ours 1440-1459"}},
		{"a vendor goes down soon after our network was back", func(s *series, r *rand.Rand) {
			for i, v := range []string{"acme", "bold", "core", "dune"} {
				s.chance(r, v, "/a", 0, end, 3, func(m int64) int {
					switch {
					case m >= day && m < day+20:
						return 700
					case i == 0 && m >= day+28 && m < day+90:
						return 900
					}
					return 3
				}, true)
			}
		}, []string{"acme * 1468-1529", "ours 1440-1459"}},
		{"calls fall away while a vendor is down", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, day, 12, always(3), false)
			s.chance(r, "acme", "/a", day, day+60, 0.7, always(1000), false)
			s.chance(r, "acme", "/a", day+60, end, 12, always(3), false)
		}, []string{"acme * 1440-1498"}},
		{"one batch an hour, three of them down", func(s *series, r *rand.Rand) {
			for h := int64(0); h < 48; h++ {
				failed := int64(0)
				if h >= 24 && h < 27 {
					failed = 40
				}
				s.call("acme", "/a", 60*h+2, 40, failed, 0)
			}
		}, []string{"acme * 1442-1562"}},
		{"twice as many fail in the rush of every day", func(s *series, r *rand.Rand) {
			s.chance(r, "acme", "/a", 0, end, 10, func(m int64) int {
				if h := m % day / 60; h >= 11 && h < 14 {
					return 30
				}
				return 12
			}, false)
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s series
			c.make(&s, rand.New(rand.NewPCG(8, 15)))
			if got := s.find(); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestPartyName(t *testing.T) {
	for _, c := range []struct{ vendor, host, want string }{
		{"stripe", "", "stripe"},
		{"unknown", "eu.geo.example", "geo.example"},
		{"unknown", "us.geo.example", "geo.example"},
		{"unknown", "api.acme.co.uk", "acme.co.uk"},
		{"unknown", "api.acme.eu", "acme.eu"},
		{"unknown", "10.0.0.7", "10.0.0.7"},
		{"unknown", "localhost", "localhost"},
		{"unknown", ".", "."},
	} {
		if got := partyName(c.vendor, c.host); got != c.want {
			t.Errorf("%s %s is of %q, want %q", c.vendor, c.host, got, c.want)
		}
	}
}
