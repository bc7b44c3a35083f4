package ingest_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
	"github.com/errscope/errscope/record"
)

// spanJSON is one span; attributes are name=value pairs, numbers as intValue.
func spanJSON(kind, rest string, attributes ...string) string {
	var list []string
	for _, a := range attributes {
		name, value, _ := strings.Cut(a, "=")
		typed := fmt.Sprintf(`{"stringValue":%q}`, value)
		if strings.HasPrefix(value, "#") {
			typed = fmt.Sprintf(`{"intValue":%q}`, value[1:])
		}
		list = append(list, fmt.Sprintf(`{"key":%q,"value":%s}`, name, typed))
	}
	return `{"traceId":"7A1C0E5D9B3F48268A2D6F0B1C3E5A79","spanId":"51b2c3d4e5f60718","name":"call","kind":` + kind +
		`,"startTimeUnixNano":"1772615702000000000","endTimeUnixNano":"1772615702250000001","attributes":[` + strings.Join(list, ",") + `]` + rest + `}`
}

func batch(spans ...string) string {
	return `{"resourceSpans":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"node-1"}}]},"scopeSpans":[{"scope":{},"spans":[` +
		strings.Join(spans, ",") + `]}]}]}`
}

const (
	spanTime  = "time=2026-03-04T09:15:02.250000001Z logged=2026-03-04T09:15:02.000000000Z "
	spanIDs   = "trace=7a1c0e5d9b3f48268a2d6f0b1c3e5a79 span=51b2c3d4e5f60718 "
	spanWhere = "method=GET scheme=https host=api.example.com path=/v2 query=a=1 target=https://api.example.com/v2?a=1 "
)

// TestSpans reads spans of both dialects, and what failed without a status.
func TestSpans(t *testing.T) {
	took := "duration=250.000001ms "
	newer := []string{"http.request.method=GET", "url.full=https://api.example.com/v2?a=1", "server.address=api.example.com"}
	older := []string{"http.method=GET", "http.url=https://api.example.com/v2?a=1", "net.peer.name=api.example.com", "http.flavor=1.1"}
	for name, c := range map[string]struct{ span, want string }{
		"stable":      {spanJSON("3", "", append(newer, "http.response.status_code=#429")...), spanTime + spanWhere + "status=429 " + took + spanIDs + "outbound"},
		"old":         {spanJSON(`"SPAN_KIND_CLIENT"`, "", append(older, "http.status_code=#503")...), spanTime + spanWhere + "version=1.1 status=503 " + took + spanIDs + "outbound"},
		"kind a text": {spanJSON(`"3"`, "", append(newer, "http.response.status_code=200")...), spanTime + spanWhere + "status=200 " + took + spanIDs + "outbound"},
		"new counts":  {spanJSON("3", "", append(newer, "http.status_code=#200", "http.response.status_code=#500", "http.status_code=#201")...), spanTime + spanWhere + "status=500 " + took + spanIDs + "outbound"},
		"server": {spanJSON("2", "", "http.request.method=POST", "url.path=/hook", "url.query=x=1", "url.scheme=https", "server.address=Shop.example.com",
			"client.address=203.0.113.9", "http.response.status_code=#500", "user_agent.original=curl/8"),
			spanTime + `method=POST scheme=https host=shop.example.com path=/hook query=x=1 target="" status=500 ` + took + `client=203.0.113.9 agent=curl/8 ` + spanIDs + "inbound"},
		"old server": {spanJSON("2", "", "http.method=GET", "http.target=/a?b=1", "http.host=shop.example.com:8080", "net.peer.ip=203.0.113.9", "http.status_code=#404"),
			spanTime + "method=GET host=shop.example.com path=/a query=b=1 status=404 " + took + "client=203.0.113.9 " + spanIDs + "inbound"},
		"error type": {spanJSON("3", "", append(newer, "error.type=timeout")...), spanTime + spanWhere + "status=0 " + took + spanIDs + "failure=timeout outbound"},
		"status error": {spanJSON("3", `,"status":{"code":2,"message":"connection refused"}`, append(newer, "error.type=ECONNREFUSED")...),
			spanTime + spanWhere + "status=0 " + took + spanIDs + `failure="ECONNREFUSED: connection refused" outbound`},
		"exception": {spanJSON("3", `,"status":{"code":"STATUS_CODE_ERROR"},"events":[{"name":"exception","attributes":[{"key":"exception.type","value":{"stringValue":"SocketTimeout"}},`+
			`{"key":"exception.message","value":{"stringValue":"Read timed out"}}]}]`, newer...), spanTime + spanWhere + "status=0 " + took + spanIDs + `failure="SocketTimeout: Read timed out" outbound`},
		"status zero": {spanJSON("3", "", append(older, "http.status_code=#0")...), spanTime + spanWhere + "version=1.1 status=0 " + took + spanIDs + "outbound"},
		"headers": {spanJSON("3", `,"x":1`, append(newer, "http.response.status_code=#429", "http.response.header.retry_after=30", "http.request.header.x-request-id=r-1")...),
			spanTime + spanWhere + "status=429 " + took + "client_request_id=r-1 " + spanIDs + `"> x-request-id"=r-1 "< retry_after"=30 outbound`},
		"odd method":     {spanJSON("3", "", "http.request.method=_OTHER", "http.request.method_original=PURGE", "url.full=https://api.example.com/v2?a=1", "http.response.status_code=#405"), strings.Replace(spanTime+spanWhere, "GET", "PURGE", 1) + "status=405 " + took + spanIDs + "outbound"},
		"no status":      {spanJSON("3", "", newer...), ""},
		"a database":     {spanJSON("3", "", "db.system=postgresql", "server.address=db", "error.type=08001"), ""},
		"internal":       {spanJSON("1", `,"status":{"code":2}`, "code.function=f"), ""},
		"a wrong status": {spanJSON("3", "", append(newer, "http.response.status_code=#7")...), "reject=status"},
	} {
		line := batch(c.span)
		rows := ingesttest.Read(t, ingest.Config{}, line+"\n")
		switch {
		case c.want == "" && len(rows) == 0:
		case len(rows) != 1:
			t.Errorf("%s: %q", name, rows)
		case strings.HasPrefix(c.want, "reject"):
			if !strings.HasPrefix(rows[0], "1@0 otlp_lines "+c.want) {
				t.Errorf("%s: %s", name, rows[0])
			}
		case unquoteNames(rows[0]) != "1@0 otlp_lines "+unquoteNames(strings.Replace(c.want, ` target=""`, "", 1)):
			t.Errorf("%s:\n got %s\nwant 1@0 otlp_lines %s", name, rows[0], c.want)
		}
	}
}

// unquoteNames levels how header names and their values are shown.
func unquoteNames(row string) string { return strings.ReplaceAll(row, `"`, "") }

func call(status int) string {
	return spanJSON("3", "", "http.request.method=GET", "url.full=https://api.example.com/v2?a=1", fmt.Sprintf("http.response.status_code=#%d", status))
}

// TestOTLPLines counts a line once where it holds no exchange, and each
// exchange where it holds several, all at places of their own.
func TestOTLPLines(t *testing.T) {
	content := batch(call(429), spanJSON("1", "", "a=b"), call(503), call(200)) + "\n" + batch(spanJSON("3", "", "db.system=x")) + "\n" +
		`{"resourceMetrics":[]}` + "\n" + batch(call(500))[:300] + "\n" + batch(call(500)) + "}\n" + "noise\n" + batch(call(404), call(7)) + "\n"
	src := openLong(t, content)
	rows, ends := ingesttest.Drain(t, src, 1, 0)
	end := sumOf(ends)
	if end.Records != 4 || end.Rejected != 4 || end.Ignored[record.IgnoreNoHTTP] != 2 {
		t.Errorf("%+v", end)
	}
	seen := map[string]bool{}
	for i, want := range []string{"1@ status=429", "1@ status=503", "1@ status=200", "4@ reject=truncated", "5@ reject=json", "6@ reject=syntax", "7@ status=404", "7@ reject=status"} {
		place, field, _ := strings.Cut(want, " ")
		if i >= len(rows) || !strings.HasPrefix(rows[i], place) || !strings.Contains(rows[i], field) || seen[strings.Fields(rows[i])[0]] {
			t.Fatalf("row %d: %q, want %s", i, rows, want)
		}
		seen[strings.Fields(rows[i])[0]] = true
	}

}

// openLong opens content with the usual limits.
func openLong(t testing.TB, content string) *ingest.Source {
	t.Helper()
	src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return src
}

// TestTraceDocuments reads documents of several lines, the older and Tempo's
// names, several documents behind each other, and Jaeger's.
func TestTraceDocuments(t *testing.T) {
	pretty := strings.NewReplacer(`{"`, "{\n\"", "[{", "[\n{").Replace
	span := call(429)
	jaeger := `{"traceID":"7a1c0e5d9b3f48268a2d6f0b1c3e5a79","spanID":"51b2c3d4e5f60718","operationName":"GET","startTime":1772615702000000,"duration":250000,` +
		`"tags":[{"key":"span.kind","value":"client"},{"key":"http.method","value":"GET"},{"key":"http.url","value":"https://api.example.com/v2?a=1"},`
	for name, c := range map[string]struct {
		content, format string
		want            []string
	}{
		"pretty":  {pretty(batch(span, call(500))), "otlp_json", []string{"status=429", "status=500"}},
		"two":     {pretty(batch(span)) + "\n" + pretty(batch(call(500))), "otlp_json", []string{"status=429", "status=500"}},
		"old key": {pretty(strings.Replace(batch(span), "scopeSpans", "instrumentationLibrarySpans", 1)), "otlp_json", []string{"status=429"}},
		"batches": {pretty(strings.Replace(batch(span), "resourceSpans", "batches", 1)), "otlp_json", []string{"status=429"}},
		"tempo":   {`{"trace":` + pretty(batch(span)) + `}`, "otlp_json", []string{"status=429"}},
		"base64": {pretty(batch(strings.Replace(span, "7A1C0E5D9B3F48268A2D6F0B1C3E5A79", "ehwOXZs/SCaKLW8LHD5aeQ==", 1))), "otlp_json",
			[]string{"trace=7a1c0e5d9b3f48268a2d6f0b1c3e5a79"}},
		"cut off":  {pretty(batch(span))[:200], "otlp_json", []string{"reject=truncated"}},
		"not JSON": {pretty(batch(span)) + "\nx", "otlp_json", []string{"status=429", "reject=json"}},
		"jaeger": {`{"data":[{"traceID":"7a","spans":[` + jaeger + `{"key":"http.status_code","value":429}]},` + jaeger + `{"key":"error","value":true}],` +
			`"logs":[{"timestamp":1,"fields":[{"key":"event","value":"exception"},{"key":"exception.message","value":"dial tcp: i/o timeout"}]}]}],"processes":{}}]}`, "jaeger",
			[]string{"time=2026-03-04T09:15:02.250000Z logged=2026-03-04T09:15:02.000000Z " + spanWhere + "status=429 duration=250ms " + spanIDs + "outbound",
				`status=0 duration=250ms ` + spanIDs + `failure="dial tcp: i/o timeout" outbound`}},
		"opentracing": {`{"data":[{"traceID":"7a","spans":[` + jaeger + `{"key":"error","value":true}],` +
			`"logs":[{"timestamp":1,"fields":[{"key":"event","value":"error"},{"key":"message","value":"dial tcp: i/o timeout"}]}]}],"processes":{}}]}`, "jaeger",
			[]string{`status=0 duration=250ms ` + spanIDs + `failure="dial tcp: i/o timeout" outbound`}},
		"jaeger screen": {pretty(`{"data":{"services":[{"name":"a"}],"spans":[` + jaeger + `{"key":"http.status_code","value":429}],"process":{}}],"traceID":"7a"},"id":1}`), "jaeger",
			[]string{"status=429"}},
	} {
		src := openLong(t, c.content)
		rows, _ := ingesttest.Drain(t, src, 2, 0)
		if d := src.Detection(); d.Format != c.format || len(rows) != len(c.want) {
			t.Errorf("%s: %+v, rows %q", name, d, rows)
			continue
		}
		for i, row := range rows {
			if !strings.Contains(row, c.want[i]) {
				t.Errorf("%s: row %s, want %s", name, row, c.want[i])
			}
			var line, at int
			fmt.Sscanf(row, "%d@%d", &line, &at)
			if !strings.Contains(row, "reject") && (c.content[at] != '{' || strings.Count(c.content[:at], "\n") != line-1) {
				t.Errorf("%s: row at %d@%d", name, line, at)
			}
		}
	}
}

// TestOTLPLogs reads records whose body is a line of a log, and those whose
// attributes describe a call.
func TestOTLPLogs(t *testing.T) {
	wrap := func(rest string) string {
		return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1772615702118000000","traceId":"7a1c0e5d9b3f48268a2d6f0b1c3e5a79","spanId":"51b2c3d4e5f60718",` + rest + `}]}]}]}` + "\n"
	}
	at := "time=2026-03-04T09:15:02.118000000Z "
	for rest, want := range map[string]string{
		`"body":{"stringValue":"hello"}`: "",
		`"body":{"stringValue":"{\"method\":\"GET\",\"url\":\"https://api.example.com/v2?a=1\",\"status\":429}"}`: at + spanWhere + "status=429 " + spanIDs + "outbound",
		`"body":{"stringValue":"203.0.113.9 - - [04/Mar/2026:09:15:01 +0000] \"GET /a HTTP/1.1\" 429 5"}`:         "time=2026-03-04T09:15:01Z method=GET path=/a version=1.1 status=429 bytes=5 client=203.0.113.9 " + spanIDs + "inbound",
		`"body":{"stringValue":"call failed"},"attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"url.full","value":{"stringValue":"https://api.example.com/v2?a=1"}},` +
			`{"key":"http.response.status_code","value":{"intValue":"429"}},{"key":"l","value":{"arrayValue":{"values":[{"doubleValue":1.5},{}]}}}]`: at + spanWhere + "status=429 " + spanIDs + "outbound",
		`"body":{"kvlistValue":{"values":[{"key":"method","value":{"stringValue":"GET"}},{"key":"url","value":{"stringValue":"https://api.example.com/v2?a=1"}},{"key":"status","value":{"intValue":429}},` +
			`{"key":"m","value":{"kvlistValue":{"values":[]}}}]}}`: at + spanWhere + "status=429 " + spanIDs + "outbound",
	} {
		rows := ingesttest.Read(t, ingest.Config{}, wrap(rest))
		if want == "" && len(rows) == 0 {
			continue
		}
		if len(rows) != 1 || rows[0] != "1@0 otlp_lines "+want {
			t.Errorf("%s\n got %q\nwant %s", rest, rows, want)
		}
	}
}

// protoSpans are n client spans with a status each.
func protoSpans(t testing.TB, statuses ...int64) []byte {
	t.Helper()
	text := func(key, value string) *common.KeyValue {
		return &common.KeyValue{Key: key, Value: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: value}}}
	}
	var spans []*trace.Span
	for _, status := range statuses {
		spans = append(spans, &trace.Span{TraceId: []byte("0123456789abcdef"), SpanId: []byte("01234567"), Kind: trace.Span_SPAN_KIND_CLIENT,
			StartTimeUnixNano: 1772615702000000000, EndTimeUnixNano: 1772615702250000001,
			Attributes: []*common.KeyValue{text("http.request.method", "GET"), text("url.full", "https://api.example.com/v2?a=1"),
				{Key: "http.response.header.retry-after", Value: &common.AnyValue{Value: &common.AnyValue_ArrayValue{ArrayValue: &common.ArrayValue{
					Values: []*common.AnyValue{{Value: &common.AnyValue_StringValue{StringValue: "30"}}}}}}},
				{Key: "http.response.status_code", Value: &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: status}}}}})
	}
	b, err := proto.Marshal(&trace.TracesData{ResourceSpans: []*trace.ResourceSpans{{ScopeSpans: []*trace.ScopeSpans{{Spans: spans}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func framed(messages ...[]byte) []byte {
	var out []byte
	for _, m := range messages {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(m))), m...)
	}
	return out
}

// TestOTLPProto reads messages with and without lengths, and is neither misled
// by a cut nor by a length that promises too much.
func TestOTLPProto(t *testing.T) {
	log, err := proto.Marshal(&logs.LogsData{ResourceLogs: []*logs.ResourceLogs{{ScopeLogs: []*logs.ScopeLogs{{LogRecords: []*logs.LogRecord{{
		TimeUnixNano: 1772615702118000000, Body: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: `{"method":"GET","path":"/a","status":503}`}}}}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	one, two := protoSpans(t, 429), protoSpans(t, 500, 404)
	for name, c := range map[string]struct {
		content []byte
		want    []string
	}{
		"plain":         {one, []string{spanTime + spanWhere + "status=429 duration=250.000001ms trace=30313233343536373839616263646566 span=3031323334353637"}},
		"concatenated":  {append(bytes.Clone(one), two...), []string{"status=429", "status=500", "status=404"}},
		"framed":        {framed(one, nil, two), []string{"status=429", "status=500", "status=404"}},
		"logs":          {log, []string{"time=2026-03-04T09:15:02.118000000Z method=GET path=/a status=503"}},
		"framed logs":   {framed(log, one), []string{"status=503", "status=429"}},
		"a line break":  {append(bytes.Clone(one), '\n'), []string{"status=429"}},
		"cut":           {framed(one, two)[:len(one)+40], []string{"status=429", "reject=truncated"}},
		"cut in length": {framed(one, two)[:len(one)+6], []string{"status=429", "reject=truncated"}},
		"other content": {append(bytes.Clone(one), "hello"...), []string{"status=429", "reject=document"}},
		"huge promise":  {append(bytes.Clone(one), 0x0a, 0xff, 0xff, 0xff, 0xff, 0x07), []string{"status=429", "reject=truncated"}},
		"bad UTF-8":     {bytes.Replace(one, []byte("GET"), []byte("G\xffT"), 1), []string{"reject=encoding"}},
		"a bad status":  {protoSpans(t, 7), []string{"reject=status"}},
	} {
		src := openLong(t, string(c.content))
		rows, _ := ingesttest.Drain(t, src, 2, 0)
		if d := src.Detection(); d.Format != "otlp_proto" || len(rows) != len(c.want) {
			t.Errorf("%s: %+v, rows %q", name, d, rows)
			continue
		}
		for i, row := range rows {
			if !strings.Contains(row, c.want[i]) {
				t.Errorf("%s: row %s, want %s", name, row, c.want[i])
			}
		}
	}
	if d := ingest.Detect([]byte("\n\x12\x34 is a text that begins with a line break\n")); d.Format == "otlp_proto" {
		t.Errorf("a text is taken for %+v", d)
	}
	for _, other := range []string{"\n2 lines\n\x12\x05abcde", "ab:\n\nx", "\x0a\x03\x12\x01\x0a"} {
		src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(other))
		if err == nil {
			if src.Detection().Format == "otlp_proto" {
				t.Errorf("%q is taken for protobuf", other)
			}
			src.Close()
		} else if !errors.Is(err, ingest.ErrBinary) {
			t.Error(err)
		}
	}
}

func FuzzOTLPLines(f *testing.F) {
	f.Add([]byte(batch(call(429), call(7)) + "\n" + batch(spanJSON("2", `,"status":{"code":2,"message":"x"}`, "error=true", "http.method=GET"))))
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[{"key":"status","value":{"arrayValue":{"values":[{},1]}}}]}},"attributes":[]}]}]}]}`))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "otlp_lines", content) })
}

func FuzzTraceDocument(f *testing.F) {
	f.Add([]byte("{\n" + batch(call(429))[1:] + "\n" + batch(call(7))))
	f.Add([]byte(`{"data":{"spans":[{"startTime":1,"duration":-1,"tags":[{"key":"http.url","value":"A://B@C/"},{"key":"error","value":"x"}]}]},"trace":{"batches":[1,{}]}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		checkDrafts(t, "otlp_json", content)
		checkDrafts(t, "jaeger", content)
	})
}

func FuzzOTLPProto(f *testing.F) {
	f.Add(protoSpans(f, 429, 7))
	f.Add(framed(protoSpans(f, 429), protoSpans(f, 200)))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "otlp_proto", content) })
}

func BenchmarkOTLPLines(b *testing.B) {
	benchmarkContent(b, strings.Repeat(batch(call(429), call(200), spanJSON("1", "", "a=b"), call(503))+"\n", 5000))
}

func BenchmarkOTLPProto(b *testing.B) {
	var out []byte
	for range 5000 {
		out = append(out, framed(protoSpans(b, 429, 200, 503))...)
	}
	benchmarkContent(b, string(out))
}

// TestProtoStream reads a file larger than a block, many readers wide.
func TestProtoStream(t *testing.T) {
	var out []byte
	for range 8000 {
		out = append(out, framed(protoSpans(t, 429, 200))...)
	}
	src := openLong(t, string(out))
	seg, err := src.NextSegment(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	r := seg.NewReader()
	var d record.Draft
	places := map[int64]bool{}
	for err = r.Next(&d); err == nil; err = r.Next(&d) {
		places[d.Offset] = true
	}
	if !errors.Is(err, io.EOF) || len(places) != 16000 {
		t.Errorf("%v, %d places", err, len(places))
	}
}
