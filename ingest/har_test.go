package ingest_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

const harHead = `{"log":{"version":"1.2","entries":[`

func TestHAR(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkRows(t, ingesttest.Read(t, ingest.Config{Bindings: vendors()}, input), want...)
		})
	}
	const entry = `{"startedDateTime":"2026-03-04T09:15:02.118+01:00","time":212.5,"request":{"method":"GET","url":"https://V.example/a?b=c#d","httpVersion":"HTTP/1.1","headers":[{"name":"User-Agent","value":"x/1"}],"postData":{"text":"in"}},` +
		`"response":{"status":429,"httpVersion":"h2","headers":[{"name":"X-Request-Id","value":"r1"}],"content":{"size":9,"text":"slow"},"bodySize":4}}`
	const want = `time=2026-03-04T08:15:02.330Z logged=2026-03-04T08:15:02.118Z method=GET scheme=https host=v.example path=/a query=b=c target=https://V.example/a?b=c#d version=2 status=429 bytes=4 duration=212.5ms agent=x/1 request_id=r1 > User-Agent=x/1 < X-Request-Id=r1 request_body=in body=slow outbound`

	// Good.
	f("one entry", harHead+entry+`]}}`, `1@35 har `+want)
	f("byte order mark", "\xef\xbb\xbf"+harHead+entry+`]}}`, `1@38 har `+want)
	f("other members around", "{\n\"log\":\n{\"creator\":{\"name\":\"}]\\\"\"},\"entries\":\n[\n"+entry+",\n"+entry+"\n],\"pages\":[]}}\n", `5@49 har `+want, `6@416 har `+want)
	f("no response", harHead+`{"request":{"method":"GET","url":"https://v.example/"},"response":{"status":0,"_error":"net::ERR_NAME_NOT_RESOLVED","bodySize":-1}}]}}`,
		`1@35 har method=GET scheme=https host=v.example path=/ target=https://v.example/ status=0 failure=net::ERR_NAME_NOT_RESOLVED outbound`)
	f("base64", harHead+`{"request":{"url":"https://v.example/"},"response":{"status":500,"content":{"encoding":"base64","text":"`+base64.StdEncoding.EncodeToString([]byte("grün"))+`"}}}]}}`,
		`1@35 har scheme=https host=v.example path=/ target=https://v.example/ status=500 body=grün outbound`)
	f("a picture is no body", harHead+`{"request":{"url":"https://v.example/"},"response":{"status":200,"content":{"encoding":"base64","text":"`+base64.StdEncoding.EncodeToString([]byte("\x89PNG\x00\xff"))+`"}}}]}}`,
		`1@35 har scheme=https host=v.example path=/ target=https://v.example/ status=200 outbound`)
	f("no entries yet", harHead+`]}}`)
	f("what a browser has of itself", harHead+`{"request":{"url":"data:image/png;base64,AAAA"},"response":{"status":200}},{"request":{"url":"blob:https://v.example/1"},"response":{"status":200}},`+
		`{"request":{"url":"chrome-extension://abcdef/x.js"},"response":{"status":200}}]}}`)
	f("no response, in Playwright's way", harHead+`{"startedDateTime":null,"request":{"url":"https://v.example/"},"response":{"status":-1,"_failureText":"net::ERR_ABORTED"}}]}}`,
		`1@35 har scheme=https host=v.example path=/ target=https://v.example/ status=0 failure=net::ERR_ABORTED outbound`)

	// Bad, and bad among good.
	f("no list", "{\"log\":\n[2,1,3]}", `2@8 har reject=document raw="the document has no list of entries"`)
	f("an entry without both sides", harHead+`{"time":1},`+entry+`]}}`, `1@35 har reject=document raw="{\"time\":1}"`, `1@46 har `+want)
	f("bad time", harHead+`{"startedDateTime":"noon","request":{"url":"https://v.example/"}}]}}`, `1@35 har reject=time raw="{\"startedDateTime\":\"noon\",\"request\":{\"url\":\"https://v.example/\"}}"`)
	f("cut inside an entry", harHead+entry+`,{"time":`, `1@35 har `+want, `1@409 har reject=truncated raw="the document ends too early"`)
	f("cut behind the list", harHead+entry+`]}`, `1@35 har `+want, `1@402 har reject=truncated raw="the document ends too early"`)
	f("no JSON from somewhere", harHead+entry+`;`, `1@35 har `+want, `1@400 har reject=json raw="the document is no JSON from here on"`)
}

func TestHARLargeEntry(t *testing.T) {
	big := `{"request":{"url":"https://v.example/` + strings.Repeat("x", 5000) + `"},"response":{"status":200}}`
	small := `{"request":{"url":"https://v.example/"},"response":{"status":200}}`
	src, err := ingest.OpenSized(context.Background(), ingest.Config{}, ingest.Input{Path: "-"}, strings.NewReader(harHead+big+","+small+"]}}"),
		ingest.Sizes{Line: 100, Entry: 1000, Block: 64, Spool: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	rows, ends := ingesttest.Drain(t, src, 3, 0)
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "1@35 har reject=line_too_long") || !strings.Contains(rows[1], "path=/ ") {
		t.Fatalf("rows: %q", rows)
	}
	if len(ends) != 1 || ends[0].Lines != 2 || ends[0].Rejected != 1 || !ends[0].Last {
		t.Fatalf("ends: %+v", ends)
	}
}
