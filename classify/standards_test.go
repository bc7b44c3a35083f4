package classify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/record"
)

// standardCase is one labelled exchange over the wire standards, in the form
// that errscope classify takes. Its host is nobody's, so no vendor may be named
// but where want has one, because the words in the body are that product's own.
type standardCase struct {
	ID    string           `json:"id"`
	Input standardInput    `json:"input"`
	Want  map[string]any   `json:"want"`
	Also  map[string][]any `json:"also"` // what else counts as right, where two readings are equally fair
}

type standardInput struct {
	Time    string                     `json:"time"`
	Method  string                     `json:"method"`
	URL     string                     `json:"url"`
	Status  int                        `json:"status"`
	Headers map[string]json.RawMessage `json:"headers"`
	Body    json.RawMessage            `json:"body"`
}

// TestStandards runs exchanges over the wire standards that were labelled by
// hand, from the definitions of the taxonomy, before the engine was asked.
func TestStandards(t *testing.T) { labelledByHand(t, "standards.jsonl", 400) }

// TestStrangers does the same with the shapes of vendors that have no pack.
func TestStrangers(t *testing.T) { labelledByHand(t, "strangers.jsonl", 80) }

// TestUntuned does the same with bodies of vendors, frameworks, gateways and
// languages that were written when the packs were done, near misses among them.
func TestUntuned(t *testing.T) { labelledByHand(t, "untuned.jsonl", 600) }

// TestReferences says every row of the five reference pages otherwise: other
// words, order, envelopes and statuses, lower-case codes, the log line alone.
func TestReferences(t *testing.T) { labelledByHand(t, "references.jsonl", 300) }

func labelledByHand(t *testing.T, file string, atLeast int) {
	t.Helper()
	cases := standardCases(t, file)
	if len(cases) < atLeast {
		t.Fatalf("%d cases", len(cases))
	}
	l := NewEngine(load(t), nil, true).NewLabeler()
	sums := map[string]int{}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			var out record.Label
			l.Label(c.Input.record(t), &out)
			wellFormed(t, &out)
			got := answer(&out)
			wrong := map[string]bool{}
			if c.Want["vendor"] == nil && out.Vendor != record.VendorGeneric && out.Vendor != record.VendorUnknown {
				wrong["vendor"] = true
				t.Errorf("vendor %s at a host that is nobody's (%s)", out.Vendor, strings.Join(out.Evidence, "; "))
			}
			for key, want := range c.Want {
				oks := append([]any{want}, c.Also[key]...)
				if !slices.ContainsFunc(oks, func(w any) bool { return holds(key, w, got[key]) }) {
					wrong[key] = true
					t.Errorf("%s: want %v, got %v (rule %s; %s)", key, oks, got[key], out.Rule, strings.Join(out.Evidence, "; "))
				}
			}
			if _, asked := c.Want["category"]; asked {
				sums["asked"]++
				if !wrong["category"] {
					sums["category"]++
				}
				if !wrong["category"] && !wrong["retry"] {
					sums["category and retry"]++
				}
			}
			if len(wrong) == 0 {
				sums["all keys"]++
			}
		})
	}
	t.Logf("%d exchanges: every key right in %d; of %d with a category, category right in %d, category and retry in %d",
		len(cases), sums["all keys"], sums["asked"], sums["category"], sums["category and retry"])
}

// holds is same, also where the answer has no such key.
func holds(key string, want, got any) bool { return got != nil && same(key, want, got) }

func standardCases(t testing.TB, file string) []standardCase {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var list []standardCase
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c standardCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		if slices.ContainsFunc(list, func(o standardCase) bool { return o.ID == c.ID }) {
			t.Fatalf("two cases are called %s", c.ID)
		}
		list = append(list, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func (in *standardInput) record(t *testing.T) *record.Record {
	t.Helper()
	u, err := url.Parse(in.URL)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.Parse(time.RFC3339, in.Time)
	if err != nil {
		t.Fatal(err)
	}
	var d record.Draft
	d.Reset()
	d.TimeNS, d.TimeDigits, d.Direction, d.Status = when.UnixNano(), 0, record.Outbound, in.Status
	d.Method, d.Host, d.Path, d.Query = []byte(in.Method), []byte(u.Hostname()), []byte(u.Path), []byte(u.RawQuery)
	for name, raw := range in.Headers {
		for _, v := range texts(t, raw) {
			d.Headers = append(d.Headers, record.Header{Name: []byte(name), Value: []byte(v)})
		}
	}
	switch {
	case len(in.Body) == 0:
	case in.Body[0] == '"':
		d.Body = []byte(texts(t, in.Body)[0])
	default:
		d.Body = in.Body
	}
	return &record.Record{Exchange: &d.Exchange}
}

// texts is a JSON string, or a list of them.
func texts(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var list []string
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		return []string{one}
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return list
}

// TestHostedForCustomers: what customers run under a vendor's domain is not the
// vendor, and what the vendor itself runs there is.
func TestHostedForCustomers(t *testing.T) {
	for host, vendor := range map[string]string{
		"shop-17.eu-west-1.elb.amazonaws.com":        record.VendorUnknown,
		"ec2-192-0-2-1.compute-1.amazonaws.com":      record.VendorUnknown,
		"a1b2c3.execute-api.us-east-1.amazonaws.com": record.VendorUnknown,
		"shop.westeurope.cloudapp.azure.com":         record.VendorUnknown,
		"sqs.eu-west-1.amazonaws.com":                "aws",
		"management.azure.com":                       "azure",
	} {
		if out := label(t, call(t, "GET", "https://"+host+"/", 500, nil, "")); out.Vendor != vendor {
			t.Errorf("%s: vendor %s, want %s", host, out.Vendor, vendor)
		}
	}
}

// TestHollowTellsNothing: an empty list or object where failures stand is none.
func TestHollowTellsNothing(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":{},"data":1}`:              "failure false",
		`{"error": { } ,"data":1}`:           "failure false",
		`{"errors":[],"data":1}`:             "failure false",
		`{"error":{"message":"m"}}`:          "failure true",
		`{"error":["m"],"data":null}`:        "failure true",
		`{"success":false,"error":{},"a":1}`: "failure true",
	} {
		expect(t, label(t, acme(t, 200, nil, body)), want)
	}
}

// TestRateLimitInSeveralLines: of several lines, the one that is used up counts.
func TestRateLimitInSeveralLines(t *testing.T) {
	out := label(t, acme(t, 429, headers("ratelimit", `"burst";r=50;t=30`, "ratelimit", `"daily";r=0;t=1800`,
		"ratelimit-policy", `"burst";q=100;w=60`, "ratelimit-policy", `"daily";q=1000;w=86400`), ""))
	expect(t, out, "retry after_reset", "retry_after_s 1800", "quota.limit 1000", "quota.remaining 0")
}
