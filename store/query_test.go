package store

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestValues shows how each type of DuckDB comes out, as JSON.
func TestValues(t *testing.T) {
	db := testDB(t)
	for _, c := range []struct{ expr, want string }{
		{"NULL", `null`},
		{"true", `true`},
		{"(-128)::TINYINT", `-128`},
		{"65535::USMALLINT", `65535`},
		{"18446744073709551615::UBIGINT", `18446744073709551615`},
		{"170141183460469231731687303715884105727::HUGEINT", `170141183460469231731687303715884105727`},
		{"sum(1::BIGINT)", `1`},
		{"123456789012345678.901::DECIMAL(21,3)", `123456789012345678.901`},
		{"-0.05::DECIMAL(4,2)", `-0.05`},
		{"0.1::FLOAT", `0.1`},
		{"0.1::DOUBLE", `0.1`},
		{"'nan'::DOUBLE", `"NaN"`},
		{"'-inf'::FLOAT", `"-Infinity"`},
		{"'it''s é'", `"it's é"`},
		{"TIMESTAMP '2026-06-18 10:30:00.25'", `"2026-06-18T10:30:00.25Z"`},
		{"TIMESTAMPTZ '2026-06-18 10:30:00+02'", `"2026-06-18T08:30:00Z"`},
		{"DATE '2026-06-18'", `"2026-06-18"`},
		{"TIME '10:30:00.5'", `"10:30:00.5"`},
		{"INTERVAL '1 month 2 days 3.5 seconds'", `"P1M2DT3.5S"`},
		{"INTERVAL '-90 seconds'", `"PT-90S"`},
		{"INTERVAL '0 seconds'", `"PT0S"`},
		{"'\\xAB\\x00'::BLOB", `"ab00"`},
		{"'12345678-1234-5678-9abc-def012345678'::UUID", `"12345678-1234-5678-9abc-def012345678"`},
		{"[1, NULL, 3]", `[1,null,3]`},
		{"[DATE '2026-06-18']", `["2026-06-18"]`},
		{"[[1.5::DECIMAL(3,1)]]", `[[1.5]]`},
		{"{'b': 1, 'a': 'x'}", `{"a":"x","b":1}`},
		{"MAP {'k': 170141183460469231731687303715884105727::HUGEINT}", `{"k":170141183460469231731687303715884105727}`},
		{"'x'::ENUM('x', 'y')", `"x"`},
		{"'101'::BIT", `"101"`},
		{`'{"a":[1,2.5,null]}'::JSON`, `{"a":[1,2.5,null]}`},
		{"current_setting('TimeZone')", `"UTC"`},
	} {
		rows, err := db.Query(context.Background(), "-- a comment\nSELECT "+c.expr+" AS x")
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		row, err := rows.Next()
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		got, err := json.Marshal(row[0])
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, error %v, want %s", c.expr, got, err, c.want)
		}
		if _, err := rows.Next(); err != io.EOF {
			t.Errorf("%s: a second row, error %v", c.expr, err)
		}
		if err := rows.Close(); err != nil || rows.Columns[0].Name != "x" {
			t.Errorf("%s: columns %v, error %v", c.expr, rows.Columns, err)
		}
	}
}

func TestUnsafeReadsFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(file, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	db := testDB(t)
	if got := table(t, db, "SELECT a FROM read_csv('"+file+"')"); fmt.Sprint(got) != "[1]" {
		t.Errorf("got %s", got)
	}
}

func TestExportParquet(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path := filepath.Join(dir, "t.duckdb")
	db, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.LoadSegment(ctx, &Source{Path: "a"}, genSegment(0, 3000, 1), false); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "o'ut.parquet")
	read, err := Open(ctx, path, Options{ReadOnly: true, Output: out})
	if err != nil {
		t.Fatal(err)
	}
	n, err := read.ExportParquet(ctx, "-- mine\nSELECT * FROM requests -- all\n;", out, nil)
	if err != nil || n != 3000 {
		t.Errorf("%d rows, error %v", n, err)
	}
	for _, evil := range []string{
		"SELECT 1) TO '" + dir + "/evil.csv'; --",
		"FROM read_csv('/etc/passwd')",
	} {
		if _, err := read.ExportParquet(ctx, evil, out, nil); err == nil {
			t.Errorf("allowed: %s", evil)
		}
	}
	if _, err := read.ExportParquet(ctx, "SELECT 1", filepath.Join(dir, "other.parquet"), nil); err == nil {
		t.Error("wrote a file that was not agreed on")
	}
	if err := read.Close(); err != nil {
		t.Fatal(err)
	}
	again := openDB(t, path, Options{})
	got := table(t, again, "SELECT count(*), count(category) FROM read_parquet('"+strings.ReplaceAll(out, "'", "''")+"')")
	if want := table(t, again, "SELECT count(*), count(category) FROM requests"); got[0] != want[0] {
		t.Errorf("the file holds %s, the database %s", got, want)
	}
}

func TestQueryErrors(t *testing.T) {
	db := testDB(t)
	if _, err := db.Query(context.Background(), "SELEC 1"); err == nil || !strings.Contains(err.Error(), "syntax error") {
		t.Errorf("a syntax error gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := db.Query(ctx, "SELECT 1"); err == nil {
		t.Error("a cancelled query answers")
	}
	rows, err := db.Query(context.Background(), "SELECT 1/0, 'x'::INTEGER")
	if err == nil {
		_, err = rows.Next()
	}
	if err == nil || !strings.Contains(err.Error(), "Could not convert") {
		t.Errorf("a wrong cast gives %v", err)
	}
}
