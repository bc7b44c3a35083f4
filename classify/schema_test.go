package classify

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// packSchemaOf compiles the schema that is handed out.
func packSchemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(SchemaURL, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(SchemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is YAML as an editor hands it to a validator.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSchemaAcceptsOurPacks(t *testing.T) {
	s := packSchemaOf(t)
	sources, err := embeddedSources()
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range sources {
		text, err := src.read(src.pack, PackBytesMax)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(asJSON(t, string(text))); err != nil {
			t.Errorf("%s: %v", src.shown, err)
		}
	}
}

// TestSchemaRefusesBadForm: what is wrong by its form alone is refused by the
// loader and by the schema; what needs more than the form, only by the loader.
func TestSchemaRefusesBadForm(t *testing.T) {
	s := packSchemaOf(t)
	byForm := []string{"unknown-key", "unknown-keys-many", "not-in-taxonomy", "wrong-kind", "status-no-status", "name-missing", "limit-broken", "envelope-fits-all"}
	for _, name := range byForm {
		dir := filepath.Join("testdata", "badpacks", name)
		text, err := os.ReadFile(filepath.Join(dir, packName))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(t.Context(), []string{dir}); err == nil {
			t.Errorf("%s loads", name)
		}
		if s.Validate(asJSON(t, string(text))) == nil {
			t.Errorf("the schema accepts %s", name)
		}
	}
}

// TestSchemaAgreesOnSets holds every closed set of the schema against the loader:
// each value loads, another one is refused by both.
func TestSchemaAgreesOnSets(t *testing.T) {
	s := packSchemaOf(t)
	places := map[string]string{
		"label.category":        "rules: [{id: r, match: {code: c}, label: {category: %s}}]",
		"label.retry":           "rules: [{id: r, match: {code: c}, label: {retry: %s}}]",
		"label.fault":           "rules: [{id: r, match: {code: c}, label: {fault: %s}}]",
		"label.benign":          "rules: [{id: r, match: {code: c}, label: {benign: %s}}]",
		"label.contact_support": "rules: [{id: r, match: {code: c}, label: {contact_support: %s}}]",
		"rule.between":          "", // of the global pack alone
		"status.between":        "status: [{status: 500, between: %s}]",
		"when.exists":           "rules: [{id: r, match: {where: [{field: a, exists: %s}]}}]",
		"when.decides":          "envelopes: [{name: e, requires: [a], failure_when: {field: a, equals: x, decides: %s}}]",
		"limit.kind":            "limits: [{name: l, limit: a, kind: %s}]",
		"limit.period":          "limits: [{name: l, limit: a, period: %s}]",
		"limit.reset_unit":      "limits: [{name: l, limit: a, reset_unit: %s}]",
		"wait.unit":             "wait: [{from: a, unit: %s}]",
		"ledger.every":          "ledger: {every: %s}",
	}
	const head = "pack: shop\nversion: \"1\"\ntitle: Shop\n"
	seen := 0
	for def, body := range schemaSets(t) {
		for key, set := range body {
			form, known := places[def+"."+key]
			if !known {
				t.Errorf("no test for the set of %s.%s", def, key)
			}
			if form == "" {
				continue
			}
			seen++
			for _, v := range append(slices.Clone(set), "nonsense") {
				if v == "false" && key == "exists" {
					continue // says the same as no condition at all
				}
				text := head + fmt.Sprintf(form, v) + "\n"
				byLoader := compileFaults(text)
				bySchema := s.Validate(asJSON(t, text))
				if bad := v == "nonsense"; (len(byLoader) > 0) != bad || (bySchema != nil) != bad {
					t.Errorf("%s.%s: %s: loader %v, schema %v", def, key, v, byLoader, bySchema)
				}
			}
		}
	}
	if seen < len(places)-1 {
		t.Errorf("the schema has only %d sets", seen)
	}
}

// compileFaults reads and compiles one pack as the loader does, without ours.
func compileFaults(text string) []Finding {
	bad := &faults{}
	pf := readPackFile(newDocument(packName, []byte(text)), []byte(text), bad)
	c := compiler{slots: newSlots(), bad: bad}
	c.pack(pf, packName)
	return bad.list
}

// schemaSets lists the closed sets of the schema by definition and key.
func schemaSets(t *testing.T) map[string]map[string][]string {
	t.Helper()
	var doc struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Enum []any `json:"enum"`
			} `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(Schema()), &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string][]string{}
	for def, d := range doc.Defs {
		for key, p := range d.Properties {
			if len(p.Enum) == 0 {
				continue
			}
			if out[def] == nil {
				out[def] = map[string][]string{}
			}
			for _, v := range p.Enum {
				out[def][key] = append(out[def][key], fmt.Sprint(v))
			}
		}
	}
	return out
}
