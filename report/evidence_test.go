package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/report"
)

// evidence is an invented outage of one vendor, a fault of ours at it, and a
// host that no pack knows and that was labelled in two ways.
func evidence() queries.Evidence {
	e := queries.Evidence{Selection: queries.Selection{Since: at(16, 0, 0), Codes: []string{"VLM_PROVIDER_ERROR"}}}
	e.Vendors = []queries.EvidenceVendor{{Vendor: "aionvision", SupportFields: "request_id (of the body, or none), endpoint, time with zone", SupportURL: "https://support.example/new"}}
	e.Groups = []queries.EvidenceGroup{
		{Vendor: "aionvision", Code: "VLM_PROVIDER_ERROR", Status: 503, Category: record.Upstream, Fault: record.FaultUpstream, Method: "POST", Route: "/api/v2/agentic-search",
			Failures: 9, ForSupport: 9, InOutage: 9, RequestIDs: 8, First: at(16, 10, 8), Last: at(16, 10, 42), Of: 4},
		{Vendor: "aionvision", Code: "VLM_PROVIDER_ERROR", Status: 503, Category: record.Upstream, Fault: record.FaultUpstream, Method: "POST", Route: "/api/v2/files",
			Failures: 1, ForSupport: 1, InOutage: 1, First: at(16, 10, 9), Last: at(16, 10, 9), Of: 4},
		{Vendor: "aionvision", Code: "VALIDATION_ERROR", Status: 422, Category: record.Validation, Fault: record.FaultCaller, Method: "POST", Route: "/api/v2/agentic-search",
			Failures: 2, RequestIDs: 2, First: at(16, 9, 0), Last: at(16, 9, 5), Of: 4},
		{Vendor: "unknown", Host: "api.acme.example", Status: 500, Category: record.Server, Method: "GET", Route: "/orders/{id}", Failures: 1, First: at(16, 8, 0), Last: at(16, 8, 0), Of: 4},
		{Vendor: "generic", Host: "api.acme.example", Code: "BOOM", Status: 500, Category: record.Server, Method: "GET", Route: "/orders/{id}", Failures: 1, First: at(16, 8, 1), Last: at(16, 8, 1), Of: 4},
	}
	for i := range 9 {
		e.Rows = append(e.Rows, queries.EvidenceRow{TS: at(16, 10, 8+4*i), Vendor: "aionvision", Host: "api.aionvision.tech", Method: "POST", Route: "/api/v2/agentic-search",
			Path: "/api/v2/agentic-search", Query: "vin=1HGCM82633A004352&key=[redacted]", Status: 503, Category: record.Upstream, Code: "VLM_PROVIDER_ERROR",
			RequestID: "req-" + string(rune('a'+min(i, 7))), DurationMS: 1000.5, Account: "f00dfeed0000000" + string(rune('1'+i%2)), ForSupport: true, WindowID: 7,
			SHA256: strings.Repeat("ab", 32), SourceOffset: int64(100 * i)})
	}
	for i := range 2 {
		e.Rows = append(e.Rows, queries.EvidenceRow{TS: at(16, 9, 5*i), Vendor: "aionvision", Host: "api.aionvision.tech", Method: "POST", Route: "/api/v2/agentic-search",
			Status: 422, Category: record.Validation, Code: "VALIDATION_ERROR", RequestID: "val-" + string(rune('a'+i)), DurationMS: record.Absent, SHA256: strings.Repeat("ab", 32)})
	}
	e.Rows = append(e.Rows, queries.EvidenceRow{TS: at(16, 8, 0), Vendor: "unknown", Host: "api.acme.example", Method: "GET", Path: "/orders/11", Status: 500, Category: record.Server, DurationMS: record.Absent})
	slices.SortStableFunc(e.Rows, func(a, b queries.EvidenceRow) int { return a.TS.Compare(b.TS) })
	e.Accounts = []queries.EvidenceAccount{
		{Vendor: "aionvision", Account: "f00dfeed00000001", Failures: 5, First: at(16, 10, 8), Last: at(16, 10, 40)},
		{Vendor: "aionvision", Account: "f00dfeed00000002", Failures: 4, First: at(16, 10, 12), Last: at(16, 10, 36)}}
	e.Samples = []queries.Exchange{{TS: at(16, 10, 8), Vendor: "aionvision", Host: "api.aionvision.tech", Method: "POST", Path: "/api/v2/agentic-search",
		Query: "vin=1HGCM82633A004352&key=[redacted]", Status: 503, Category: record.Upstream, Code: "VLM_PROVIDER_ERROR", Message: "provider of jo@mail.example failed",
		DurationMS: 1000.5, RequestHeaders: `{"Authorization":"Bearer [redacted]","Accept":"application/json"}`,
		Headers: `{"Date":"Mon, 16 Nov 2026 10:08:12 GMT","Content-Type":"application/json","Via":["1.1 a","1.1 b"]}`,
		Body:    "{\"error\":{\"code\":\"VLM_PROVIDER_ERROR\",\"message\":\"provider of jo@mail.example failed\"},\n\"request_id\":\"req-a\"}"}}
	e.Windows = []queries.WindowRow{{WindowID: 7, Vendor: "aionvision", Route: "/api/v2/agentic-search", StartedAt: at(16, 10, 8), EndedAt: at(16, 10, 42), Requests: 47, Failures: 31,
		BaselineRatio: 0.0755, PeakRatio: 1, PeakAt: at(16, 10, 16), TopCode: "VLM_PROVIDER_ERROR", Accounts: 2}}
	for i := range queries.EvidenceSlots {
		e.Traffic = append(e.Traffic, queries.EvidenceTraffic{WindowID: 7, Slot: i, From: at(16, 9, 38), To: at(16, 11, 12), Calls: int64(i % 3), Failed: int64(i%3) * int64(i/24)})
	}
	e.Sources = []queries.EvidenceSource{{Path: "/home/jo/logs/app.jsonl", Format: "json", SHA256: strings.Repeat("ab", 32), Bytes: 4711, Failures: 12}}
	return e
}

func bundleOf(t *testing.T, e queries.Evidence, include ...report.Personal) *report.Bundle {
	t.Helper()
	b, err := report.NewBundle(e, report.BundleOptions{Policy: record.NewPolicy(record.DefaultRules(), nil), Include: include, Version: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func bundleText(t *testing.T, b *report.Bundle, format string, full bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out, format, full); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func hostileEvidence() queries.Evidence {
	e := evidence()
	for i := range e.Groups {
		g := &e.Groups[i]
		g.Code, g.Route, g.Method = hostileText, hostileText, hostileText
	}
	for i := range e.Rows {
		r := &e.Rows[i]
		r.Code, r.RequestID, r.Path, r.Query, r.TraceID = hostileText, hostileText, hostileText, hostileText, hostileText
	}
	for i := range e.Samples {
		x := &e.Samples[i]
		x.Code, x.Message, x.Body, x.Path, x.Method, x.Headers = hostileText, hostileText, "```\n"+hostileText+"\n````", hostileText, hostileText, hostileText
	}
	e.Windows[0].Note, e.Windows[0].Route, e.Sources[0].Path, e.Vendors[0].SupportFields = hostileText, hostileText, hostileText, hostileText
	e.Selection.Codes = []string{hostileText}
	return e
}

func TestEvidenceGolden(t *testing.T) {
	for name, text := range map[string]string{
		"evidence.sound.md":      bundleText(t, bundleOf(t, evidence()), "md", false),
		"evidence.sound.full.md": bundleText(t, bundleOf(t, evidence(), report.PersonalVIN), "md", true),
		"evidence.sound.json":    bundleText(t, bundleOf(t, evidence()), "json", false),
		"evidence.empty.md":      bundleText(t, bundleOf(t, queries.Evidence{}), "md", false),
		"evidence.empty.json":    bundleText(t, bundleOf(t, queries.Evidence{}), "json", false),
		"evidence.hostile.md":    bundleText(t, bundleOf(t, hostileEvidence()), "md", true),
	} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s differs (go test ./report -update, then read the change):\n%s", file, text)
		}
	}
}

// TestEvidenceIsInert: no file of a bundle steers a terminal, and no foreign text
// leaves its fence.
func TestEvidenceIsInert(t *testing.T) {
	b := bundleOf(t, hostileEvidence())
	for name, text := range unzipped(t, bundleText(t, b, "zip", false)) {
		for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U is in %s", r, name)
			}
		}
		if strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.ContainsAny(name, `\:`) {
			t.Errorf("a file is called %q", name)
		}
		if strings.HasSuffix(name, ".csv") {
			rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range slices.Concat(rows...) {
				if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
		}
	}
	text, span := bundleText(t, b, "md", true), regexp.MustCompile("`[^`\n]*`")
	fence := ""
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			fence = strings.TrimRight(line, "abcdefghijklmnopqrstuvwxyz")
			continue
		case fence != "" && line == fence:
			fence = ""
			continue
		case fence != "":
			continue
		}
		for _, bad := range []string{"<", "](", "://", "`"} {
			if strings.Contains(span.ReplaceAllString(line, "X"), bad) {
				t.Errorf("%q acts in %q", bad, line)
			}
		}
	}
	if fence != "" {
		t.Error("a fence is open at the end")
	}
}

func unzipped(t *testing.T, text string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(data)
	}
	return files
}

// TestEvidenceShowsNoMore looks for what must not leave in every file, and for
// what a support needs.
func TestEvidenceShowsNoMore(t *testing.T) {
	files := unzipped(t, bundleText(t, bundleOf(t, evidence()), "zip", false))
	all := ""
	for name, text := range files {
		all += name + "\n" + text
	}
	for _, bad := range []string{"f00dfeed", "1HGCM82633A004352", "jo@mail", "/home/jo"} {
		if strings.Contains(all, bad) {
			t.Errorf("%q is in the bundle", bad)
		}
	}
	for _, want := range []string{"aionvision/summary.md", "aionvision/exchanges/01-VLM_PROVIDER_ERROR.http", "api.acme.example/evidence.json", "app.jsonl", strings.Repeat("ab", 32),
		"req-a", "req-h", "errscope evidence --code VLM_PROVIDER_ERROR --since 2026-11-16T00:00:07.25Z", "[vin]", "[email]"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in the bundle", want)
		}
	}
	shown := bundleText(t, bundleOf(t, evidence(), report.PersonalVIN), "zip", false)
	if files := unzipped(t, shown); !strings.Contains(files["aionvision/requests.csv"], "1HGCM82633A004352") || !strings.Contains(files["MANIFEST.json"], `"vin"`) ||
		strings.Contains(files["aionvision/summary.md"], "jo@mail") {
		t.Error("--include vin does not show VINs alone, named in the manifest")
	}
}

// TestEvidenceIsTheSameAnywhere: other salts, source numbers and orders of rows
// give the same bytes.
func TestEvidenceIsTheSameAnywhere(t *testing.T) {
	want := bundleText(t, bundleOf(t, evidence()), "zip", false)
	other := evidence()
	for i := range other.Accounts {
		other.Accounts[i].Account = "0123" + other.Accounts[i].Account
	}
	for i := range other.Rows {
		if a := &other.Rows[i].Account; *a != "" {
			*a = "0123" + *a
		}
	}
	slices.Reverse(other.Groups)
	other.Sources[0].Path = "elsewhere/app.jsonl"
	for range 3 {
		if got := bundleText(t, bundleOf(t, other), "zip", false); got != want {
			t.Fatal("the bundle differs")
		}
	}
}

// TestEvidenceNumbersAndCounts holds what is said against what was given.
func TestEvidenceNumbersAndCounts(t *testing.T) {
	b := bundleOf(t, evidence())
	parts := b.Parts()
	if len(parts) != 2 || parts[0].Name != "aionvision" || parts[0].Failures != 12 || parts[0].ForSupport != 10 || parts[1].Name != "api.acme.example" || parts[1].Failures != 2 {
		t.Fatalf("the parts are %+v", parts)
	}
	if want := []string{"req-a", "req-d", "req-g", "req-h", "val-b"}; !slices.Equal(parts[0].RequestIDs, want) {
		t.Errorf("the calls to look up are %v, want %v", parts[0].RequestIDs, want)
	}
	for _, r := range b.Redactions() {
		want := map[string]int64{"header authorization": 1, "query key": 10, "personal vin": 10, "personal email": 2}[r.Kind+" "+r.Name]
		if r.Places != want || r.Shown {
			t.Errorf("%+v, want %d places", r, want)
		}
	}
	if got := b.BundleName(); got != "evidence-2026-11-16.zip" {
		t.Errorf("it is called %s", got)
	}
	one := b.Only("aionvision")
	if got := one.BundleName(); got != "aionvision-2026-11-16.zip" || len(one.Parts()) != 1 || !b.Only("nobody").Empty() {
		t.Errorf("one vendor's is called %s and has %d parts", got, len(one.Parts()))
	}
	var j struct {
		Schema  string `json:"schema"`
		Vendors []struct {
			Ahead    *float64          `json:"vendor_clock_ahead_s"`
			Accounts []json.RawMessage `json:"accounts"`
			Fields   []string          `json:"support_fields"`
		} `json:"vendors"`
	}
	if err := json.Unmarshal([]byte(bundleText(t, b, "json", false)), &j); err != nil {
		t.Fatal(err)
	}
	if v := j.Vendors[0]; j.Schema != report.EvidenceSchema || v.Ahead == nil || math.Abs(*v.Ahead-5) > 1e-9 || len(v.Accounts) != 2 || len(v.Fields) != 3 {
		t.Errorf("the JSON says %+v", j)
	}
}

// TestEvidenceRefuses a bundle in which a credential is left, names its place and
// not its value, and writes nothing.
func TestEvidenceRefuses(t *testing.T) {
	token := "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
	for place, plant := range map[string]func(*queries.Evidence){
		"a request id":  func(e *queries.Evidence) { e.Rows[0].RequestID = token },
		"the selection": func(e *queries.Evidence) { e.Selection.RequestIDs = []string{token} },
	} {
		e := evidence()
		plant(&e)
		for _, format := range report.EvidenceFormats() {
			var out bytes.Buffer
			err := bundleOf(t, e).Write(&out, format, true)
			var leak *report.LeakError
			if !errors.As(err, &leak) || out.Len() > 0 {
				t.Errorf("%s as %s: error %v, %d bytes written", place, format, err, out.Len())
				continue
			}
			if strings.Contains(err.Error(), token[:12]) || !strings.Contains(err.Error(), "line ") {
				t.Errorf("%s as %s: the error is %q", place, format, err)
			}
		}
	}
	// Whoever looks a second time is heard, too.
	again := func(name string, text []byte) ([]string, error) {
		if at := bytes.Index(text, []byte("request")); at >= 0 {
			return []string{name + " line 1 column 7 (a rule of others)"}, nil
		}
		return nil, nil
	}
	b, err := report.NewBundle(evidence(), report.BundleOptions{Policy: record.NewPolicy(record.DefaultRules(), nil), SecondLook: again})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var leak *report.LeakError
	if err := b.Write(&out, "md", true); !errors.As(err, &leak) || out.Len() > 0 || !strings.Contains(err.Error(), "a rule of others") {
		t.Errorf("with a second look the error is %v, and %d bytes are written", err, out.Len())
	}
	// What the rules have learnt since is masked on the way out, and counted.
	e := evidence()
	e.Samples[0].Body, e.Samples[0].Message = `{"note":"`+token+`"}`, token
	if got := bundleText(t, bundleOf(t, e), "md", false); strings.Contains(got, token) || !strings.Contains(got, "credentials in bodies") {
		t.Errorf("the summary is\n%s", got)
	}
	if _, err := report.NewBundle(e, report.BundleOptions{}); !errors.Is(err, report.ErrNoPolicy) {
		t.Errorf("without rules the error is %v", err)
	}
}

// TestVerifyBundle changes one thing after the other.
func TestVerifyBundle(t *testing.T) {
	sound := bundleText(t, bundleOf(t, evidence()), "zip", false)
	verify := func(text string) string {
		differences, _, err := report.VerifyBundle(strings.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(differences, "\n")
	}
	if got := verify(sound); got != "" {
		t.Errorf("a sound bundle differs: %s", got)
	}
	for want, change := range map[string]func(files map[string]string){
		"its SHA-256 is not": func(f map[string]string) {
			f["selection.sql"] = strings.Replace(f["selection.sql"], "SELECT", "select", 1)
		},
		"the manifest says":      func(f map[string]string) { f["aionvision/summary.md"] += "more" },
		"is missing":             func(f map[string]string) { delete(f, "aionvision/requests.csv") },
		"is not in the manifest": func(f map[string]string) { f["new.txt"] = "new" },
		"MANIFEST.json: is missing": func(f map[string]string) {
			delete(f, "MANIFEST.json")
		},
		"is no JSON":        func(f map[string]string) { f["MANIFEST.json"] = "{" },
		"is of another lay": func(f map[string]string) { f["MANIFEST.json"] = "{}" },
	} {
		files := unzipped(t, sound)
		change(files)
		if got := verify(zipped(t, files)); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	for _, text := range []string{"", "no zip", sound[:len(sound)/2]} {
		if verify(text) == "" {
			t.Errorf("%d bytes pass", len(text))
		}
	}
}

func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// FuzzVerifyBundle: a file that somebody hands over breaks nothing.
func FuzzVerifyBundle(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, _, err := report.VerifyBundle(bytes.NewReader(text), int64(len(text))); err != nil {
			t.Fatal(err)
		}
	})
}
