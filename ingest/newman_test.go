package ingest_test

import (
	"testing"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/ingest/ingesttest"
)

func TestNewman(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkRows(t, ingesttest.Read(t, ingest.Config{Bindings: vendors()}, input), want...)
		})
	}
	const head = `{"collection":{"_":{},"item":[]},"run":{"stats":{},"executions":[`
	f("an address in parts, bytes as numbers", head+`{"request":{"url":{"protocol":"https","host":["v","example"],"port":"8443","path":["a","b"],"query":[{"key":"c","value":"d"},{"key":"e","value":null},{"key":"f","disabled":true}],"variable":[]},`+
		`"method":"POST","header":[{"key":"Accept","value":"*/*"}],"body":{"mode":"raw","raw":"in"}},"response":{"id":"x","status":"Too Many Requests","code":429,"header":[{"key":"Date","value":"Wed, 04 Mar 2026 08:15:02 GMT"},{"key":"X-Request-Id","value":"r1"}],`+
		`"stream":{"type":"Buffer","data":[115, 108,111,119]},"cookie":[],"responseTime":212,"responseSize":4}}]}}`,
		`1@65 newman time=2026-03-04T08:15:02Z method=POST scheme=https host=v.example path=/a/b query=c=d&e target=https://v.example:8443/a/b?c=d&e status=429 bytes=4 duration=212ms request_id=r1 > Accept=*/* < Date="Wed, 04 Mar 2026 08:15:02 GMT" < X-Request-Id=r1 request_body=in body=slow outbound`)
	f("no response", head+`{"request":{"url":"https://v.example/","method":"GET"},"requestError":{"errno":"ENOTFOUND","code":"ENOTFOUND","message":"getaddrinfo ENOTFOUND v.example"}}]}}`,
		`1@65 newman method=GET scheme=https host=v.example path=/ target=https://v.example/ status=0 failure="getaddrinfo ENOTFOUND v.example" outbound`)
	f("good among bad", head+`{"item":{}},{"request":{"url":"https://v.example/"}},{"request":{"url":"https://v.example/"},"response":{"code":1}},{"request":{"url":"https://v.example/"},"response":{"code":500,"stream":{"data":[256]},"body":"x"}}]}}`,
		`1@65 newman reject=document raw="{\"item\":{}}"`, `1@118 newman reject=status raw="{\"request\":{\"url\":\"https://v.example/\"},\"response\":{\"code\":1}}"`,
		`1@181 newman scheme=https host=v.example path=/ target=https://v.example/ status=500 body=x outbound`)
	f("no executions", `{"collection":{"info":{},"item":[]},"run":{"stats":{}}}`, `1@53 newman reject=document raw="the document has no list of entries"`)
}

func FuzzNewman(f *testing.F) {
	f.Add([]byte(`{"run":{"executions":[{"request":{"url":{"host":"A","path":[""],"query":[{"key":"\u0000"}]}},"response":{"code":200,"stream":{"data":[0,1,255]}}},{"request":{"url":"x"},"requestError":{"code":"E"}}]}}`))
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, "newman", content) })
}
