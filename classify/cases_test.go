package classify

import (
	"encoding/json"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// seedCase is one row of the shared seed cases.
type seedCase struct {
	ID     string           `json:"id"`
	Vendor string           `json:"vendor"`
	Input  *seedInput       `json:"input"`
	Want   map[string]any   `json:"want"`
	Also   map[string][]any `json:"also"`
}

type seedInput struct {
	Time    string            `json:"time"`
	Vendor  string            `json:"vendor"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Status  *int              `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

func (in *seedInput) record(t *testing.T) *record.Record {
	t.Helper()
	var d record.Draft
	d.Reset()
	u, err := url.Parse(in.URL)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.Parse(time.RFC3339, in.Time)
	if err != nil {
		t.Fatal(err)
	}
	d.Vendor = []byte(in.Vendor)
	d.TimeNS, d.TimeDigits, d.Direction = when.UnixNano(), 0, record.Outbound
	d.Method, d.Host, d.Path, d.Query = []byte(in.Method), []byte(u.Hostname()), []byte(u.Path), []byte(u.RawQuery)
	if in.Status != nil {
		d.Status = *in.Status
	}
	for k, v := range in.Headers {
		d.Headers = append(d.Headers, record.Header{Name: []byte(k), Value: []byte(v)})
	}
	d.Body = in.Body
	if len(in.Body) > 0 && in.Body[0] == '"' {
		var s string
		if err := json.Unmarshal(in.Body, &s); err != nil {
			t.Fatal(err)
		}
		d.Body = []byte(s)
	} else if string(in.Body) == "null" {
		d.Body = nil
	}
	return &record.Record{Exchange: &d.Exchange}
}

// answer is the label in the words of the contract's classify line.
func answer(l *record.Label) map[string]any {
	m := map[string]any{"failure": l.Failure, "vendor": l.Vendor, "category": string(l.Category), "retry": string(l.Retry),
		"fault": string(l.Fault), "benign": l.Benign, "contact_support": l.ContactSupport, "outage": l.Outage, "code": l.Code,
		"type": l.Type, "message": l.Message, "confidence": string(l.Confidence), "request_id": l.RequestID,
		"retry_source": l.RetrySource, "retry_after_s": l.RetryAfterS, "status": float64(l.Status), "body_status": float64(l.BodyStatus)}
	if !l.RetryAt.IsZero() {
		m["retry_at"] = l.RetryAt.Format(time.RFC3339)
	}
	m["quota"] = map[string]any{"name": l.Quota.Name, "tier": l.Quota.Tier, "period": l.Quota.Period,
		"limit": float64(l.Quota.Limit), "used": float64(l.Quota.Used), "remaining": float64(l.Quota.Remaining)}
	return m
}

// same compares as the shared scorer does.
func same(key string, want, got any) bool {
	switch key {
	case "retry_after_s":
		return math.Abs(want.(float64)-got.(float64)) <= 1
	case "retry_at":
		w, err1 := time.Parse(time.RFC3339, want.(string))
		g, err2 := time.Parse(time.RFC3339, got.(string))
		return err1 == nil && err2 == nil && w.Sub(g).Abs() <= time.Second
	case "quota":
		for k, v := range want.(map[string]any) {
			if got.(map[string]any)[k] != v {
				return false
			}
		}
		return true
	}
	return want == got
}

// TestSeedCases runs every shared case of the packs that are shipped.
func TestSeedCases(t *testing.T) {
	file := os.Getenv("ERRSCOPE_CASES")
	if file == "" {
		if dir := os.Getenv("ERRSCOPE_CORPUS"); dir != "" {
			file = filepath.Join(dir, "..", "cases", "seed_cases.json")
		}
	}
	if file == "" {
		t.Skip("set ERRSCOPE_CASES to seed_cases.json, or ERRSCOPE_CORPUS to the corpus beside it")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []seedCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	set := load(t)
	e := NewEngine(set, nil, true)
	l := e.NewLabeler()
	ran := 0
	for _, c := range cases {
		if c.Input == nil || set.Pack(c.Vendor) == nil && c.Vendor != record.VendorGeneric {
			continue
		}
		ran++
		t.Run(c.ID, func(t *testing.T) {
			var out record.Label
			r := c.Input.record(t)
			if e.SentBack(r.Exchange) {
				r.Direction = record.Callback
			}
			l.Label(r, &out)
			got := answer(&out)
			for key, want := range c.Want {
				oks := append([]any{want}, c.Also[key]...)
				if !slices.ContainsFunc(oks, func(w any) bool { return same(key, w, got[key]) }) {
					t.Errorf("%s: want %v, got %v (rule %s; %s)", key, oks, got[key], out.Rule, strings.Join(out.Evidence, "; "))
				}
			}
			if out.Outage != record.IsOutage(out.Category, out.Retry) {
				t.Errorf("outage %v against the contract's rule", out.Outage)
			}
		})
	}
	if ran == 0 {
		t.Error("no case of a shipped pack")
	}
}

func load(t testing.TB, dirs ...string) *Set {
	t.Helper()
	set, err := Load(t.Context(), dirs)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
