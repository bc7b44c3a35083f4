package ingest_test

import (
	"fmt"
	"strings"
	"testing"
)

// captureLog invents n exchanges in the words of one recorder.
func captureLog(head, item string, n int) string {
	var s strings.Builder
	s.WriteString(head)
	for i := range n {
		fmt.Fprintf(&s, item, i)
	}
	return s.String()
}

func BenchmarkCassetteYAML(b *testing.B) {
	body := strings.Repeat(`{"id": "abc", "label": "some words of text",`+"\n        ", 20)
	benchmarkContent(b, captureLog("---\nversion: 1\ninteractions:\n", "- request:\n    body: \"\"\n    form: {}\n    headers:\n      Accept:\n      - application/json\n      User-Agent:\n      - lib/1.2\n"+
		"    url: https://api.example.com/v4/things/%d\n    method: GET\n  response:\n    body: '"+body+"'\n    headers:\n      Content-Type:\n      - application/json\n      X-Ratelimit-Limit:\n      - \"1840\"\n"+
		"      Date:\n      - Wed, 04 Mar 2026 08:15:02 GMT\n    status: 404 Not Found\n    code: 404\n    duration: 12.5ms\n", 3000))
}

func BenchmarkCassetteJSON(b *testing.B) {
	item := `{"request":{"method":"get","uri":"https://api.example.com/v2/%d","body":{"encoding":"UTF-8","string":""},"headers":{"Accept":["*/*"],"User-Agent":["lib/1.2"]}},` +
		`"response":{"status":{"code":404,"message":"Not Found"},"headers":{"Content-Type":["application/json"],"Date":["Wed, 04 Mar 2026 08:15:02 GMT"]},` +
		`"body":{"encoding":"UTF-8","string":"{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.example.com/v3\"}"}},"recorded_at":"Wed, 04 Mar 2026 08:15:02 GMT"},`
	benchmarkContent(b, strings.TrimSuffix(captureLog(`{"http_interactions":[`, item, 5000), ",")+"]}")
}

func BenchmarkHTTPText(b *testing.B) {
	benchmarkContent(b, captureLog("", "GET /v2/vehicles/%d HTTP/1.1\r\nHost: api.example.com\r\nAccept: */*\r\n\r\nHTTP/1.1 429 Too Many Requests\r\nDate: Wed, 04 Mar 2026 08:15:02 GMT\r\n"+
		"Content-Type: application/json\r\nContent-Length: 69\r\nX-Request-Id: req-1\r\n\r\n{\"statusCode\":429,\"type\":\"RATE_LIMIT\",\"description\":\"exceeded\",\"a\":1}\r\n", 10_000))
}

func BenchmarkWARC(b *testing.B) {
	content := strings.Repeat(warcRecord("response", "1", "", "HTTP/1.1 429 Too Many\r\nRetry-After: 9\r\nContent-Type: text/html\r\n\r\n"+strings.Repeat("<p>some words\n", 300))+
		warcRecord("request", "2", "1", "GET /a?b=c HTTP/1.1\r\nHost: v.example\r\n\r\n"), 1000)
	benchmarkContent(b, content)
}

func BenchmarkNewman(b *testing.B) {
	item := `{"item":{"id":"x","name":"y"},"request":{"url":{"protocol":"https","host":["api","example","com"],"path":["v2","%d"]},"method":"GET","header":[{"key":"Accept","value":"*/*"}]},` +
		`"response":{"id":"x","status":"OK","code":429,"header":[{"key":"Date","value":"Wed, 04 Mar 2026 08:15:02 GMT"}],"stream":{"type":"Buffer","data":[` + strings.Repeat("115,108,111,119,", 50) + `33]},"responseTime":212,"responseSize":201}},`
	benchmarkContent(b, strings.TrimSuffix(captureLog(`{"run":{"stats":{},"executions":[`, item, 5000), ",")+"]}}")
}
