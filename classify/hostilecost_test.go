package classify

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/errscope/errscope/record"
)

// hostileBytesMax is what labelling one hostile response may allocate once the
// labeler has its scratch: a few times the part of a body that is looked at.
const hostileBytesMax = 8 * BodyBytesMax

// hostileResponse is made to cost much. Each is so big that a reader whose work
// grows with the square of it would not end.
type hostileResponse struct {
	name    string
	status  int
	headers []record.Header
	body    string
	want    []string
}

// TestHostileCost bounds what one response can cost, without a clock: the bytes
// that labelling it allocates.
func TestHostileCost(t *testing.T) {
	set := load(t)
	l := NewEngine(set, nil, false).NewLabeler()
	var out record.Label
	// The scratch of a labeler is made with the first body that needs it.
	l.Label(acme(t, 500, nil, gzipped(t, []byte("{}"))), &out)
	for _, c := range append(hostileBodies(t), hostileHeaders()...) {
		t.Run(c.name, func(t *testing.T) {
			r := acme(t, c.status, c.headers, c.body)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			l.Label(r, &out)
			runtime.ReadMemStats(&after)
			if cost := after.TotalAlloc - before.TotalAlloc; cost > hostileBytesMax {
				t.Errorf("labelling %d bytes allocated %d, at most %d are allowed", len(c.body), cost, hostileBytesMax)
			}
			wellFormed(t, &out)
			expect(t, out, c.want...)
		})
	}
}

func hostileBodies(t *testing.T) []hostileResponse {
	const many = 1 << 20
	deepXML := strings.Repeat("<Error>", 100_000)
	escaped := strings.Repeat(`\u0041`, many/6)
	failed := []string{"failure true", "category server"}
	return []hostileResponse{
		{"64 MiB of open objects", 500, nil, strings.Repeat(`{"error":`, 64<<20/9), failed},
		{"64 MiB of open objects and arrays", 500, nil, strings.Repeat(`{"errors":[`, 64<<20/11), failed},
		{"100000 levels, closed", 500, nil, strings.Repeat(`{"error":`, 100_000) + "1" + strings.Repeat("}", 100_000), failed},
		{"100000 levels of XML", 500, nil, deepXML, failed},
		{"100000 levels of XML, closed", 500, nil, deepXML + strings.Repeat("</Error>", 100_000) + "<Code>X</Code>", failed},
		{"a million elements", 500, nil, "<Error>" + strings.Repeat("<Code>A</Code>", many/14), []string{"code A"}},
		{"a million closing tags", 500, nil, "<Error>" + strings.Repeat("</a>", many/4), failed},
		{"a tag of a million attributes", 500, nil, "<Error" + strings.Repeat(` a="b"`, many/6) + "><Code>A", nil},
		{"a quote that never ends", 500, nil, "<Error>" + strings.Repeat(`<Code a="`, many/9), failed},
		{"CDATA that never ends", 500, nil, "<Error>" + strings.Repeat("<Code><![CDATA[", many/15), nil},
		{"comments that never end", 500, nil, strings.Repeat("<!--", many/4), failed},
		{"references without end", 500, nil, "<Error><Message>" + strings.Repeat("&amp;", many/5), failed},
		{"titles without end", 500, nil, "<html>" + strings.Repeat("<title", many/6), failed},
		{"doubled members", 400, nil, `{"code":"FIRST","message":"m",` + strings.Repeat(`"code":"B","message":"n",`, many/25) + `"x":1}`, []string{"code FIRST", "message m"}},
		{"keys of escapes", 500, nil, "{" + strings.Repeat(`"\u0061":1,`, many/11) + `"x":1}`, failed},
		{"codes and messages of escapes", 500, nil, `{"error":{"type":"` + escaped[:many/4] + `","code":"` + escaped[:many/4] + `","message":"` + escaped[:many/4] + `"}}`, nil},
		{"NaN and infinities", 500, nil, `{"status":NaN,"code":Infinity,"message":-Infinity}`, failed},
		{"a number of a million digits", 500, nil, `{"code":"A","message":"m","retry_after":` + strings.Repeat("9", many/2) + `,"status":1e` + strings.Repeat("9", many/4) + "}", []string{"code A", "body_status 0", "retry_after_s -1"}},
		{"invalid UTF-8 throughout", 500, nil, `{"code":"A","message":"` + strings.Repeat("\xff", many/2) + `"}`, nil},
		{"elements for every selector", 500, nil, `{"error":{"details":[` + strings.Repeat(`{"@type":"x"},`, many/14) + "1]}}", failed},
		{"elements of a list for every selector", 500, nil, "[" + strings.Repeat(`{"status":200,"error":null},`, many/28) + "1]", failed},
		{"a success of a million elements", 200, nil, `{"responses":[` + strings.Repeat(`{"status":200},`, many) + "1]}", []string{"failure false"}},
		{"a million events", 200, nil, strings.Repeat("data: {}\n\n", many), []string{"failure false"}},
		{"an event of a million lines", 200, nil, "event: error\n" + strings.Repeat("data: {\n", many/8), []string{"failure true"}},
		{"events that only look failed", 200, nil, strings.Repeat(`data: {"a":"error"}`+"\n\n", many/21), []string{"failure false"}},
		{"a million lines that only look failed", 200, nil, strings.Repeat(`{"a":"error"}`+"\n", many/14), []string{"failure false"}},
		{"lines within a line", 200, nil, "{}\n{" + strings.Repeat(`"error":{`, many/9), nil},
		{"a million names of one fault", 200, nil, "<methodResponse><fault>" + strings.Repeat("<name>faultString</name><value><string>", many/39), nil},
		{"small XML of many elements", 500, nil, strings.Repeat("<a>", 1300), failed},
		{"a text in a text", 500, nil, `"` + strings.Repeat(`\"{`, many/3) + `"`, nil},
		{"calls in calls", 500, nil, strings.Repeat("a({", many/3), nil},
		{"a form of a million pairs", 500, nil, strings.Repeat("a=b&", many/4), nil},
		{"addresses without end", 500, nil, `{"error":{"code":"` + strings.Repeat("://", many/6) + `","message":"` + strings.Repeat("://", many/6) + `"}}`, nil},
		{"64 MiB of UTF-16", 500, nil, utf16Text(`{"error":{"code":"A","message":"` + strings.Repeat("m", 32<<20)), []string{"code A"}},
		{"a gzip bomb", 500, nil, gzipped(t, bytes.Repeat([]byte("{"), 64<<20)), failed},
		{"a gzip bomb in gzip", 500, nil, gzipped(t, []byte(gzipped(t, bytes.Repeat([]byte("{"), 16<<20)))), failed},
		{"a zlib bomb", 500, nil, zipped(t, bytes.Repeat([]byte(`{"error":`), 64<<20/9)), failed},
		{"64 MiB of text", 500, nil, strings.Repeat("word ", 64<<20/5), nil},
	}
}

func hostileHeaders() []hostileResponse {
	const many = 1_000_000
	same, other, limits := make([]record.Header, many), make([]record.Header, many), make([]record.Header, many)
	for i := range many {
		limits[i] = record.Header{Name: []byte("RateLimit"), Value: []byte(`"a";r=0;t=1`)}
		same[i] = record.Header{Name: []byte("www-authenticate"), Value: []byte(`Bearer x="y"`)}
		other[i] = record.Header{Name: fmt.Appendf(nil, "x-github-%d", i%1000), Value: []byte("v")}
	}
	long := strings.Repeat(`,"a";r=0;t=`, 1<<20)
	return []hostileResponse{
		{"a million challenges", 401, same, "", []string{"category authentication"}},
		{"a million limits", 429, limits, "", []string{"retry after_reset", "retry_after_s 1"}},
		{"a million headers", 500, append(other, headers("retry-after", "7", "x-github-request-id", "r-1")...), "", []string{"request_id r-1"}},
		{"headers without end", 429, headers("retry-after", long, "ratelimit", long, "ratelimit-policy", long, "x-ratelimit-reset", long, "x-ratelimit-remaining", long,
			"www-authenticate", long, "date", long, "x-request-id", long, strings.Repeat("n", 1<<20), "v"), "", []string{"category rate_limit", "request_id "}},
		{"numbers without end", 429, headers("retry-after", strings.Repeat("9", 1<<20), "retry-after-ms", "1e309", "x-ratelimit-reset", "NaN", "x-ratelimit-limit", "-1", "x-ratelimit-remaining", "99999999999999999999"), "",
			[]string{"retry backoff", "retry_after_s -1"}},
	}
}

func utf16Text(s string) string {
	out := make([]byte, 0, 2*len(s))
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func zipped(t testing.TB, b []byte) string {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestSelectorsAllCount: however many packs ask one list for elements, each of
// them is answered.
func TestSelectorsAllCount(t *testing.T) {
	s := newSlots()
	l := &Labeler{e: &Engine{set: &Set{slots: s}}}
	var last int
	for i := range 200 {
		slot, err := s.path(fmt.Sprintf("list[kind=k%d].code", i))
		if err != nil {
			t.Fatal(err)
		}
		last = slot
	}
	l.body = make([]slotValue, len(s.paths))
	l.scan([]byte(`{"list":[{"kind":"k3","code":"A"},{"kind":"k199","code":"B"}]}`), s.root)
	if got := string(l.scalar(last)); got != "B" {
		t.Errorf("the last selector found %q, want B", got)
	}
}
