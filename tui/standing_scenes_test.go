package tui

import "testing"

// standingScenes are the states of the quota and outages screens that are looked
// at.
func standingScenes() []scene {
	keys := func(names ...string) func(testing.TB, int, int) *driver {
		return func(t testing.TB, w, h int) *driver { return opened(t, newFake(), w, h).keys(names...) }
	}
	empty := func(names ...string) func(testing.TB, int, int) *driver {
		return func(t testing.TB, w, h int) *driver { return opened(t, &fake{}, w, h).keys(names...) }
	}
	return []scene{
		{"quota", keys("4", "j")},
		{"quota-unlimited", keys("4", "j", "j", "j", "j", "j")},
		{"quota-past", keys("4", "G")},
		{"quota-whatif", func(t testing.TB, w, h int) *driver {
			return opened(t, newFake(), w, h).keys("4", "j", "w").text("+50 %")
		}},
		{"quota-chart", keys("4", "j", "f")},
		{"quota-rates", keys("4", "tab")},
		{"quota-users", keys("4", "j", "enter")},
		{"quota-empty", empty("4")},
		{"outages", keys("5")},
		{"outages-route", keys("5", "j", "j")},
		{"outages-local", keys("5", "j", "j", "j")},
		{"outages-planned", keys("5", "G", "space")},
		{"outages-chart", keys("5", "f")},
		{"outages-failures", keys("5", "j", "j", "enter")},
		{"outages-filter", func(t testing.TB, w, h int) *driver {
			return opened(t, newFake(), w, h).keys("5", "/").text("carsxe")
		}},
		{"outages-empty", empty("5")},
	}
}
