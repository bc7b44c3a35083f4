package ingest_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// checkHabits reads lines with one parser, which remembers what the lines
// before were like, and each with a parser of its own, which remembers nothing:
// what a line means does not depend on its neighbours.
func checkHabits(t *testing.T, format string, lines []string) {
	t.Helper()
	cfg := ingest.Config{Bindings: vendors()}
	remembering := ingest.LineParser(format, cfg)
	read := func(parse func([]byte, *record.Draft) record.Reason, line string) string {
		var d record.Draft
		d.Reset()
		if reason := parse([]byte(line), &d); reason != "" {
			return string(reason)
		}
		return ingesttest.Fields(&d)
	}
	for i, line := range lines {
		got, want := read(remembering, line), read(ingest.LineParser(format, cfg), line)
		if got != want {
			t.Fatalf("line %d, %s\n got %s\nwant %s", i, line, got, want)
		}
	}
}

// habitColumns look like what is remembered, or nearly so.
var habitColumns = strings.Fields(`"api.acme.example" API.Acme.Example "api.carsxe.com" a..b .a.bc a.b a.b- 3scale.example.com localhost _
	0.028 1.5 12345.678 1234567890.123 1.234 "0.250" -0.5 400 099 600 200 "502" 1234 12345678901234567890123456789012
	203.0.113.40:443 "10.0.0.1:80" 1.2.3.4:123456 1...:1 [::1]:80 ::1:80 unix:/run/x.sock - "-" ""
	5f54cdb34f0c90887e4328bc0f7dfb8a "5F54CDB34f0c90887e4328bc0f7dfb8a" 5f54cdb34f0c90887e4328bc0f7dfb8g 5f54cdb34f0c90887e4328bc0f7dfb8
	"2f0c6f3e-1c4e-4a7c-9a57-2b1f0c9f2b11" 01234567-89.b-cdef-0123-0123456789ab req_123456789 req-1.example
	00-752178adb17130b291aefd8c386279e7-00f067aa0ba902b7-01 rt=0.100 us="200" us=502 urt="0.1" host=a.example rid=abc trace=x k= k="
	a_name_that_is_longer_than_what_is_remembered=0.100 [default-api-80] [] , : 0.100, MISS TLSv1.3 "x\"y"`)

func TestHabits(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	heads := []string{head, head, head, strings.Replace(head, "203.0.113.9", "::1", 1), strings.Replace(head, "203.0.113.9 - -", "shop.example 203.0.113.9 - bob", 1),
		strings.Replace(head, "/a", `/\"a`, 1), strings.Replace(head, "200 12", "304 -", 1), strings.Replace(head, "+0100", "-0330", 1),
		`[10/Feb/2026:21:23:32 +0100] mx.example.org 192.0.2.1 0.227 "GET / HTTP/2.0" 207 125`}
	gaps := []string{" ", " ", " ", " ", " ", " ", " ", " ", "  ", "", "\t", " : ", ", "}
	var lines []string
	for i := range 40_000 {
		var b strings.Builder
		b.WriteString(heads[rnd.IntN(len(heads))])
		for j := range rnd.IntN(9) {
			column := (i/50 + j*7) % len(habitColumns) // the same ones for a while
			if rnd.IntN(8) == 0 {
				column = rnd.IntN(len(habitColumns))
			}
			gap := " "
			if rnd.IntN(4) == 0 {
				gap = gaps[rnd.IntN(len(gaps))]
			}
			b.WriteString(gap + habitColumns[column])
		}
		lines = append(lines, b.String())
	}
	checkHabits(t, "combined", lines)
}

func TestHabitsJSON(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	members := []string{`"status":200`, `"status_code":"404"`, `"Status_Code":500`, `"url":"https://v.example/a"`, `"http":{"request":{"method":"GET"},"response":{"status_code":404}}`,
		`"http":{"response":{"body":{"bytes":3,"content":"x"},"headers":{"a":["b","c"]}}}`, `"http":{"response":{"header":{"x-y":"z"}}}`, `"http":5`, `"a\u0062":1`,
		`"attributes":{"http.method":"PUT","attributes":{"duration_ms":5}}`, `"duration_ms":[1]`, `"duration_ms":"7"`, `"body":{"error":"x"}`, `"body":null`, `"headers":[["a","b"]]`,
		`"http.response.header.Retry-After":["3"]`, `"time":"2026-03-04T09:15:02.5Z"`, `"time":"2026-03-04T09:15:61Z"`, `"time":"2026-03-04T09:15:02+01:00"`, `"time":1772615702`,
		`"other":{"status":3}`, `"request":"GET /b HTTP/1.1"`, `"request":{"path":"/c"}`, `"":{}`}
	var lines []string
	for i := range 40_000 {
		var line []string
		for j := range 1 + rnd.IntN(6) {
			member := (i/50 + j*5) % len(members)
			if rnd.IntN(6) == 0 {
				member = rnd.IntN(len(members))
			}
			line = append(line, members[member])
		}
		lines = append(lines, "{"+strings.Join(line, ",")+"}")
	}
	checkHabits(t, "json", lines)
}

// TestRecall reads lines whose names come in the order of the line before, or in
// another one.
func TestRecall(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	attribute := func(key, value string) string { return `{"key":"` + key + `","value":{"stringValue":"` + value + `"}}` }
	long := strings.Repeat("n", 70)
	for format, c := range map[string]struct {
		head, gap, tail string
		pairs           []string
	}{
		"ltsv": {"", "\t", "", []string{"time:2026-03-04T09:15:02Z", "host:203.0.113.7", "Host:203.0.113.8", "method:GET", "uri:/v2", "status:429", "status:2x9", "size:18", "reqtime:0.2",
			"reqtime_ms:7", "ua:fleet", "vhost:api.example.com", "none", ":", "", "a:1", long + ":1", long + "status:5"}},
		"heroku": {"2026-03-04T09:15:02.118301+00:00 heroku[router]: at=info method=GET ", " ", "", []string{`path="/v2"`, "host=api.example.com", "request_id=r1", "dyno=web.1", "connect=1ms",
			"service=7ms", "status=429", "status=2x9", "bytes=9", "code=H12", `desc="Request timeout"`, `desc="x`, "a", long + "=1"}},
		"logfmt": {"", " ", "", []string{"time=2026-03-04T09:15:02Z", "t=2026-03-04T09:15:03Z", "level=warn", `msg="call failed"`, `msg="call`, "method=GET", "url=https://api.example.com/v2",
			"status=429", "duration=1.5ms", "a", "1a=b", "=x", "request_id=r1", "x-request-id=r2", long + "=1"}},
		"otlp_lines": {`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","kind":3,"attributes":[`, ",", `],"endTimeUnixNano":"1772615702118000000"}]}]}]}`,
			[]string{attribute("http.request.method", "GET"), attribute("http.method", "PUT"), attribute("url.full", "https://api.example.com/v2"), attribute("http.response.status_code", "429"),
				attribute("http.status_code", "503"), attribute("a", "b"), attribute("http.response.header.x-request-id", "r1"), attribute("error.type", "timeout"), attribute(long, "x"),
				`{"key":"http.status_code","value":{"intValue":7`, `{"key":"http.status_code","value":{"intValue":500,}}`, `{"key":"a"]}`, "1", `"x"`, "{}", `{"value":{"stringValue":"x"},"key":"http.method"}`,
				`{"key":"user_agent.original","value":{"arrayValue":{"values":[{"stringValue":"u"}]}}}`}},
	} {
		var lines []string
		for i := range 8000 {
			var line []string
			for j := range 1 + rnd.IntN(9) {
				at := (i/50 + j*5) % len(c.pairs)
				if rnd.IntN(6) == 0 {
					at = rnd.IntN(len(c.pairs))
				}
				line = append(line, c.pairs[at])
			}
			lines = append(lines, c.head+strings.Join(line, c.gap)+c.tail)
		}
		t.Run(format, func(t *testing.T) { checkHabits(t, format, lines) })
	}
}

// TestHabitsBounded reads more names than are remembered.
func TestHabitsBounded(t *testing.T) {
	var lines []string
	for i := range 3000 {
		key := strings.Repeat("k", i%200) + string(rune('a'+i%26)) + strings.Repeat("x", i/200)
		lines = append(lines, `{"`+key+`":1,"attributes":{"`+key+`_ms":2,"http":{"response":{"`+key+`":{},"status_code":404}}},"url.path":"/a"}`)
	}
	checkHabits(t, "json", lines)
}

func FuzzHabits(f *testing.F) {
	f.Add(head + " " + strings.Join(habitColumns[:12], " ") + "\n" + head + " " + strings.Join(habitColumns[1:13], " "))
	f.Add(strings.TrimSpace(egressLog(3)))
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		checkHabits(t, "combined", append(lines, lines...))
		checkHabits(t, "json", append(lines, lines...))
	})
}
