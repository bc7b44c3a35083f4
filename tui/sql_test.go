package tui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

const fakeQuestion = "SELECT date_trunc('hour', ts) AS hour, vendor, code, count(*) AS n\nFROM failures -- of the range\nWHERE ts >= $since\nGROUP BY ALL"

// askedSQL is the SQL screen with an answer.
func askedSQL(t testing.TB, src Source, w, h int) *driver {
	d := opened(t, src, w, h).keys("7")
	d.send(tea.PasteMsg{Content: fakeQuestion})
	return d.keys("alt+enter")
}

// failedSQL is the SQL screen with an error of the database.
func failedSQL(t testing.TB, w, h int) *driver {
	src := newFake()
	src.sqlErr = errors.New("querying database t.duckdb: Binder Error: Referenced column \"coed\" not found in FROM clause!\nCandidate bindings: \"code\", \"confidence\"\n\nLINE 2: SELECT vendor, coed\n                       ^")
	d := opened(t, src, w, h).keys("7")
	d.send(tea.PasteMsg{Content: "-- what fails\nSELECT vendor, coed\nFROM failures"})
	return d.keys("f5")
}

func sqlOf(d *driver) *sqlScreen { return d.m.app.stacks[tabSQL][0].(*sqlScreen) }

// TestSQLRuns runs what was typed, in each of three ways, and shows the answer.
func TestSQLRuns(t *testing.T) {
	for _, run := range []string{"alt+enter", "ctrl+enter", "f5"} {
		src := newFake()
		d := opened(t, src, 120, 36).keys("7").text("SELECT 1").keys(run)
		d.sees("Result: 7 rows", "VEHICLE_STATE:ASLEEP", "bigint", "29804.5", "(null)", "limit 10 000")
		if len(src.sqlRun) != 1 || src.sqlRun[0] != "SELECT 1" {
			t.Errorf("%s ran %q", run, src.sqlRun)
		}
	}
	d := opened(t, newFake(), 120, 36).keys("7", "alt+enter")
	d.sees("there is no SQL to run yet")
}

// TestSQLOwnsLetters types every printable key: none does anything else.
func TestSQLOwnsLetters(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("7")
	var want strings.Builder
	for r := rune(' '); r < 0x7f; r++ {
		d.keys(string(r))
		want.WriteRune(r)
	}
	d.keys("é", "世")
	if got := sqlOf(d).edit.text(); got != want.String()+"é世" {
		t.Errorf("the editor holds %q", got)
	}
	if d.quit || d.m.app.over != nil || d.copied != "" || d.m.app.tab != tabSQL {
		t.Error("a letter in the editor did something else")
	}
}

// TestSQLWaysOut: an empty editor does not hold anybody who walks through the
// screens, and esc leads out of a full one.
func TestSQLWaysOut(t *testing.T) {
	d := opened(t, newFake(), 120, 36).keys("7", "3").sees("[3 Failures]")
	d.keys("7", "?").sees("Keys on SQL", "complete").keys("esc")
	d.text("SELECT 3").sees("[7 SQL]", "SELECT 3")
	d.keys("esc", "3").sees("[3 Failures]")
	d.keys("7").sees("SELECT 3").keys("tab").text("33")
	d.sees("SELECT 333").keys("esc", "esc")
	if d.sees("q quits"); d.quit {
		t.Fatal("esc left the program")
	}
	if d.keys("q"); !d.quit {
		t.Error("q does not quit")
	}
	if d = opened(t, newFake(), 120, 36).keys("7", "q"); !d.quit {
		t.Error("q in an empty editor does not quit")
	}
}

// TestSQLStatementAtCursor runs one of several.
func TestSQLStatementAtCursor(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36).keys("7")
	d.send(tea.PasteMsg{Content: "-- one; of two\nSELECT ';' AS a;\n\nSELECT 2;\n"})
	d.keys("alt+enter", "up", "up", "up", "alt+enter").sees("statement 1 of 2")
	if want := []string{"SELECT 2", "-- one; of two\nSELECT ';' AS a"}; fmt.Sprint(src.sqlRun) != fmt.Sprint(want) {
		t.Errorf("ran %q", src.sqlRun)
	}
}

// TestSQLError marks the place in the text as long as the text is that one.
func TestSQLError(t *testing.T) {
	d := failedSQL(t, 120, 36)
	d.sees("Error in line 2, column 16", `Referenced column "coed" not found`, "  2!│ SELECT vendor, coed").seesNot("LINE 2", "t.duckdb: Binder")
	d.keys("x").seesNot("2!│")
	src := newFake()
	src.sqlErr = fmt.Errorf("%w: querying database x: Invalid Input Error: Cannot execute statement of type \"DROP\" on database \"x\" which is attached in read-only mode!", queries.ErrRefused)
	d = opened(t, src, 120, 36).keys("7").text("DROP TABLE sources").keys("alt+enter")
	d.sees("errscope sql --unsafe may", "neither change the database nor reach a file")
	src.sqlErr = nil
	d.keys("alt+enter").sees("Result: 7 rows").seesNot("--unsafe")
}

func TestFindPlace(t *testing.T) {
	long := "SELECT " + strings.Repeat("vendor, ", 40) + "coed FROM failures"
	for _, c := range []struct {
		sql    string
		line   int
		shown  string
		column int
		want   place
	}{
		{"SELEC 1", 1, "SELEC 1", 0, place{0, 0}},
		{"SELEC 1", 1, "FROM (SELEC 1", 6, place{0, 0}},
		{long, 1, "...or, vendor, coed FROM failures", 15, place{0, len("SELECT ") + 40*8}},
		{long, 1, "SELECT vendor, vend...", 7, place{0, 7}},
		{"a", 7, "a", 0, place{-1, 0}},
		{"SELECT 'é', x", 1, "SELECT 'é', x", 12, place{0, 12}},
	} {
		if got := findPlace(c.sql, c.line, c.shown, c.column); got != c.want {
			t.Errorf("%q at %d: %v, want %v", c.shown, c.column, got, c.want)
		}
	}
}

// TestSQLParameters gives the scope to the source, and runs again when the range
// has changed only what depends on it.
func TestSQLParameters(t *testing.T) {
	src := newFake()
	d := askedSQL(t, src, 120, 36).keys("esc", "t", "2", "enter")
	if len(src.scopes) != 2 || src.scopes[1].Since.IsZero() {
		t.Fatalf("the scopes were %v", src.scopes)
	}
	d.keys("tab", "ctrl+end").send(tea.PasteMsg{Content: ";\nSELECT 1"})
	d.keys("alt+enter", "esc", "t", "3", "enter")
	if len(src.scopes) != 3 {
		t.Errorf("a statement without parameters was run again: %q", src.sqlRun)
	}
	if d.keys("r"); len(src.sqlRun) != 4 || src.sqlRun[3] != "SELECT 1" {
		t.Errorf("r ran %q", src.sqlRun)
	}
	src.version.Add(1)
	d.send(refreshMsg{})
	if d.sees("the data is newer (r runs again)"); len(src.sqlRun) != 4 {
		t.Error("new data runs SQL again unasked")
	}
}

// TestSQLGrid moves over the answer, sorts it, copies from it.
func TestSQLGrid(t *testing.T) {
	d := askedSQL(t, newFake(), 120, 36).keys("esc", "j")
	d.sees("row 2, column 1 of 6 hour").keys("l", "l", "y")
	if d.copied != "VEHICLE_STATE:ASLEEP" {
		t.Errorf("y copied %q", d.copied)
	}
	d.keys("Y")
	if want := `{"hour": "2026-11-20T10:00:00Z", "vendor": "smartcar", "code": "VEHICLE_STATE:ASLEEP", "n": 1842, "ms": 801, "ids": ["req_7f2a91","req_7f2a90"]}`; d.copied != want {
		t.Errorf("Y copied %s", d.copied)
	}
	rows := func() (list []string) {
		s := sqlOf(d).answer
		for _, i := range s.order {
			text, _ := cellOfValue(s.Rows[i][s.column])
			list = append(list, text)
		}
		return list
	}
	d.keys("s")
	if got := strings.Join(rows(), ","); got != ",503 detail,RATE_LIMIT:VEHICLE,UPSTREAM_TIMEOUT,VEHICLE_STATE:ASLEEP,no_data_found,(null)" {
		t.Errorf("by code: %s", got)
	}
	if row := d.cursorRow(); !strings.Contains(row, "VEHICLE_STATE") {
		t.Errorf("the cursor went to %q", row)
	}
	d.keys("s").sees("code▼").keys("s").seesNot("code▼", "code▲")
	d.keys("l", "l", "s")
	if got := strings.Join(rows(), ","); got != "30001,29804.5,801,122,40,12.25,(null)" {
		t.Errorf("by ms: %s", got)
	}
	d.keys("S")
	if got := rows(); got[0] != "12.25" || got[6] != nullText {
		t.Errorf("by ms, smallest first: %s", got)
	}
	d.keys("G", "y").sees("ms is NULL here")
	d.keys(":").text("answer csv").keys("enter")
	if !strings.HasPrefix(d.copied, "hour,vendor,code,n,ms,ids\n2026-11-20T16:00:00Z,carsxe,,5,12.25,") {
		t.Errorf("as CSV: %s", d.copied)
	}
}

// TestSQLWide scrolls through more columns than there is room for.
func TestSQLWide(t *testing.T) {
	src := newFake()
	src.answer = &queries.Answer{}
	var row []any
	for i := range 500 {
		src.answer.Columns = append(src.answer.Columns, queries.AnswerColumn{Name: fmt.Sprintf("column_%03d", i), Type: "VARCHAR"})
		row = append(row, strings.Repeat("x", i))
	}
	src.answer.Rows = append(src.answer.Rows, row)
	d := askedSQL(t, src, 80, 24).keys("esc")
	d.sees("column_000").seesNot("column_020")
	for range 20 {
		d.keys("l")
	}
	d.sees("column_020", "column 21 of 500").seesNot("column_000")
	for range 600 {
		d.keys("right")
	}
	d.sees("column_499", "column 500 of 500")
	for range 600 {
		d.keys("h")
	}
	d.sees("column_000", "column 1 of 500")
}

// TestSQLEdges shows answers that are unlike others.
func TestSQLEdges(t *testing.T) {
	src := newFake()
	for _, c := range []struct {
		answer queries.Answer
		want   string
	}{
		{queries.Answer{}, "its answer has no columns"},
		{queries.Answer{Columns: []queries.AnswerColumn{{Name: "n", Type: "BIGINT"}}}, "No row fits the question"},
		{queries.Answer{Columns: []queries.AnswerColumn{{Name: "n", Type: "BIGINT"}}, Rows: make10000(), More: true}, "the first 10 000 rows, there are more"},
		{queries.Answer{Columns: []queries.AnswerColumn{{Name: "n", Type: "BIGINT"}}, Rows: [][]any{{int64(1)}}, More: true}, "the first 1 row (33.6 MB), there are more"},
	} {
		src.answer = &c.answer
		d := askedSQL(t, src, 120, 36)
		d.sees(c.want).keys("esc")
		for _, k := range []string{"j", "k", "G", "g", "l", "h", "s", "S", "y", "Y", "enter", "esc", "f2", "f", "f", "pgdown"} {
			d.keys(k)
			harmless(t, d.m)
		}
	}
}

func make10000() (rows [][]any) {
	for i := range queries.AnswerRowsMax {
		rows = append(rows, []any{int64(i)})
	}
	return rows
}

// TestSQLTaken brings the SQL of another screen here, ready to run.
func TestSQLTaken(t *testing.T) {
	src := newFake()
	d := opened(t, src, 120, 36).keys("7").text("mine").keys("esc", "3", "ctrl+s", "enter")
	d.sees("[7 SQL]", "-- What fails").keys("alt+enter").sees("Result: 7 rows")
	if len(src.sqlRun) != 1 || !strings.Contains(src.sqlRun[0], "FROM") || strings.Contains(src.sqlRun[0], "$since") {
		t.Errorf("ran %q", src.sqlRun)
	}
	d.keys("ctrl+r").sees("mine")
}

// TestSQLShown tells the SQL with the range filled in, as text, as a command
// line and for the export.
func TestSQLShown(t *testing.T) {
	var got []Export
	d := drive(t, newFake(), Options{Theme: "dark", Database: "t.duckdb", Export: func(_ context.Context, e Export) error { got = append(got, e); return nil }})
	d.size(160, 36)
	d.run(d.m.Init())
	d.keys("7", "x", "esc", "e").sees("run some SQL first").keys("tab", "backspace")
	d.send(tea.PasteMsg{Content: fakeQuestion})
	d.keys("alt+enter", "esc", "t", "2", "enter", "ctrl+s").sees("SQL behind SQL", "TIMESTAMP '2026-11-20 15:00:00").keys("esc")
	d.keys(":").sees(`errscope sql 'SELECT date_trunc`).keys("esc", "e").sees("answer.csv", ".jsonl").keys("enter").sees("written: answer.csv")
	if len(got) != 1 || !strings.Contains(got[0].SQL, "TIMESTAMP '2026-11-20 15:00:00") {
		t.Errorf("exported %+v", got)
	}
}

// TestSQLSlow shows a statement that runs long, and cancels it.
func TestSQLSlow(t *testing.T) {
	d := askedSQL(t, newFake(), 120, 36)
	d.hold, d.timers = true, nil
	d.keys("alt+enter").seesNot("querying")
	d.late()
	d.sees("querying", "esc cancels", "VEHICLE_STATE:ASLEEP").keys("esc")
	if d.sees("the last run was cancelled"); sqlOf(d).q.asking || !sqlOf(d).editing {
		t.Error("esc did not cancel, or did more")
	}
	d = failedSQL(t, 120, 36)
	d.hold, d.timers = true, nil
	d.keys("f5")
	d.late()
	d.sees("querying").seesNot("Error in line").keys("esc").sees("Cancelled: r runs it again")
}

// TestSQLMouse puts the cursor into the text, selects and opens cells, sorts.
func TestSQLMouse(t *testing.T) {
	click := func(x, y int) tea.Msg { return tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft} }
	d := askedSQL(t, newFake(), 120, 36)
	d.send(click(6+7, 3))
	d.text("!").sees("SELECT !date_trunc")
	d.send(click(30, 15))
	d.sees("column 2 of 6 vendor")
	d.send(click(30, 15))
	d.sees("Cell vendor").keys("esc")
	d.send(click(30, 10))
	d.sees("vendor▲")
	d.send(tea.MouseWheelMsg{X: 5, Y: 15, Button: tea.MouseWheelUp})
	d.sees("row 1,")
}

// TestSQLChart draws sums over time, or bars beside names.
func TestSQLChart(t *testing.T) {
	d := askedSQL(t, newFake(), 120, 36)
	d.keys("f2").sees("n by hour, per 60 min", "█", "13:00").keys("f2").sees("bigint")
	src := newFake()
	src.answer = &queries.Answer{Columns: []queries.AnswerColumn{{Name: "vendor", Type: "VARCHAR"}, {Name: "n", Type: "DECIMAL(9,2)"}},
		Rows: [][]any{{"carsxe", json.Number("10.5")}, {"vision", json.Number("5.25")}, {nil, nil}}}
	d = askedSQL(t, src, 120, 36)
	d.keys("f2").sees("n by vendor", "carsxe", "████", "10.5")
	src.answer = &queries.Answer{Columns: []queries.AnswerColumn{{Name: "vendor", Type: "VARCHAR"}}, Rows: [][]any{{"carsxe"}}}
	d.keys("alt+enter", "f2", "f2").sees("a chart needs")
}

// TestSQLBeforeTheData remembers what was run before the database was there.
func TestSQLBeforeTheData(t *testing.T) {
	src := newFake()
	d := opened(t, nil, 120, 36).keys("7").text("SELECT 1").keys("alt+enter")
	d.sees("Waiting for the database to be opened")
	d.send(feedMsg{Event: Event{Opened: src}})
	if d.late(); len(src.sqlRun) != 1 {
		t.Errorf("ran %q", src.sqlRun)
	}
	d.sees("Result: 7 rows")
}

// TestSQLASCII draws the screen with the poorest characters.
func TestSQLASCII(t *testing.T) {
	d := drive(t, newFake(), Options{Theme: "dark", Glyphs: "ascii"})
	d.size(100, 30)
	d.run(d.m.Init())
	d.keys("7").text("SELECT r").keys("tab", "tab", "alt+enter")
	for _, k := range []string{"esc", "s", "f2", "f2", "enter", "esc", "?", "esc", "ctrl+t", "esc"} {
		if got := d.keys(k).screen(); strings.ContainsFunc(got, func(r rune) bool { return r >= 0x80 }) {
			t.Fatalf("after %s the screen has other characters:\n%s", k, got)
		}
	}
}
