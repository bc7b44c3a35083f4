package queries

import (
	"errors"
	"slices"
	"testing"
)

func TestParseUser(t *testing.T) {
	for _, c := range []struct {
		name, raw  string
		line       int // 0 is sound
		parameters []string
	}{
		{"sound", "-- question: How many?\n-- parameters: since, vendor\nSELECT count(*) FROM requests WHERE ts >= $since AND vendor = $vendor", 0, []string{"since", "vendor"}},
		{"no parameters", "-- question: How many?\nSELECT 1", 0, nil},
		{"Windows and a mark", "\ufeff-- question: How many?\r\n-- parameters: none\r\nSELECT 1\r\n", 0, nil},
		{"dollars that are none", "-- question: q\nSELECT '$since', \"$until\", $$ $vendor $$, $x$ $account $x$ -- $since\n/* $since */", 0, nil},
		{"no question", "SELECT 1", 1, nil},
		{"nothing", "", 1, nil},
		{"no statement", "-- question: q\n-- prose\n", 2, nil},
		{"a parameter that nobody fills", "-- question: q\n-- parameters: limit\nSELECT $limit", 2, nil},
		{"not in the header", "-- question: q\nSELECT 1,\n  $since", 3, nil},
		{"not used", "-- question: q\n\n-- parameters: since\nSELECT 1", 1, nil},
		{"not used, in the header", "-- question: q\n-- parameters: since\nSELECT 1", 2, nil},
	} {
		got, err := ParseUser("x.sql", c.raw)
		var broken *FileError
		if c.line == 0 && (err != nil || !slices.Equal(got.Parameters, c.parameters)) {
			t.Errorf("%s: %+v, error %v", c.name, got, err)
		}
		if c.name == "not used" { // the header ends at the empty line
			continue
		}
		if c.line > 0 && (!errors.As(err, &broken) || broken.Line != c.line || broken.File != "x.sql") {
			t.Errorf("%s: error %v, want line %d", c.name, err, c.line)
		}
	}
}

func FuzzParseUser(f *testing.F) {
	f.Add("-- question: q\n-- parameters: since\nSELECT $since, '$x', $$y$$")
	f.Fuzz(func(t *testing.T, raw string) {
		if _, err := ParseUser("f", raw); err != nil {
			var broken *FileError
			if !errors.As(err, &broken) || broken.Line < 1 {
				t.Errorf("%v", err)
			}
		}
	})
}
