package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/errscope/errscope/report"
)

// TestNothingSteersATerminal holds for every format: each of them gets printed.
func TestNothingSteersATerminal(t *testing.T) {
	each(t, func(t *testing.T, name, format string) {
		got := write(t, hostile(), name, format, report.Options{Title: hostileText})
		if !utf8.ValidString(got) {
			t.Error("broken UTF-8")
		}
		if format == "csv" {
			got = strings.ReplaceAll(got, "\r\n", "\n")
		}
		for _, r := range got {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U is in the output", r)
			}
		}
	})
}

func TestMarkdownIsInert(t *testing.T) {
	span := regexp.MustCompile("`[^`\n]*`")
	for _, info := range report.Names() {
		got := write(t, hostile(), info.Name, "md", report.Options{Title: hostileText})
		header := 0
		for _, line := range strings.Split(got, "\n") {
			// What stands outside of code spans is markup.
			outside := span.ReplaceAllString(strings.ReplaceAll(line, "\\`", ""), "X")
			for _, bad := range []string{"@", "<", "](", "://", "www.", "`"} {
				if strings.Contains(outside, bad) {
					t.Fatalf("%q acts in %q", bad, line)
				}
			}
			if strings.HasPrefix(line, "|") {
				cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
				if header == 0 {
					header = cells
				}
				if cells != header {
					t.Errorf("a table row has %d bars, its header %d: %q", cells, header, line)
				}
			} else {
				header = 0
			}
		}
	}
}

func TestCSVHasNoFormulas(t *testing.T) {
	for _, info := range report.Names() {
		got := write(t, hostile(), info.Name, "csv", report.Options{})
		records, err := csv.NewReader(strings.NewReader(got)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(records) < 3 || records[0][0] != "section" {
			t.Fatalf("no header or no rows: %q", got)
		}
		for _, row := range records {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
		}
		if strings.Count(got, "\r\n") != strings.Count(got, "\n") {
			t.Error("lines do not end as RFC 4180 says")
		}
	}
}

func TestJSONIsVersionedAndWhole(t *testing.T) {
	for _, info := range report.Names() {
		var got struct {
			Schema string `json:"schema"`
			Report string `json:"report"`
			Groups []struct {
				Message  string `json:"message"`
				Failures int    `json:"failures"`
			} `json:"groups"`
			Drift []struct {
				Message  string `json:"message"`
				Failures int    `json:"failures"`
			} `json:"drift"`
		}
		if !slices.Contains([]string{"overview", "failures", "drift"}, info.Name) {
			continue // TestJSONOfPages looks at these
		}
		if err := json.Unmarshal([]byte(write(t, hostile(), info.Name, "json", report.Options{})), &got); err != nil {
			t.Fatal(err)
		}
		if info.Name == "drift" {
			if len(got.Groups) != 0 || len(got.Drift) != 3 {
				t.Fatalf("wrong frame: %+v", got)
			}
			got.Groups = got.Drift
		}
		if count, most := len(got.Groups), got.Groups[0].Failures; got.Schema != "errscope.report/v1" || got.Report != info.Name ||
			info.Name != "drift" && (count != 5 || most != 2100) || info.Name == "drift" && most != 512 {
			t.Errorf("wrong frame: %+v", got)
		}
		if want := strings.ToValidUTF8(hostileText, "\ufffd\ufffd"); got.Groups[0].Message != want {
			t.Errorf("the message changed:\n%q\nwant\n%q", got.Groups[0].Message, want)
		}
	}
}

func TestHTMLIsInert(t *testing.T) {
	element := regexp.MustCompile(`<([a-zA-Z0-9!/]+)`)
	allowed := map[string]bool{"!DOCTYPE": true}
	for _, e := range strings.Fields("html head meta title style body h1 h2 p ul li div table thead tbody tr th td code figure svg rect line polygon figcaption span") {
		allowed[e], allowed["/"+e] = true, true
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`)
	for _, info := range report.Names() {
		got := write(t, hostile(), info.Name, "html", report.Options{Title: hostileText})
		for _, m := range element.FindAllStringSubmatch(got, -1) {
			if !allowed[m[1]] {
				t.Errorf("element <%s> came in", m[1])
			}
		}
		for _, bad := range []string{"<script", "<img", "href", "src=", "style=", "url("} {
			if strings.Contains(strings.ReplaceAll(got, "src=x onerror", ""), bad) {
				t.Errorf("%q is in the page", bad)
			}
		}
		hash := sha256.Sum256([]byte(style.FindStringSubmatch(got)[1]))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"; !strings.Contains(got, want) {
			t.Errorf("the policy does not allow the style: %s is missing", want)
		}
		wellFormed(t, got)
	}
}

// wellFormed reads the page as XML, which forgives nothing.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
	}
}
