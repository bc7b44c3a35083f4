package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

// warcRecord invents a record.
func warcRecord(kind, id, to, content string) string {
	head := "WARC/1.1\r\nWARC-Type: " + kind + "\r\nWARC-Record-ID: <urn:uuid:" + id + ">\r\nWARC-Target-URI: https://v.example/a?b=c\r\nWARC-Date: 2026-03-04T08:15:02.118Z\r\n"
	if to != "" {
		head += "WARC-Concurrent-To: <urn:uuid:" + to + ">\r\n"
	}
	return head + "Content-Type: application/http; msgtype=" + kind + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n", len(content)) + content + "\r\n\r\n"
}

func TestWARC(t *testing.T) {
	const response = "HTTP/1.1 429 Too Many\r\nRetry-After: 9\r\n\r\nslow"
	const request = "POST /a?b=c HTTP/1.1\r\nHost: v.example\r\nContent-Length: 2\r\n\r\n{}"
	info := "WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\na: \r\n\r\n"
	const alone = `time=2026-03-04T08:15:02.118Z scheme=https host=v.example path=/a query=b=c target=https://v.example/a?b=c version=1.1 status=429 < Retry-After=9 body=slow outbound`
	const joined = `time=2026-03-04T08:15:02.118Z method=POST scheme=https host=v.example path=/a query=b=c target=https://v.example/a?b=c version=1.1 status=429 > Host=v.example > Content-Length=2 < Retry-After=9 request_body={} body=slow outbound`
	f := func(name, input string, ignored int64, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			src, err := ingest.Open(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(input))
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			rows, ends := ingesttest.Drain(t, src, 1, 0)
			for i, row := range rows {
				_, rows[i], _ = strings.Cut(row, " ")
			}
			checkRows(t, rows, want...)
			if got := ends[0].Ignored["no_exchange"] + ends[0].Ignored["continued"]; got != ignored || ends[0].Lines != ignored+int64(len(want)) {
				t.Errorf("%+v", ends[0])
			}
		})
	}
	f("a response alone", info+warcRecord("response", "1", "", response), 1, "warc "+alone)
	f("the request behind", warcRecord("response", "1", "", response)+warcRecord("request", "2", "1", request)+warcRecord("response", "3", "", response), 1, "warc "+joined, "warc "+alone)
	f("the request before", warcRecord("request", "2", "1", request)+warcRecord("response", "1", "", response), 1, "warc "+joined)
	f("the request before, named by the response", warcRecord("request", "2", "", request)+info+warcRecord("response", "1", "2", response), 2, "warc "+joined)
	f("somebody else's request", warcRecord("response", "1", "", response)+warcRecord("request", "2", "7", request), 1, "warc "+alone)
	f("other records", warcRecord("metadata", "1", "", "a: b")+warcRecord("conversion", "2", "", "x"), 2)

	f("a length that is too small", strings.Replace(warcRecord("response", "1", "", response), "Content-Length: 45", "Content-Length: 44", 1)+warcRecord("response", "3", "", response), 0,
		"warc "+strings.Replace(alone, "slow", "slo", 1), `warc reject=document raw="w\r\n"`, "warc "+alone)
	f("a head without a length", "WARC/1.0\r\nWARC-Type: response\r\n\r\n"+warcRecord("response", "3", "", response), 0,
		`warc reject=document raw="WARC/1.0\r\nWARC-Type: response\r\n\r\n"`, "warc "+alone)
	f("no response inside", warcRecord("response", "1", "", "hello")+warcRecord("response", "3", "", response), 0, `warc reject=document raw=hello`, "warc "+alone)
	f("a bad time", strings.Replace(warcRecord("response", "1", "", response), "2026-03", "2026-33", 1), 0,
		`warc reject=time raw=`+fmt.Sprintf("%q", strings.TrimSuffix(strings.Replace(warcRecord("response", "1", "", response), "2026-03", "2026-33", 1), response+"\r\n\r\n")))
	f("cut off", warcRecord("response", "1", "", response)+strings.TrimSuffix(warcRecord("response", "1", "", response), "slow\r\n\r\n"), 0, "warc "+alone, "warc "+strings.Replace(alone, " body=slow", "", 1))
	f("cut off in its head", warcRecord("response", "1", "", response)+"WARC/1.0\r\nWARC-Type: resp", 0, "warc "+alone, `warc reject=truncated raw="WARC/1.0\r\nWARC-Type: resp"`)
}

func FuzzWARC(f *testing.F) {
	f.Add([]byte(warcRecord("response", "1", "", "HTTP/1.1 200 OK\r\nA: b\r\n\r\nx") + warcRecord("request", "2", "1", "GET / HTTP/1.1\r\n\r\n")))
	f.Add([]byte("WARC/1.0\nContent-Length: 1152921504606846975\nWARC-Type: revisit\n\nHTTP/1.1 304 x\n\n\nWARC/1.0\nContent-Length: 1\n\n"))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "warc", content) })
}
