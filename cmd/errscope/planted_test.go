package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
	"github.com/errscope/errscope/report"
)

// plantedFormat writes one call with a value in the places that the format has.
// q is the value as a URL holds it, j as a JSON string does, l on one line.
type plantedFormat struct {
	name string
	line func(n int, q, j, l string) string
	// head and tail stand around the lines.
	head, tail string
}

// plantedFormats are the inputs, one file each.
var plantedFormats = append(firstFormats[:len(firstFormats):len(firstFormats)], moreFormats...)

// firstFormats are the inputs with the most places for a value.
var firstFormats = []plantedFormat{
	{name: "combined.log", line: func(n int, q, _, l string) string {
		l = strings.ReplaceAll(l, `"`, "'")
		return fmt.Sprintf("203.0.113.7 - - [18/Jun/2026:12:%02d:%02d +0000] \"GET /v1/items/%s?ref=%s&n=%d HTTP/1.1\" 503 120 \"https://app.example.com/?u=%s\" \"app (%s)\"\n", n/60%60, n%60, q, q, n, q, l)
	}},
	{name: "nginx_json.log", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf(`{"time_iso8601":"2026-06-18T12:%02d:%02d+00:00","remote_addr":"203.0.113.7","request":"GET https://api.example.com/v1?ref=%s&n=%d HTTP/1.1","request_method":"GET","request_uri":"/v1?ref=%s","host":"api.example.com","status":"500","body_bytes_sent":"12","http_user_agent":"app %s"}`+"\n", n/60%60, n%60, q, n, q, j)
	}},
	{name: "client.jsonl", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf(`{"time":"2026-06-18T12:%02d:%02dZ","level":"error","msg":"vendor call","method":"POST","url":"https://api.stripe.com/v1/charges?ref=%s&n=%d","status":402,"request_headers":{"authorization":"Bearer %s","x-note":"%s"},"response_headers":{"x-hint":"%s"},"request_body":{"deep":[{"note":"%s"}]},"response_body":"{\"error\":{\"type\":\"card_error\",\"message\":\"bad %s\"}}"}`+"\n", n/60%60, n%60, q, n, j, j, j, j, strings.ReplaceAll(j, `\`, `\\`))
	}},
	{name: "failed.jsonl", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf(`{"time":"2026-06-18T12:%02d:%02dZ","method":"GET","url":"https://api.carsxe.com/specs?n=%d&q=%s","error":"Get \"https://api.carsxe.com/specs?q=%s\": dial tcp: %s: i/o timeout"}`+"\n", n/60%60, n%60, n, q, q, j)
	}},
	{name: "logfmt.log", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf("time=2026-06-18T12:%02d:%02dZ level=error msg=\"call failed\" method=GET url=\"https://api.example.com/v1?n=%d&q=%s\" status=502 user_agent=\"%s\"\n", n/60%60, n%60, n, q, j)
	}},
	{name: "ltsv.log", line: func(n int, q, _, l string) string {
		return fmt.Sprintf("time:18/Jun/2026:12:%02d:%02d +0000\thost:203.0.113.7\treq:GET /v1?n=%d&q=%s HTTP/1.1\tstatus:503\tsize:12\treferer:https://a.example/?u=%s\tua:%s\n", n/60%60, n%60, n, q, q, l)
	}},
	{name: "u_ex.log", head: "#Software: x\n#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent) cs(Referer) time-taken\n", line: func(n int, q, _, l string) string {
		return fmt.Sprintf("2026-06-18 12:%02d:%02d GET /v1/items q=%s&n=%d 503 %s https://a.example/%s 17\n", n/60%60, n%60, q, n, strings.ReplaceAll(l, " ", "+"), q)
	}},
	{name: "session.har", head: `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[`, tail: `]}}`, line: func(n int, q, j, _ string) string {
		return fmt.Sprintf(`{"startedDateTime":"2026-06-18T12:%02d:%02d.000Z","time":12,"request":{"method":"POST","url":"https://api.example.com/v1?n=%d&q=%s","httpVersion":"HTTP/1.1","headers":[{"name":"Cookie","value":"sid=%s"},{"name":"X-Note","value":"%s"}],"queryString":[{"name":"q","value":"%s"}],"postData":{"mimeType":"application/json","text":"{\"a\":\"%s\"}"}},"response":{"status":500,"statusText":"x","httpVersion":"HTTP/1.1","headers":[{"name":"X-Hint","value":"%s"}],"content":{"size":1,"mimeType":"application/json","encoding":"base64","text":"%s"}}},`+"\n",
			n/60%60, n%60, n, q, j, j, j, strings.ReplaceAll(j, `\`, `\\`), j, base64.StdEncoding.EncodeToString([]byte(`{"error":"`+j+`"}`)))
	}},
	{name: "spans.jsonl", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813f%04x","spanId":"eee19b7ec3c1b174","name":"GET","kind":3,"startTimeUnixNano":"1781784000000000000","endTimeUnixNano":"1781784001000000000","attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.full","value":{"stringValue":"https://api.example.com/v1?n=%d&q=%s"}},{"key":"http.response.status_code","value":{"intValue":"500"}},{"key":"user_agent.original","value":{"stringValue":"%s"}},{"key":"http.request.header.x-note","value":{"arrayValue":{"values":[{"stringValue":"%s"}]}}}],"status":{"code":2,"message":"%s"}}]}]}]}`+"\n", n, n, q, j, j, j)
	}},
	{name: "caddy.log", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf(`{"level":"info","ts":1781784%03d.5,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"a.example","uri":"/v1?n=%d&q=%s","headers":{"User-Agent":["%s"],"X-Note":["%s"]}},"duration":0.1,"size":12,"status":502,"resp_headers":{"X-Hint":["%s"]}}`+"\n", n%1000, n, q, j, j, j)
	}},
	{name: "heroku.log", line: func(n int, q, _, _ string) string {
		return fmt.Sprintf("2026-06-18T12:%02d:%02d.000000+00:00 heroku[router]: at=error code=H12 desc=\"Request timeout\" method=GET path=\"/v1?n=%d&q=%s\" host=a.example request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd=\"203.0.113.7\" dyno=web.1 connect=0ms service=30000ms status=503 bytes=0 protocol=https\n", n/60%60, n%60, n, q)
	}},
	{name: "httpx.log", line: func(n int, q, _, _ string) string {
		return fmt.Sprintf("2026-06-18 12:%02d:%02d,123 INFO httpx HTTP Request: GET https://api.example.com/v1?n=%d&q=%s \"HTTP/1.1 503 Service Unavailable\"\n", n/60%60, n%60, n, q)
	}},
	{name: "nginx_error.log", line: func(n int, q, _, _ string) string {
		return fmt.Sprintf("2026/06/18 12:%02d:%02d [error] 7#7: *%d upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.7, server: a.example, request: \"GET /v1?n=%d&q=%s HTTP/1.1\", upstream: \"https://192.0.2.9:443/v1?q=%s\", host: \"a.example\", referrer: \"https://b.example/?r=%s\"\n", n/60%60, n%60, n, n, q, q, q)
	}},
	{name: "rejects.log", head: "203.0.113.7 - - [18/Jun/2026:12:00:00 +0000] \"GET /v1 HTTP/1.1\" 200 120 \"-\" \"-\"\n203.0.113.7 - - [18/Jun/2026:12:00:01 +0000] \"GET /v1 HTTP/1.1\" 200 120 \"-\" \"-\"\n", line: func(n int, q, _, l string) string {
		return fmt.Sprintf("203.0.113.7 - - [18/Jun/2026:12:00:02 +0000] \"GET /v1?n=%d&q=%s HTTP/1.1\" oops %s\n", n, q, l)
	}},
	{name: "message.http", line: func(n int, q, _, l string) string {
		body := `{"error":"see ` + l + `"}`
		return fmt.Sprintf("HTTP/1.1 500 Internal Server Error\nDate: Thu, 18 Jun 2026 12:00:%02d GMT\nContent-Type: application/json\nLocation: https://a.example/?q=%s\nX-Hint: %s\nSet-Cookie: sid=%s\n\n%s\n\n", n%60, q, l, l, body)
	}},
	{name: "cassette.yaml", head: "interactions:\n", tail: "version: 1\n", line: func(n int, q, j, _ string) string {
		return fmt.Sprintf("- request:\n    body: '{\"a\": \"b\"}'\n    headers:\n      X-Note:\n      - \"%s\"\n      Authorization:\n      - \"Bearer %s\"\n    method: GET\n    uri: https://api.example.com/v1?n=%d&q=%s\n  response:\n    body:\n      string: \"{\\\"error\\\":\\\"%s\\\"}\"\n    headers:\n      X-Hint:\n      - \"%s\"\n    status:\n      code: 500\n      message: x\n  recorded_at: Thu, 18 Jun 2026 12:00:00 GMT\n", j, j, n, q, strings.ReplaceAll(j, `\`, `\\`), j)
	}},
}

// plantedBodies are bodies in which a value stands in another syntax.
func plantedBodies(secret string) []string {
	doc, _ := json.Marshal(map[string]any{"a": []any{map[string]any{"note": "see " + secret}}})
	twice, _ := json.Marshal(map[string]any{"payload": string(doc)})
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(doc)
	_ = z.Close()
	b64 := base64.StdEncoding.EncodeToString
	return []string{
		string(twice), "<a><b c=\"d\">" + secret + "</b></a>", "<e><![CDATA[" + secret + "]]></e>", "a:\n  b: " + strings.ReplaceAll(secret, "\n", " ") + "\n",
		"a=b&c=" + url.QueryEscape(secret), `{"s":"` + b64(doc) + `"}`, `{"s":"` + b64(packed.Bytes()) + `"}`,
		"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + secret + "\r\n--b--\r\n",
	}
}

// bare puts a value as it is.
func bare(_, value string) (inURL, text string) {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20"), value
}

// named puts a value behind its name, which is the part of its key before "#".
func named(key, value string) (inURL, text string) {
	name, _, _ := strings.Cut(key, "#")
	return "x&" + name + "=" + value, name + "=" + value
}

// writePlanted writes a file for each format, with each value in each place,
// and says how many values were planted.
func writePlanted(t *testing.T, dir string, formats []plantedFormat, values map[string]string, write func(key, value string) (inURL, text string)) (planted int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	keys := slices.Sorted(maps.Keys(values))
	for _, f := range formats {
		var b strings.Builder
		b.WriteString(f.head)
		for n, key := range keys {
			q, text := write(key, values[key])
			quoted, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			line := f.line(n, q, string(quoted[1:len(quoted)-1]), strings.ReplaceAll(text, "\n", `\n`))
			planted += strings.Count(line, q)
			b.WriteString(line)
		}
		text := b.String()
		if strings.HasPrefix(f.tail, "]") { // the last of a list
			text, _ = strings.CutSuffix(strings.TrimSpace(text), ",")
		}
		text += f.tail
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return planted
}

// writeBodies writes bodies of each syntax with each secret in them.
func writeBodies(t *testing.T, dir string, secrets map[string]string) (planted int) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	n := 0
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		for _, body := range plantedBodies(secrets[name]) {
			n++
			err := enc.Encode(map[string]any{"time": fmt.Sprintf("2026-06-18T13:%02d:%02dZ", n/60%60, n%60), "method": "POST", "url": fmt.Sprintf("https://api.example.com/bodies?n=%d", n), "status": 500, "request_body": body, "response_body": body})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "bodies.jsonl"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return 2 * n
}

// namedSecrets are values without a shape, by names that tell them.
func namedSecrets(r *rand.Rand) map[string]string {
	out := map[string]string{}
	for _, name := range []string{"password", "api_key", "client_secret", "access_token", "refresh_token", "token", "secret", "X-Amz-Signature", "hapikey", "shopkey_secret", "sig", "passwd", "private_key", "auth_token", "db_password"} {
		for n := range 2 {
			out[fmt.Sprintf("%s#%d", name, n)] = "Zq" + recordtest.Random(r, "0123456789", 2) + recordtest.Random(r, recordtest.Base62, 12)
		}
	}
	return out
}

// TestPlanted plants every kind of credential in every place of every format and
// looks for it in all that errscope writes: the database and its log, the folder
// of the state, each report, parse, classify, exports and what it says on the way.
func TestPlanted(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	secrets := recordtest.Secrets(r)
	logs, dir := t.TempDir(), t.TempDir()
	planted := writePlanted(t, logs, plantedFormats, secrets, bare) + writeBodies(t, logs, secrets)
	byName := namedSecrets(r)
	planted += writePlanted(t, filepath.Join(logs, "named"), plantedFormats, byName, named)
	maps.Copy(secrets, byName)
	looked := 0
	look := func(what string, data []byte) {
		t.Helper()
		looked += len(data)
		for _, leak := range recordtest.Find(data, secrets) {
			t.Errorf("%s: %s", what, leak)
		}
	}
	stdout, stderr := runs(t, dir, 0, "ingest", "--db", "t.duckdb", "--keep", "full", logs)
	look("ingest", []byte(stdout+stderr))
	for _, f := range plantedFormats {
		lookParse(t, dir, filepath.Join(logs, f.name), look)
	}
	for _, f := range firstFormats { // how they are read has been seen above
		lookParse(t, dir, filepath.Join(logs, "named", f.name), look)
	}
	if open, _ := runs(t, dir, 0, "parse", "--no-redact", filepath.Join(logs, "client.jsonl")); len(recordtest.Find([]byte(open), secrets)) < len(secrets)-len(byName) {
		t.Error("the search does not find what nobody masked: it proves nothing")
	}
	stdout, stderr = runsAny(t, dir, "classify", filepath.Join(logs, "client.jsonl"))
	look("classify", []byte(stdout+stderr))
	for _, info := range report.Names() {
		name := info.Name
		for _, format := range []string{"text", "md", "html", "csv", "json"} {
			stdout, stderr := runsAny(t, dir, "report", name, "--db", "t.duckdb", "--format", format)
			look("report "+name+" as "+format, []byte(stdout+stderr))
		}
	}
	for _, query := range []string{"SELECT * FROM requests", "SELECT * FROM rejects", "SELECT nope FROM requests"} {
		stdout, stderr := runsAny(t, dir, "sql", "--db", "t.duckdb", "--format", "jsonl", query)
		look("sql "+query, []byte(stdout+stderr))
	}
	rows, _ := runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "json", "SELECT count(*) AS n FROM requests")
	runs(t, dir, 0, "db", "export", "--db", "t.duckdb", "-o", "calls")
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		look(path, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d values planted, %d bytes searched, rows: %s", planted, looked, rows)
}

// lookParse looks at how a file was read.
func lookParse(t *testing.T, dir, file string, look func(what string, data []byte)) {
	t.Helper()
	lines, stderr := runsAny(t, dir, "parse", file)
	look("parse "+file, []byte(lines+stderr))
	const least = 30
	if records := strings.Count(lines, "\n"); records < least {
		t.Errorf("%s gives %d records, want %d: %.300s %.300s", file, records, least, lines, stderr)
	}
	words, stderr := runsAny(t, dir, "parse", "--explain", file)
	look("parse --explain "+file, []byte(words+stderr))
}

// TestLookAlikesKept reads values that only resemble credentials, by the rules
// of all packs: fewer than two of a hundred may be touched.
func TestLookAlikesKept(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(12, 12))
	values := map[string]string{}
	for n := range 3 {
		for what, v := range recordtest.LookAlikes(r) {
			values[fmt.Sprint(what, " ", n)] = v
		}
	}
	writePlanted(t, dir, plantedFormats, values, bare)
	kept, touched := 0, 0
	for _, f := range plantedFormats {
		switch f.name {
		case "client.jsonl", "session.har", "cassette.yaml", "message.http", "warc.warc", "iis_event.xml", "zeek.log", "cloudfront.w3c", "traefik_json.log", "kong.log", "akamai_datastream2.log":
			continue // those put it where only credentials stand
		}
		masked, _ := runsAny(t, dir, "parse", f.name)
		open, _ := runsAny(t, dir, "parse", "--no-redact", f.name)
		before, after := strings.Split(open, "\n"), strings.Split(masked, "\n")
		if len(before) != len(after) || len(before) < 100 {
			t.Fatalf("%s: %d and %d records", f.name, len(before), len(after))
		}
		for i := range before {
			if before[i] == after[i] {
				kept++
				continue
			}
			if touched++; touched <= 10 {
				t.Logf("%s\nbecame\n%s", before[i], after[i])
			}
		}
	}
	t.Logf("%d kept, %d touched", kept, touched)
	if touched*50 >= kept+touched {
		t.Errorf("%d of %d were touched", touched, kept+touched)
	}
}
