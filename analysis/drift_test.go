package analysis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

func TestTemplate(t *testing.T) {
	for in, want := range map[string]string{
		"": "",
		"Rate limit of 1,200 reached. Try again in 20 seconds": "Rate limit of {int} reached. Try again in {int} seconds",
		"No user 550e8400-e29b-41d4-a716-446655440000":         "No user {id}",
		"See https://api.example/errors#x, please.":            "See {url}, please.",
		"Parameter 'vin' is wrong":                             "Parameter '{word}' is wrong",
		`Unknown field "a b" of "c".`:                          `Unknown field "{word}" of "{word}".`,
		"You don't own it, and they don't":                     "You don't own it, and they don't",
		"Mail to ops@acme.example bounced":                     "Mail to {email} bounced",
		"Reset at 2026-11-13T09:00:00Z (12:30:45)":             "Reset at {date} ({time})",
		"from 203.0.113.9: 3.5 of 4 used":                      "from {ip}: {number} of {int} used",
		"charge ch_3Jx81a2 failed, id=abc12345def":             "charge {id} failed, id={id}",
		"OAuth2 and v2 of base64 stay":                         "OAuth2 and v2 of base64 stay",
		"/v1/things/17/parts gone":                             "/v1/things/{int}/parts gone",
		"deadbeef is a word, deadbee1 is not":                  "deadbeef is a word, {id} is not",
		"token AbCdEfGhIjKlMnOpQrStUv ended":                   "token {id} ended",
		"ProvisionedThroughputExceededException was thrown":    "ProvisionedThroughputExceededException was thrown",
		"two\n lines\tand  blanks":                             "two lines and blanks",
		"Fehler bei Gerät 12: ungültig":                        "Fehler bei Gerät {int}: ungültig",
		"-5 and 1.2.3":                                         "{int} and {int}.{int}.{int}",
		strings.Repeat("é", 200):                               strings.Repeat("é", 150) + "…",
		"unbalanced \"quote and 'one more":                     "unbalanced \"quote and 'one more",
	} {
		if got := Template(in); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("Rate limit of 'x' at https://a.b/c, id 17\xff")
	f.Fuzz(func(t *testing.T, s string) {
		once := Template(s)
		if len(once) > 8*templateBytesMax {
			t.Errorf("%d bytes of %d", len(once), len(s))
		}
		Shape(s)
	})
}

func TestShape(t *testing.T) {
	for in, want := range map[string]string{
		" ": "empty", "plain words": "text", "<!DOCTYPE html><html>": "html", "<?xml version='1.0'?><Error/>": "xml",
		`{"error":{"code":1,"message":"x","details":[{"a":1},{"b":2}]},"ok":false}`: "{error:{code,message,details:[{a}]},ok}",
		`["a","b"]`: "[]", `{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}`: "{a:{b:{c:{d:{…}}}}}", `{"cut":{"of`: "{cut:{}}",
	} {
		if got := Shape(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestDrift(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	rows := []queries.DriftRow{
		{Vendor: "acme", Code: "E_NEW", Type: "t", Message: "Thing 17 is broken", Status: 409, Failures: 3, First: day(5), Last: day(6), Newest: "99"},
		{Vendor: "acme", Code: "E_NEW", Type: "t", Message: "Thing 18 is bent", Status: 400, Failures: 5, First: day(2), Last: day(7), Newest: "100"},
		{Vendor: "unknown", Host: "a.example", Message: "No user 17", Status: 404, Failures: 1, First: day(3), Last: day(3), Newest: "7"},
		{Vendor: "unknown", Host: "a.example", Message: "No user 18", Status: 404, Failures: 1, First: day(1), Last: day(1), Newest: "5"},
		{Vendor: "unknown", Host: "b.example", Message: "No user 18", Status: 404, Failures: 1, First: day(8), Last: day(8), Newest: "9"},
		{Vendor: "unknown", Host: "b.example", Body: `{"x":{"y":1}}`, Status: 500, Failures: 1, First: day(8), Last: day(8), Newest: "10"},
		{Vendor: "unknown", Host: "b.example", Status: 430, Failures: 1, First: day(8), Last: day(8), Newest: "11", Category: record.UnknownCategory},
		{Vendor: "unknown", Host: "b.example", Type: "odd", Status: record.Absent, Failures: 1, Newest: "12"},
	}
	text := func(list []queries.Drift) string {
		var out strings.Builder
		for _, d := range list {
			fmt.Fprintln(&out, d.Vendor, d.Host, d.Kind, d.Value, d.Type, d.Message, d.Statuses, d.Failures, d.First.Day(), d.Last.Day(), d.Sample.Place)
		}
		return out.String()
	}
	want := `acme  code E_NEW t Thing {int} is bent [400 409] 8 2 7 100
unknown a.example message No user {int}  No user {int} [404] 2 1 3 7
unknown b.example message No user {int}  No user {int} [404] 1 8 8 9
unknown b.example shape {x:{y}}   [500] 1 8 8 10
unknown b.example status 430   [430] 1 8 8 11
unknown b.example type odd   [] 1 1 1 12
`
	if got := text(Drift(rows, time.Time{})); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := Drift(rows, day(3)); len(got) != 3 || got[0].First.Before(day(3)) {
		t.Errorf("since the third: %s", text(got))
	}
	if got := Drift(rows, day(2)); len(got) != 4 {
		t.Errorf("since the second: %s", text(got))
	}
}
