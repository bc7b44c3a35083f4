package ingest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
)

var formatRow = regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\|")

// TestFormatsDocumented holds docs/formats.md against the formats that there
// are, and its lists of fields against those that the configuration takes.
func TestFormatsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, m := range formatRow.FindAllStringSubmatch(string(text), -1) {
		if slices.Contains(rows, m[1]) {
			t.Errorf("%s has two rows", m[1])
		}
		rows = append(rows, m[1])
	}
	known := ingest.AllFormatNames()
	for _, name := range rows {
		if !slices.Contains(known, name) {
			t.Errorf("the row %s is of no format", name)
		}
	}
	for _, name := range known {
		// These two say that there is nothing to be read.
		if name != "text" && name != "empty" && !slices.Contains(rows, name) {
			t.Errorf("%s has no row", name)
		}
	}
	for _, field := range ingest.JSONFieldNames() {
		if !strings.Contains(string(text), "`"+field+"`") {
			t.Errorf("the field %s of json_fields is not named", field)
		}
	}
	for _, field := range ingest.BodyFields() {
		if !strings.Contains(string(text), "`{"+field+"}`") {
			t.Errorf("the placeholder {%s} is not named", field)
		}
	}
}
