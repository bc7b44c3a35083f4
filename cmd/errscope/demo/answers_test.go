package demo

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// seedCase is a case of the vendors' references, kept outside of the project.
type seedCase struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Vendor string `json:"vendor"`
	Input  *struct {
		Status *int            `json:"status"`
		Body   json.RawMessage `json:"body"`
	} `json:"input"`
	Want struct {
		Vendor         string `json:"vendor"`
		Code           string `json:"code"`
		Category       string `json:"category"`
		Retry          string `json:"retry"`
		Fault          string `json:"fault"`
		Benign         bool   `json:"benign"`
		ContactSupport *bool  `json:"contact_support"`
		Confidence     string `json:"confidence"`
	} `json:"want"`
}

func seedCases(t *testing.T) []seedCase {
	corpus := os.Getenv("ERRSCOPE_CORPUS")
	if corpus == "" {
		t.Skip("ERRSCOPE_CORPUS is not set: the vendors' cases are beside the corpus")
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Clean(corpus)), "cases", "seed_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []seedCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// labelled reports whether the case wants what the answer says.
func (c *seedCase) labelled(v *vendor, a *answer) bool {
	return c.Input != nil && c.Want.Vendor == v.name && c.Want.Code == a.code &&
		(c.Input.Status == nil || *c.Input.Status == a.status) && c.Want.Category == string(a.category) &&
		c.Want.Retry == string(a.retry) && (c.Want.Fault == string(a.fault) || c.Want.Fault == "") && c.Want.Benign == a.benign
}

// TestCapturedAnswersAreFacts compares statuses, codes, messages and labels
// with the references. Smartcar's details are our own words.
func TestCapturedAnswersAreFacts(t *testing.T) {
	cases := seedCases(t)
	lists := map[*vendor][]answer{carsxe: slices.Concat(carsxeAnswers, historyAnswers, []answer{imagesAnswer}), smartcar: smartcarAnswers,
		caravanguide: slices.Concat(caravanAnswers, []answer{expiredAnswer}), acme: acmeAnswers, aionvision: slices.Concat(aionAnswers, aionDownAnswers)}
	for v, list := range lists {
		for _, a := range list {
			fits := func(c seedCase) bool {
				var text strings.Builder
				if c.Input != nil {
					var body any
					if json.Unmarshal(c.Input.Body, &body) == nil {
						e := json.NewEncoder(&text)
						e.SetEscapeHTML(false)
						if err := e.Encode(body); err != nil {
							t.Fatal(err)
						}
					}
				}
				return c.labelled(v, &a) && (v == smartcar || strings.Contains(text.String(), a.message))
			}
			if !slices.ContainsFunc(cases, fits) {
				t.Errorf("%s: no case is like %d %s %q", v.name, a.status, a.code, a.message)
			}
		}
	}
	for _, c := range connects {
		if c.outcome != nil && !slices.ContainsFunc(cases, func(s seedCase) bool {
			return s.Kind == "connect" && s.Want.Code == c.outcome.code && s.Want.Category == string(c.outcome.category) &&
				s.Want.Retry == string(c.outcome.retry) && s.Want.Fault == string(c.outcome.fault)
		}) {
			t.Errorf("no case is like the callback %s", c.outcome.code)
		}
	}
}

// TestBareAnswersAreStatusRows: without a body, the vendor's status row decides.
func TestBareAnswersAreStatusRows(t *testing.T) {
	cases := seedCases(t)
	lists := map[*vendor][]answer{carsxe: slices.Concat(carsxeBare, historyBare), smartcar: smartcarBare, caravanguide: caravanBare,
		aionvision: slices.Concat(aionBare, aionDownBare)}
	for v, list := range lists {
		for _, a := range list {
			switch {
			case a.status == clientLeft.status:
				continue // our own client left; no vendor speaks of that
			case v == aionvision && a.status == 429:
				continue // the row was seen with a Retry-After only, which an access log does not show
			}
			if !slices.ContainsFunc(cases, func(c seedCase) bool {
				return c.labelled(v, &a) && c.Want.Confidence != "ambiguous"
			}) {
				t.Errorf("%s: no status row is like %d %s %s", v.name, a.status, a.category, a.retry)
			}
		}
	}
}
