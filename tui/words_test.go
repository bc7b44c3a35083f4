package tui

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestFilter(t *testing.T) {
	r := &row{any: "smartcar\nvehicle_state:asleep\n409\nyou", columns: map[string]string{"vendor": "smartcar", "code": "vehicle_state:asleep", "http": "409"}}
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"", true}, {"   ", true}, {"SMART", true}, {"smart 409", true}, {"smart 500", false}, {"!smart", false}, {"!nothing", true}, {"!", true},
		{"vendor:smart", true}, {"vendor:409", false}, {"vendor:=smart", false}, {"vendor:=smartcar", true}, {"!vendor:=smartcar", false},
		{"vehicle_state:asleep", true}, {"code:asleep", true}, {"http:40", true}, {`"you"`, true}, {`"smartcar you"`, false}, {`code:"state:asleep"`, true},
		{"vendor:", true}, {"vendor:=", false}, {`"`, true},
	} {
		if got := parseFilter(c.in, func(s string) bool { return slices.Contains(filterColumns[:], s) }).match(r); got != c.want {
			t.Errorf("filter %q matches: %v, want %v", c.in, got, c.want)
		}
	}
	if got, want := filterTerm("host", `My "Host" A`), `host:="my host a"`; got != want {
		t.Errorf("filterTerm gave %s, want %s", got, want)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{count(0), "0"}, {count(999), "999"}, {count(1000), "1 000"}, {count(-1234567), "-1 234 567"}, {count(123456), "123 456"}, {count(-100000), "-100 000"},
		{short(0), "0"}, {short(0.4), "0.4"}, {short(7), "7"}, {short(446), "446"}, {short(2100), "2.1k"}, {short(9999), "10k"}, {short(31e6), "31M"}, {short(math.NaN()), "-"}, {short(999.9), "1.0k"}, {short(5e15), "5000T"},
		{size(0), "0 B"}, {size(999), "999 B"}, {size(1500), "1.5 kB"}, {size(340e6), "340 MB"}, {size(5e15), "5000 TB"},
		{percent(0, 10), "0"}, {percent(1, 0), "-"}, {percent(1, 1e6), "<0.01"}, {percent(1, 100), "1.00"}, {percent(1, 3), "33.3"}, {percent(5, 5), "100.0"},
		{millis(math.NaN()), "-"}, {millis(-1), "-"}, {millis(0.2), "<1 ms"}, {millis(812), "812 ms"}, {millis(29804), "29.8 s"},
		{span(40 * time.Second), "40 s"}, {span(14 * time.Minute), "14 min"}, {span(5 * time.Hour), "5 h"}, {span(80 * time.Hour), "3 d"}, {span(20 * time.Millisecond), "20 ms"},
		{statusWords(0), "no response"}, {statusWords(-1), "status not logged"}, {statusWords(409), "409 Conflict"}, {statusWords(499), "499"},
		{statusShort(0), "none"}, {statusShort(-1), "-"},
		{when(time.Time{}, fakeEnd), "-"}, {when(fakeEnd.Add(-3*time.Second), fakeEnd), "3s ago"}, {when(fakeEnd.Add(-9*time.Minute), fakeEnd), "9m ago"},
		{when(fakeEnd.Add(-5*time.Hour), fakeEnd), "5h ago"}, {when(fakeEnd.Add(-50*time.Hour), fakeEnd), "11-18 14:00"}, {when(fakeEnd.AddDate(-1, 0, 0), fakeEnd), "2025-11-20"},
		{when(fakeEnd.Add(time.Hour), fakeEnd), "11-20 17:00"}, {stamp(time.Time{}), "-"}, {plural(1, "line"), "1 line"}, {plural(1200, "line"), "1 200 lines"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestHeadersOf(t *testing.T) {
	got := headersOf(`{"b":"1","a":["x","y"],"n":3}`)
	want := []header{{"b", "1"}, {"a", "x"}, {"a", "y"}, {"n", "3"}}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("field %d is %v, want %v", i, got[i], want[i])
		}
	}
	for _, bad := range []string{`[1]`, `{"a":`, `{"a":"b"`, `plain`, `{"a" "b"}`} {
		if got := headersOf(bad); len(got) == 0 || got[len(got)-1].value == "" {
			t.Errorf("headersOf(%q) = %v loses the text", bad, got)
		}
	}
	if headersOf(" ") != nil {
		t.Error("nothing gives a field")
	}
}

func TestWrap(t *testing.T) {
	if got := wrap("aa bb cc dddddd", 5); len(got) != 4 || got[0] != "aa bb" || got[1] != "cc" || got[2] != "ddddd" || got[3] != "d" {
		t.Errorf("wrap gave %q", got)
	}
	if got := hardwrap("漢字漢字x", 5); len(got) != 2 || got[0] != "漢字" || got[1] != "漢字x" {
		t.Errorf("hardwrap gave %q", got)
	}
}
