package demo_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// TestLifelike: most calls succeed, by day more than by night, and on weekdays
// more than on Sundays.
func TestLifelike(t *testing.T) {
	truth, files := generate(t, demo.Options{})
	var requests, failures int64
	for _, v := range truth.Vendors {
		requests, failures = requests+v.Requests, failures+v.Failures
		if v.Requests < 100 || v.Failures*3 > v.Requests {
			t.Errorf("%s: %d of %d failed", v.Vendor, v.Failures, v.Requests)
		}
	}
	if failures*100 > requests*12 || failures*100 < requests*3 {
		t.Errorf("%d of %d calls failed", failures, requests)
	}
	proxy := string(files["logs/egress/access.log"])
	hits := func(parts ...string) (n int) {
		for _, part := range parts {
			n += strings.Count(proxy, part)
		}
		return n
	}
	if sunday, monday := hits("[15/Nov/2026:"), hits("[16/Nov/2026:"); sunday*3 > monday*2 || sunday < 20 {
		t.Errorf("%d calls on Sunday, %d on Monday", sunday, monday)
	}
	if night, day := hits(":01:", ":02:", ":03:"), hits(":14:", ":15:", ":16:"); night == 0 || night > day {
		t.Errorf("%d calls by night, %d by day", night, day)
	}
}

// call is what a line of the application logs says.
type call struct {
	HTTP struct {
		Response struct {
			StatusCode int `json:"status_code"`
			Body       struct {
				Content string `json:"content"`
			} `json:"body"`
		} `json:"response"`
	} `json:"http"`
	URL struct {
		Full string `json:"full"`
	} `json:"url"`
	Attributes map[string]any `json:"attributes"`
}

func TestApplicationLogsAreJSON(t *testing.T) {
	truth, files := generate(t, demo.Options{})
	for _, f := range truth.Files {
		if f.Format != "jsonl" {
			continue
		}
		var bad int64
		for line := range bytes.Lines(files["logs/"+f.Path]) {
			line = bytes.TrimSpace(line)
			if len(line) > 0 && !json.Valid(line) {
				bad++
			}
		}
		if bad != f.Rejected || bad == 0 {
			t.Errorf("%s has %d lines that are no JSON, the truth says %d", f.Path, bad, f.Rejected)
		}
	}
	var har struct {
		Log struct {
			Version string
			Entries []struct {
				StartedDateTime time.Time
				Request         struct{ Method, URL string }
				Response        struct{ Status int }
			}
		}
	}
	if err := json.Unmarshal(files["logs/app/session.har"], &har); err != nil {
		t.Fatal(err)
	}
	none := 0
	for _, e := range har.Log.Entries {
		if e.Response.Status == 0 {
			none++
		}
	}
	if har.Log.Version != "1.2" || len(har.Log.Entries) < 10 || none != 1 {
		t.Errorf("the HAR file has %d entries, %d of them without a response", len(har.Log.Entries), none)
	}
}

// TestQuotaRunsOut counts the calls that the truth says were made.
func TestQuotaRunsOut(t *testing.T) {
	truth, files := generate(t, demo.Options{})
	if len(truth.Quotas) != 1 {
		t.Fatalf("quotas: %+v", truth.Quotas)
	}
	q := truth.Quotas[0]
	var used, refused int64
	last := ""
	for line := range bytes.Lines(files["logs/app/valuation.jsonl"]) {
		var c call
		if json.Unmarshal(line, &c) != nil || !strings.Contains(c.URL.Full, "/v2/marketvalue") {
			continue
		}
		switch c.HTTP.Response.StatusCode {
		case 200:
			used++
			last = string(line[len(`{"@timestamp":"`):][:len("2006-01-02T15:04:05.000Z")])
			if refused > 0 {
				t.Error("a call went through after the first refusal")
			}
		case 429:
			refused++
			want := `API limit exceeded for market_value (11/2026). Subscription tier: starter. Current usage: 56, Limit: 56.`
			if !strings.Contains(c.HTTP.Response.Body.Content, want) || !strings.Contains(c.HTTP.Response.Body.Content, `"usage":{"current":56,"limit":56,"remaining":0}`) {
				t.Errorf("refusal: %s", c.HTTP.Response.Body.Content)
			}
		}
	}
	if q.Month != "2026-11" || q.Limit != 56 || q.Used != used || used != q.Limit || q.Refused != refused || refused < 3 || q.ExhaustedAt != last {
		t.Errorf("counted %d used, %d refused, dry at %s; the truth says %+v", used, refused, last, q)
	}
}

// TestEvents looks for what a reader of the logs is meant to find.
func TestEvents(t *testing.T) {
	truth, _ := generate(t, demo.Options{})
	if len(truth.Outages) != 2 {
		t.Fatalf("outages: %+v", truth.Outages)
	}
	for _, o := range truth.Outages {
		if o.Failures < 8 || o.Failures*10 < o.Requests*6 || len(o.Codes) == 0 {
			t.Errorf("no outage that anybody would see: %+v", o)
		}
		if !(o.StartedAt <= o.First && o.First < o.Last && o.Last < o.EndedAt) {
			t.Errorf("times are out of order: %+v", o)
		}
	}
	if a := truth.Outages[1]; a.Vendor != "aionvision" || a.Route != "" || a.StartedAt != "2026-11-16T10:07:00.000Z" || a.EndedAt != "2026-11-16T10:45:00.000Z" {
		t.Errorf("the vendor's outage: %+v", a)
	}
	codes := map[string]map[string]int64{}
	for _, v := range truth.Vendors {
		codes[v.Vendor] = v.ByCode
		if v.Vendor != "carsxe" && v.Vendor != "generic" && len(v.RequestIDs) == 0 {
			t.Errorf("%s has no request ids", v.Vendor)
		}
	}
	for vendor, code := range map[string]string{"carsxe": "missing_make_and_model", "smartcar": "ASLEEP", "caravanguide": "expired_token", "aionvision": "VLM_PROVIDER_ERROR", "generic": "RATE_LIMIT_EXCEEDED"} {
		if codes[vendor][code] == 0 {
			t.Errorf("%s never says %s: %v", vendor, code, codes[vendor])
		}
	}
	if truth.Vendors[0].Benign < 5 || truth.Callbacks.Failures == 0 || truth.Callbacks.Failures*2 > truth.Callbacks.Requests || truth.Callbacks.ByError["access_denied"] == 0 {
		t.Errorf("benign %d, callbacks %+v", truth.Vendors[0].Benign, truth.Callbacks)
	}
}
