package record

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/errscope/errscope/record/recordtest"
)

// TestLookAlikes puts each value into each place where it may stand and counts
// those that were touched.
func TestLookAlikes(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	s := testPolicy().NewSealer()
	places := map[string]func(d *Draft, v string){
		"path":  func(d *Draft, v string) { d.SetURL([]byte("/v1/items/" + url.PathEscape(v))) },
		"query": func(d *Draft, v string) { d.SetURL([]byte("/v1/items?ref=" + url.QueryEscape(v) + "&page=2")) },
		"json": func(d *Draft, v string) {
			d.Body, _ = json.Marshal(map[string]any{"error": map[string]any{"detail": v}})
		},
		"json id": func(d *Draft, v string) {
			d.Body, _ = json.Marshal(map[string]any{"id": v, "request_id": v, "code": v, "message": v})
		},
		"cursor": func(d *Draft, v string) {
			d.Body, _ = json.Marshal(map[string]any{"next_cursor": v, "etag": v, "nextPageToken": v, "idempotency_key": v})
		},
		"text":       func(d *Draft, v string) { d.Failure = []byte("upstream said " + v + " and closed") },
		"header":     func(d *Draft, v string) { d.Headers = headersOf("X-Ref", v) },
		"etag":       func(d *Draft, v string) { d.Headers = headersOf("ETag", v) },
		"user agent": func(d *Draft, v string) { d.UserAgent = []byte(v) },
		"xml": func(d *Draft, v string) {
			d.Body = []byte("<Error><Code>" + v + "</Code><RequestId>" + v + "</RequestId></Error>")
		},
		"yaml":   func(d *Draft, v string) { d.Body = []byte("error:\n  ref: " + v + "\n  retry: true\n") },
		"reject": func(d *Draft, v string) { d.Raw = []byte("oops " + v + " 200") },
	}
	kept, touched := 0, map[string]int{}
	for range 4 {
		for what, v := range recordtest.LookAlikes(r) {
			for place, put := range places {
				var d Draft
				d.Reset()
				put(&d, v)
				before := strings.Clone(visibleIn(&Record{Exchange: &d.Exchange}))
				if after := visibleIn(s.Seal(&d)); after != before {
					if touched[what]++; touched[what] == 1 {
						t.Logf("%s in %s became %.200s", what, place, after)
					}
					continue
				}
				kept++
			}
		}
	}
	lost := 0
	for _, n := range touched {
		lost += n
	}
	t.Logf("%d kept, %d touched: %v", kept, lost, touched)
	if lost*50 >= kept+lost {
		t.Errorf("%d of %d look-alikes were masked, want less than 2 %%", lost, kept+lost)
	}
}
