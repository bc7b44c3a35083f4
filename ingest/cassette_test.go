package ingest_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

const rubyCassette = `---
http_interactions:
- request:
    method: post
    uri: https://V.example/a?b=c
    body:
      encoding: UTF-8
      string: '{"vin":"it''s one"}'
    headers:
      User-Agent:
      - x/1
      Authorization:
      - "Bearer <TOKEN>"
  response:
    status:
      code: 429
      message: Too Many Requests
    headers:
      X-Request-Id:
      - r1
      Content-Length:
      - '4'
      Set-Cookie:
      - "<A>"
      - "<B>"
    body:
      encoding: ASCII-8BIT
      string: '{"error":"too many
        calls: wait

        a minute"}'
    http_version: '1.1'
  recorded_at: Wed, 04 Mar 2026 08:15:02 GMT
- request:
    method: get
    uri: https://v.example/
  response:
    status: {code: 200, message: OK}
    body: {encoding: UTF-8, base64_string: "aGkg\n  YWxs"}
  recorded_at: Wed, 04 Mar 2026 08:15:03 GMT
recorded_with: VCR 6.4.0
`

const rubyWant = `time=2026-03-04T08:15:02Z method=POST scheme=https host=v.example path=/a query=b=c target=https://V.example/a?b=c version=1.1 status=429 bytes=4 agent=x/1 request_id=r1 > User-Agent=x/1 > Authorization="Bearer <TOKEN>" < X-Request-Id=r1 < Content-Length=4 < Set-Cookie=<A> < Set-Cookie=<B> request_body="{\"vin\":\"it's one\"}" body="{\"error\":\"too many calls: wait\na minute\"}" outbound`

// placed puts line and offset of the interactions before the wanted rows.
func placed(input string, want []string) []string {
	var rows []string
	line, offset := 1, 0
	for text := range strings.Lines(input) {
		item := strings.TrimLeft(text, " ")
		for _, head := range []string{"- request:", "- id:", "- {", "-\n"} {
			if strings.HasPrefix(item, head) && len(rows) < len(want) {
				rows = append(rows, fmt.Sprintf("%d@%d %s", line, offset+len(text)-len(item), want[len(rows)]))
			}
		}
		line, offset = line+1, offset+len(text)
	}
	return rows
}

func TestCassetteYAML(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkRows(t, ingesttest.Read(t, ingest.Config{Bindings: vendors()}, input), placed(input, want)...)
		})
	}
	const second = `time=2026-03-04T08:15:03Z method=GET scheme=https host=v.example path=/ target=https://v.example/ status=200 body="hi all" outbound`
	f("ruby", rubyCassette, `cassette `+rubyWant, `cassette `+second)
	f("ruby with CRLF and a byte order mark", "\xef\xbb\xbf"+strings.ReplaceAll(rubyCassette, "\n", "\r\n"), `cassette `+rubyWant, `cassette `+second)

	const go3 = "---\nversion: 2\ninteractions:\n    - id: 0\n      request:\n        proto: HTTP/1.1\n        host: v.example\n        form: {}\n        trailer: {}\n        transfer_encoding: []\n" +
		"        headers:\n            Accept:\n                - '*/*'\n        url: https://v.example/v2\n        method: GET\n" +
		"      response:\n        proto: HTTP/2.0\n        content_length: -1\n        uncompressed: true\n        body: |\n          {\"error\": {\n            \"code\": 7}}\n" +
		"        headers:\n            Date:\n                - Wed, 04 Mar 2026 08:15:02 GMT\n        status: 404 Not Found\n        code: 404\n        duration: 212.5ms\n"
	f("go-vcr", go3, `cassette time=2026-03-04T08:15:02Z method=GET scheme=https host=v.example path=/v2 target=https://v.example/v2 version=2.0 status=404 duration=212.5ms > Accept=*/* < Date="Wed, 04 Mar 2026 08:15:02 GMT" body="{\"error\": {\n  \"code\": 7}}\n" outbound`)
	f("go-vcr without the number", "version: 1\ninteractions:\n- request: {url: 'https://v.example/', method: GET}\n  response: {status: 503 Service Unavailable, body: down, duration: \"\"}\n",
		`cassette method=GET scheme=https host=v.example path=/ target=https://v.example/ status=503 body=down outbound`)

	packed := encoded(string(gzipped(t, "slow down")))
	f("vcrpy", "interactions:\n- request:\n    body: null\n    headers: &h\n      Accept: ['*/*']\n    method: !!python/unicode GET\n    uri: https://v.example/1\n"+
		"  response:\n    body:\n      string: !!binary |\n        "+packed[:10]+"\n        "+packed[10:]+"\n    headers: {Content-Encoding: [gzip]}\n    status: {code: 429, message: Too Many\n        Requests}\n"+
		"- request:\n    headers: *h\n    method: GET\n    uri: \"https://v.example/\\\n      2\"\n  response: {status_code: 500, http_version: HTTP/1.1, content: 'x'}\nversion: 1\n",
		`cassette method=GET scheme=https host=v.example path=/1 target=https://v.example/1 status=429 > Accept=*/* < Content-Encoding=gzip body="slow down" outbound`,
		`cassette method=GET scheme=https host=v.example path=/2 target=https://v.example/2 version=1.1 status=500 > Accept=*/* body=x outbound`)
	f("php-vcr", "-\n    request:\n        method: GET\n        url: 'https://v.example/'\n        headers:\n            Host: v.example\n    response:\n        status:\n            http_version: '1.1'\n            code: '401'\n        body: \"a\\u00fc\\x41\\n\"\n    index: 0\n",
		`cassette method=GET scheme=https host=v.example path=/ target=https://v.example/ version=1.1 status=401 > Host=v.example body="aüA\n" outbound`)
	f("scalars", "interactions:\n  - request:\n      ? method\n      : PUT\n      'uri': https://v.example/#x   # a comment\n    # another\n    response:\n      code: 400\n      headers:\n        A: plain text\n          goes on\n        \"B\": [one, \"two, three\",\n          'four']\n        C: ~\n      body: >-\n        folded\n        text\n\n        here\n",
		`cassette method=PUT scheme=https host=v.example path=/ target=https://v.example/#x status=400 < A="plain text goes on" < B=one < B="two, three" < B=four body="folded text\nhere" outbound`)
	f("nothing recorded", "---\nversion: 1\ninteractions: []\n# request: response:\n")

	// Broken, and broken among good ones.
	bad := func(item string) string {
		return "interactions:\n- request: {uri: 'https://v.example/', method: GET}\n  response: {code: 500}\n" + item + "- request: {uri: 'https://v.example/', method: GET}\n  response: {code: 502}\nversion: 1\n"
	}
	good := func(status int) string {
		return fmt.Sprintf("cassette method=GET scheme=https host=v.example path=/ target=https://v.example/ status=%d outbound", status)
	}
	f("no response", bad("- request: {uri: x}\n"), good(500), `cassette reject=document raw="- request: {uri: x}\n"`, good(502))
	f("no YAML", bad("- request: {uri: x}\n  response:\n   code: 500\n  ]\n"), good(500), `cassette reject=syntax raw="- request: {uri: x}\n  response:\n   code: 500\n  ]\n"`, good(502))
	f("an alias of nothing", bad("- request: *nowhere\n"), good(500), `cassette reject=syntax raw="- request: *nowhere\n"`, good(502))
	f("no status", bad("- {request: {uri: x}, response: {code: 12}}\n"), good(500), `cassette reject=status raw="- {request: {uri: x}, response: {code: 12}}\n"`, good(502))
	f("no time", bad("- {request: {uri: x}, response: {code: 200}, recorded_at: noon}\n"), good(500), `cassette reject=time raw="- {request: {uri: x}, response: {code: 200}, recorded_at: noon}\n"`, good(502))
	f("cut off", rubyCassette[:strings.Index(rubyCassette, "a minute")], `cassette reject=truncated raw=`+fmt.Sprintf("%q", rubyCassette[23:strings.Index(rubyCassette, "a minute")]))
}

func TestCassetteJSON(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkRows(t, ingesttest.Read(t, ingest.Config{Bindings: vendors()}, input), want...)
		})
	}
	const where = `method=GET scheme=https host=v.example path=/ target=https://v.example/ `
	f("betamax", `{"http_interactions": [{"request": {"method": "GET", "uri": "https://v.example/", "headers": {"Accept": ["*/*"]}, "body": {"encoding": "utf-8", "string": ""}},`+
		` "response": {"status": {"code": 503, "message": "Service Unavailable"}, "headers": {"Retry-After": ["9"]}, "body": {"encoding": null, "base64_string": "`+encoded(string(gzipped(t, "busy")))+`"}}, "recorded_at": "2026-03-04T08:15:02"}], "recorded_with": "betamax/0.9"}`,
		`1@23 cassette time=2026-03-04T08:15:02Z `+where+`status=503 > Accept=*/* < Retry-After=9 body=busy outbound`)
	f("names as Go has them, bodies as objects", `{"Version":2,"interactions":[{"Request":{"Method":"GET","URL":"https://v.example/"},"Response":{"Code":500,"Duration":2000000,"Body":{"error":1}}}]}`,
		`1@29 cassette `+where+`status=500 duration=2ms body="{\"error\":1}" outbound`)
	f("php-vcr", `[{"request":{"method":"GET","url":"https://v.example/"},"response":{"status":"404","body":"none"}}]`, `1@1 cassette `+where+`status=404 body=none outbound`)
	f("symbols of Ruby", "--- \n- !ruby/struct:VCR::HTTPInteraction\n  request: !ruby/struct:VCR::Request\n    method: :get\n    uri: https://v.example/\n  response: !ruby/struct:VCR::Response\n    status: !ruby/struct:VCR::ResponseStatus\n      code: 404\n    body: none\n",
		`2@5 cassette `+where+`status=404 body=none outbound`)
	f("cut off", `{"version":1,"interactions":[{"request":{"method":"GET","uri":"https://v.example/"},"response":{"status":{"code":404}}},{"request":{"me`,
		`1@29 cassette `+where+`status=404 outbound`, `1@135 cassette reject=truncated raw="the document ends too early"`)
	f("an interaction without a response", `{"version":1,"interactions":[{"request":{"uri":"https://v.example/"}},7]}`,
		`1@29 cassette reject=document raw="{\"request\":{\"uri\":\"https://v.example/\"}}"`, `1@70 cassette reject=document raw=7`)
}

// TestCassetteLarge proves that an item that is larger than the limit costs no
// more than itself.
func TestCassetteLarge(t *testing.T) {
	item := func(body string) string {
		return "- request: {uri: 'https://v.example/', method: GET}\n  response: {code: 500, body: '" + body + "'}\n"
	}
	input := "interactions:\n" + item("a") + item(strings.Repeat("x", 3000)) + item("b") + item(strings.Repeat("y\n    ", 500)) + item("c") + "version: 1\n"
	src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(input), ingest.Sizes{Line: 100, Entry: 1000, Block: 64, Spool: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	rows, ends := ingesttest.Drain(t, src, 3, 0)
	var got []string
	for _, row := range rows {
		_, row, _ = strings.Cut(row, " cassette ")
		got = append(got, row[max(len(row)-20, 0):])
		if strings.HasPrefix(row, "reject=line_too_long") {
			got[len(got)-1] = "too long"
		}
	}
	want := []string{"=500 body=a outbound", "too long", "=500 body=b outbound", "too long", "=500 body=c outbound"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %q", got)
	}
	if len(ends) != 1 || ends[0].Lines != 5 || ends[0].Records != 3 || ends[0].Rejected != 2 {
		t.Fatalf("ends: %+v", ends)
	}
}

func FuzzCassette(f *testing.F) {
	f.Add([]byte(rubyCassette))
	f.Add([]byte("interactions:\n- request: &a {uri: \"x\\u00fc\\0\", method: *a}\n  response: &b\n    code: 200\n    body: !!binary |2-\n        aGk=\n    headers: {A: [*b, 'c']}\n- *b\n"))
	f.Add([]byte("- request:\n  response:\n    ? status\n    : >+\n      200\n\n       x\n    'body': \"a\\\n  b\"\n"))
	f.Add([]byte(`{"interactions":[{"request":{"uri":"x","headers":["A: b"]},"response":{"status":"200 OK","body":["\u0000"],"duration":"1s"}}]}`))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "cassette", content) })
}

// TestCassetteBombs proves that what multiplies itself ends soon.
func TestCassetteBombs(t *testing.T) {
	deep := `{"interactions":[{"request":{"uri":"x","headers":` + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + `},"response":{"status":200}}]}`
	checkRows(t, ingesttest.Read(t, ingest.Config{Format: "cassette"}, deep), `1@17 cassette path=x status=200 outbound`)
	yaml := "interactions:\n- request: {uri: x}\n  a: &a [x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'j'; c++ {
		ref := "*" + string(c-1)
		yaml += fmt.Sprintf("  %c: &%c [%s]\n", c, c, strings.Join([]string{ref, ref, ref, ref, ref, ref, ref, ref}, ", "))
	}
	yaml += "  response: {code: 200}\n- request: " + strings.Repeat("[", 1000) + "\n- request: " + strings.Repeat("- ", 1000) + "\n"
	for i, row := range ingesttest.Read(t, ingest.Config{Format: "cassette"}, yaml) {
		if !strings.Contains(row, "reject=") {
			t.Errorf("row %d is %.100s", i, row)
		}
	}
}
