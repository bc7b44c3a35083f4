package report_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func write(t *testing.T, src report.Source, name, format string, o report.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.Write(context.Background(), &out, src, name, format, o); err != nil {
		t.Fatalf("writing %s as %s: %v", name, format, err)
	}
	return out.String()
}

// each runs f for every report in every format.
func each(t *testing.T, f func(t *testing.T, name, format string)) {
	for _, info := range report.Names() {
		for _, format := range report.Formats() {
			t.Run(info.Name+"/"+format, func(t *testing.T) { f(t, info.Name, format) })
		}
	}
}

func TestGolden(t *testing.T) {
	kinds := map[string]report.Source{"sound": sound(), "empty": rows{}, "hostile": hostile()}
	each(t, func(t *testing.T, name, format string) {
		for kind, src := range kinds {
			got := write(t, src, name, format, report.Options{Width: 110})
			file := filepath.Join("testdata", fmt.Sprintf("%s.%s.%s", name, kind, format))
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (go test ./report -update, then read the change):\n%s", file, got)
			}
		}
	})
}

// TestOrderOfRows proves that the source's order is not the report's.
func TestOrderOfRows(t *testing.T) {
	each(t, func(t *testing.T, name, format string) {
		want := write(t, sound(), name, format, report.Options{})
		random := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			r := sound()
			shuffle(random, r.groups)
			shuffle(random, r.overview.Groups)
			shuffle(random, r.overview.Vendors)
			shuffle(random, r.overview.Faults)
			shuffle(random, r.overview.Blame)
			shuffle(random, r.overview.Buckets)
			shuffle(random, r.vendorFaults)
			shuffle(random, r.quotas)
			shuffle(random, r.windows)
			shuffle(random, r.unreached)
			shuffle(random, r.support)
			shuffle(random, r.changes.List)
			shuffle(random, r.retries.Groups)
			shuffle(random, r.retries.Vendors)
			shuffle(random, r.latency.Routes)
			shuffle(random, r.latency.Windows)
			if got := write(t, r, name, format, report.Options{}); got != want {
				t.Fatalf("the order of rows shows:\n%s\nwant\n%s", got, want)
			}
		}
	})
}

func shuffle[T any](random *rand.Rand, list []T) {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestSourceKeepsItsRows(t *testing.T) {
	r := sound()
	before := fmt.Sprint(r)
	each(t, func(t *testing.T, name, format string) {
		write(t, r, name, format, report.Options{})
		if fmt.Sprint(r) != before {
			t.Error("the report changed the rows of its source")
		}
	})
}

func TestWidth(t *testing.T) {
	for kind, src := range map[string]report.Source{"sound": sound(), "hostile": hostile(), "empty": rows{}} {
		for _, name := range []string{"overview", "failures", "nightly", "vendors", "quota", "outages", "support", "retries", "latency", "blame"} {
			for columns := 20; columns <= 200; columns++ {
				got := write(t, src, name, "text", report.Options{Width: columns, Colour: columns%2 == 0, Title: strings.Repeat("a long title ", 20)})
				for i, line := range strings.Split(got, "\n") {
					if w := ansi.StringWidth(line); w > columns {
						t.Fatalf("%s %s at %d columns: line %d has %d: %q", kind, name, columns, i+1, w, line)
					}
				}
			}
		}
	}
}

// TestNarrowTableSaysWhatIsMissing: a column that does not fit is named.
func TestNarrowTableSaysWhatIsMissing(t *testing.T) {
	got := write(t, sound(), "overview", "text", report.Options{Width: 60})
	if !strings.Contains(got, "Too narrow for:") || !strings.Contains(got, "p50 ms") {
		t.Errorf("columns are missing and nothing says so:\n%s", got)
	}
	wide := write(t, sound(), "overview", "text", report.Options{Width: 400})
	if strings.Contains(wide, "Too narrow for:") || strings.Contains(wide, "…") {
		t.Errorf("400 columns are enough for everything:\n%s", wide)
	}
}

func TestColourOnlyAddsColour(t *testing.T) {
	plain := write(t, sound(), "overview", "text", report.Options{})
	coloured := write(t, sound(), "overview", "text", report.Options{Colour: true})
	if !strings.Contains(coloured, "\x1b[") {
		t.Error("no colour at all")
	}
	if ansi.Strip(coloured) != plain {
		t.Error("colour changes more than colour")
	}
}

func TestHostOfUnknownVendor(t *testing.T) {
	each(t, func(t *testing.T, name, format string) {
		got := write(t, sound(), name, format, report.Options{})
		if name == "accounting" { // of sources, not of vendors
			return
		}
		if !strings.Contains(got, "api.acme.example") {
			t.Errorf("the host that no pack knows is not named:\n%s", got)
		}
	})
}

func TestPersonalIsMasked(t *testing.T) {
	r := sound()
	r.groups[0].Message = "VIN 1HGCM82633A004352 of jo.o+x@mail.example at 198.51.100.7:443 and 2001:db8::17. Call +49 (30) 1234-5678; plate=7XER187"
	r.groups[0].Route = "GET /vin/wvwzzz1jzxw000001/owner/jo%40mail.example"
	r.overview.Groups = r.groups
	each(t, func(t *testing.T, name, format string) {
		got := write(t, r, name, format, report.Options{Width: 400})
		for _, personal := range []string{"1HGCM82633A004352", "mail.example", "198.51.100.7", "2001:db8", "1234-5678", "7XER187", "wvwzzz1jzxw000001", "203.0.113.9", "ops@"} {
			if strings.Contains(got, personal) {
				t.Errorf("%s is still in it:\n%s", personal, got)
			}
		}
		if !strings.Contains(got, "550e8400-e29b-41d4-a716-446655440000") && (name == "failures" || name == "overview" && (format == "csv" || format == "json")) {
			t.Error("the request id, which support needs, is gone")
		}
	})
}

func TestScopeAndTimes(t *testing.T) {
	berlin := time.FixedZone("UTC+1", 3600)
	o := report.Options{Title: "Night watch", Now: at(17, 6, 0), Location: berlin,
		Scope: queries.Scope{Since: at(3, 0, 0), Until: at(17, 0, 0), Vendor: "carsxe", Account: "a1"}}
	text := write(t, sound(), "overview", "text", o)
	for _, want := range []string{"Night watch", "since 2026-11-03 01:00:07 UTC+1", "until 2026-11-17 01:00:07 UTC+1", "vendor carsxe",
		"account a1", "Written at 2026-11-17 07:00:07 UTC+1", "between 2026-11-03 01:00 and 2026-11-17 00:59 UTC+1"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	json := write(t, sound(), "overview", "json", o)
	for _, want := range []string{`"generated_at": "2026-11-17T06:00:07.25Z"`, `"since": "2026-11-03T00:00:07.25Z"`, `"title": "Night watch"`} {
		if !strings.Contains(json, want) {
			t.Errorf("%s is missing in:\n%s", want, json)
		}
	}
}

func TestEmptySaysHowToGoOn(t *testing.T) {
	for _, format := range []string{"text", "md", "html"} {
		got := write(t, rows{}, "overview", format, report.Options{})
		if !strings.Contains(got, "No requests in this database yet") || !strings.Contains(got, "errscope ingest PATH") {
			t.Errorf("%s does not help:\n%s", format, got)
		}
		got = write(t, rows{}, "overview", format, report.Options{Scope: queries.Scope{Vendor: "carsxe"}})
		if strings.Contains(got, "errscope ingest") || !strings.Contains(got, "carsxe") {
			t.Errorf("%s: the scope is empty, not the database:\n%s", format, got)
		}
	}
	only := rows{overview: queries.Overview{Totals: queries.Totals{Requests: 4}}}
	if got := write(t, only, "overview", "text", report.Options{}); !strings.Contains(got, "Nothing: no call failed") {
		t.Errorf("no failure is good news:\n%s", got)
	}
}

func TestUnreadLinesAreNamed(t *testing.T) {
	for _, format := range []string{"text", "md"} {
		got := write(t, sound(), "overview", format, report.Options{})
		if !strings.Contains(got, "12 lines could not be read") || !strings.Contains(got, `errscope sql "SELECT * FROM rejects"`) {
			t.Errorf("%s hides the rejects:\n%s", format, got)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	err := report.Write(context.Background(), &bytes.Buffer{}, rows{}, "overvue", "text", report.Options{})
	var name *report.NameError
	if !errors.Is(err, report.ErrUnknownReport) || !errors.As(err, &name) || !slices.Contains(name.Valid, "overview") || name.Name != "overvue" {
		t.Errorf("unknown report: %v", err)
	}
	err = report.Write(context.Background(), &bytes.Buffer{}, rows{}, "overview", "xls", report.Options{})
	if !errors.Is(err, report.ErrUnknownFormat) || !errors.As(err, &name) || !slices.Contains(name.Valid, "html") {
		t.Errorf("unknown format: %v", err)
	}
}

// TestCheck: a wrong name is known without asking anything.
func TestCheck(t *testing.T) {
	each(t, func(t *testing.T, name, format string) {
		if err := report.Check(name, format); err != nil {
			t.Error(err)
		}
	})
	if err := report.Check("weekly", "text"); !errors.Is(err, report.ErrUnknownReport) {
		t.Errorf("unknown report: %v", err)
	}
	if err := report.Check("overview", "pdf"); !errors.Is(err, report.ErrUnknownFormat) {
		t.Errorf("unknown format: %v", err)
	}
}

type failingWriter struct{}

var errDiskFull = errors.New("disk full")

func (failingWriter) Write([]byte) (int, error) { return 0, errDiskFull }

func TestErrorsArePassedOn(t *testing.T) {
	each(t, func(t *testing.T, name, format string) {
		var out bytes.Buffer
		if err := report.Write(context.Background(), &out, rows{err: errSource}, name, format, report.Options{}); !errors.Is(err, errSource) || out.Len() > 0 {
			t.Errorf("source failed: %v, %d bytes written", err, out.Len())
		}
		if err := report.Write(context.Background(), failingWriter{}, sound(), name, format, report.Options{}); !errors.Is(err, errDiskFull) {
			t.Errorf("writer failed: %v", err)
		}
	})
}
