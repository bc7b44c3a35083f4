package queries

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// TestHeaders: every text says what it answers, and its header names exactly
// the parameters that it has.
func TestHeaders(t *testing.T) {
	parameter := regexp.MustCompile(`\$([a-z0-9_]+)`)
	for _, n := range Names() {
		text, err := Load(n)
		if err != nil {
			t.Fatal(err)
		}
		if text.SQL == "" {
			t.Errorf("%s holds no statement", n)
		}
		if n == Prelude {
			continue // functions, no question
		}
		if text.Question == "" || text.Columns == "" || text.Order == "" {
			t.Errorf("%s lacks a part of its header: %+v", n, text)
		}
		used := map[string]bool{}
		for _, m := range parameter.FindAllStringSubmatch(text.SQL, -1) {
			used[m[1]] = true
		}
		for _, p := range text.Parameters {
			if !used[p] {
				t.Errorf("%s: parameter %s is not used", n, p)
			}
			delete(used, p)
		}
		for p := range used {
			t.Errorf("%s: parameter %s is not in the header", n, p)
		}
	}
}

// TestNamesAreFiles holds the constants of queries.go against the files.
func TestNamesAreFiles(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "queries.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var constants []Name
	ast.Inspect(f, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Name" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			constants = append(constants, Name(text))
		}
		return true
	})
	files := Names()
	slices.Sort(constants)
	slices.Sort(files)
	if !slices.Equal(constants, files) {
		t.Errorf("constants %v\nfiles     %v", constants, files)
	}
	if _, err := Load("nothing"); err == nil {
		t.Error("a text that is not there was read")
	}
}

func TestMigrations(t *testing.T) {
	list, err := Migrations()
	if err != nil || len(list) == 0 {
		t.Fatalf("%d migrations, error %v", len(list), err)
	}
	for i, m := range list {
		if m.Version != i+1 || m.SQL == "" {
			t.Errorf("migration %d is %d %s", i+1, m.Version, m.Name)
		}
	}
}

func TestReports(t *testing.T) {
	var names []string
	for _, r := range Reports() {
		names = append(names, r.Name)
		sql, err := ReportSQL(r.Name)
		if err != nil || r.Question == "" {
			t.Errorf("%s: question %q, error %v", r.Name, r.Question, err)
		}
		for _, q := range r.Queries {
			text, err := Load(q)
			if err != nil || !strings.Contains(sql, text.SQL) || !strings.Contains(sql, "-- question: "+text.Question) {
				t.Errorf("%s does not print %s whole (error %v)", r.Name, q, err)
			}
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("the reports are not in order: %v", names)
	}
	if _, err := ReportSQL("nothing"); err == nil {
		t.Error("a report that is not there was printed")
	}
}

// TestEveryFieldIsNamed: a field without its column would stay empty for good.
func TestEveryFieldIsNamed(t *testing.T) {
	for _, row := range []reflect.Type{reflect.TypeFor[Totals](), reflect.TypeFor[Data](), reflect.TypeFor[VendorRow](), reflect.TypeFor[FaultRow](),
		reflect.TypeFor[Bucket](), reflect.TypeFor[FailureGroup](), reflect.TypeFor[Exchange](), reflect.TypeFor[DriftRow](), reflect.TypeFor[DriftSample](),
		reflect.TypeFor[QuotaStanding](), reflect.TypeFor[QuotaHourUse](), reflect.TypeFor[QuotaTraffic](), reflect.TypeFor[OutageRow](),
		reflect.TypeFor[LocalOutage](), reflect.TypeFor[OutageSpan](), reflect.TypeFor[OutageTraffic](), reflect.TypeFor[OutageAnswers](),
		reflect.TypeFor[TrafficRun](), reflect.TypeFor[TrafficBlock](), reflect.TypeFor[OutageDetail](),
		reflect.TypeFor[VendorFault](), reflect.TypeFor[QuotaRow](), reflect.TypeFor[WindowRow](), reflect.TypeFor[LocalOutageRow](), reflect.TypeFor[GateRead](), reflect.TypeFor[GateParty](), reflect.TypeFor[SupportGroup](), reflect.TypeFor[CodeChange](),
		reflect.TypeFor[FaultTrend](), reflect.TypeFor[VendorSlot](), reflect.TypeFor[VendorCode](), reflect.TypeFor[VendorPack](), reflect.TypeFor[Reject](), reflect.TypeFor[ExchangeLine](), reflect.TypeFor[Neighbour](),
		reflect.TypeFor[RetryRow](), reflect.TypeFor[LatencyRow](), reflect.TypeFor[Baseline](), reflect.TypeFor[BlameSlot](), reflect.TypeFor[SourceRow](), reflect.TypeFor[RejectRow](),
		reflect.TypeFor[EvidenceGroup](), reflect.TypeFor[EvidenceAccount](), reflect.TypeFor[EvidenceRow](), reflect.TypeFor[EvidenceTraffic](), reflect.TypeFor[EvidenceSource](), reflect.TypeFor[EvidenceVendor]()} {
		for _, f := range reflect.VisibleFields(row) {
			configured := f.Type == reflect.TypeFor[*Acknowledgement]() // people write it, the database has none
			if f.Tag.Get("sql") == "" && !f.Anonymous && !configured {
				t.Errorf("%s.%s has no column", row, f.Name)
			}
		}
	}
}
