package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/queries"
)

// secondEngine is the variable that names the folder whose node_modules hold
// chdb: ClickHouse as a library. Without it the test is passed over; CI sets it.
const secondEngine = "ERRSCOPE_CHDB"

// engineTables are what reports ask beside requests.
var engineTables = []string{"quota_status", "outage_windows", "local_outages", "sources", "rejects", "rules", "vendors", "baselines",
	"endpoints", "requests_brief", "requests_full", "fused", "left_apart", "quota_history",
	"calls_by_minute", "calls_by_duration", "calls_untallied"}

// engineScopes are the scopes in which every question is asked, by both engines.
var engineScopes = map[string]map[string]string{
	"all":    {},
	"vendor": {"vendor": "'carsxe'", "since": "CAST('2026-11-14 00:00:00' AS TIMESTAMP)", "until": "CAST('2026-11-16 12:00:00' AS TIMESTAMP)"},
}

// notYetElsewhere are the questions that ClickHouse does not answer, or otherwise,
// with the reason. The list may only become shorter.
var notYetElsewhere = map[string]string{
	"reports/latency":       "a subquery in the condition of a join",
	"reports/retries":       "* EXCLUDE is spelled * EXCEPT",
	"reports/support":       "names of a join that are the same",
	"reports/quota_history": "a name of a column hides that of the table in GROUP BY",
	"reports/vendor_slots":  "a union is ordered by the names of its columns",
}

// TestSecondEngine lets ClickHouse read what db export wrote, and the answers
// that it gives to the questions of reports, as they stand in their files, are
// those of DuckDB.
func TestSecondEngine(t *testing.T) {
	modules := os.Getenv(secondEngine)
	if modules == "" {
		t.Skip(secondEngine + " names no folder with npm's chdb")
	}
	dir := t.TempDir()
	runs(t, dir, 0, "ingest", "--db", "t.duckdb", demoLogs(t))
	runs(t, dir, 0, "db", "export", "--db", "t.duckdb", "-o", "calls")
	runs(t, dir, 0, "db", "baseline", "save", "before", "--db", "t.duckdb", "--until", "2026-11-14T00:00:00Z")
	for _, name := range engineTables {
		runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "parquet", "-o", name+".parquet", "FROM "+name)
	}
	place, _ := runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "csv", "SELECT es_place(ts, source_id, source_offset) AS place FROM failures ORDER BY 1 LIMIT 1")
	_, place, _ = strings.Cut(strings.TrimSpace(place), "\n")
	questions := engineQuestions(t, place)
	elsewhere := askClickHouse(t, modules, dir, questions)
	compareColumns(t, dir, elsewhere[columnsOfExport].Rows)
	for _, name := range slices.Sorted(maps.Keys(questions)) {
		said, _ := runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "json", questions[name])
		var rows []map[string]any
		if err := json.Unmarshal([]byte(said), &rows); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		difference := elsewhere[name].Error
		if difference == "" {
			difference = rowsDiffer(rows, elsewhere[name].Rows)
		}
		file, _, _ := strings.Cut(name, " ")
		switch reason := notYetElsewhere[file]; {
		case difference != "" && reason == "":
			t.Errorf("%s: %s", name, difference)
		case difference == "" && reason != "":
			t.Errorf("%s: the same %d rows: take it off the list", name, len(rows))
		case difference == "" && reason == "" && len(rows) > 0:
			t.Logf("%s: the same %d rows", name, len(rows))
		}
	}
}

// engineQuestions are those of the export itself and of all reports, filled in.
// place names one failure.
func engineQuestions(t *testing.T, place string) map[string]string {
	t.Helper()
	list := map[string]string{
		"export rows": `SELECT count(*) AS n, count(category) AS failed, sum(source_offset) AS offsets, sum(bytes) AS bytes, sum(duration_ms) AS ms, min(ts) AS first, max(ts) AS last,
			count(DISTINCT host) AS hosts, count(body) AS bodies, sum(char_length(body)) AS body_characters, sum(quota_used) AS used FROM requests`,
		"export days":  `SELECT CAST(ts AS DATE) AS day, vendor, status, count(*) AS n FROM requests GROUP BY CAST(ts AS DATE), vendor, status ORDER BY day, vendor, status`,
		"export texts": `SELECT host, route, path, query, code, message, retry_at, benign, request_id, body FROM requests WHERE category IS NOT NULL ORDER BY source_id, source_offset LIMIT 500`,
	}
	numbers := map[string]string{"slots": "24", "cell_us": "60000000", "limit": "100", "places": "'" + place + "'", "name": "'before'", "before": "CAST('2026-11-01 00:00:00' AS TIMESTAMP)",
		"first": "CAST('2026-11-13 00:00:00' AS TIMESTAMP)", "last": "CAST('2026-11-17 00:00:00' AS TIMESTAMP)"}
	for _, name := range queries.Names() {
		if !strings.HasPrefix(string(name), "reports/") {
			continue
		}
		text, err := queries.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for scope, values := range engineScopes {
			filled := regexp.MustCompile(`\$[a-z_]+`).ReplaceAllStringFunc(text.SQL, func(p string) string {
				for _, v := range []map[string]string{values, numbers} {
					if v, ok := v[p[1:]]; ok {
						return v
					}
				}
				return "NULL"
			})
			list[string(name)+" "+scope] = strings.TrimSuffix(strings.TrimSpace(filled), ";")
		}
	}
	return list
}

type engineAnswer struct {
	Rows  []map[string]any `json:"rows"`
	Error string           `json:"error"`
}

func askClickHouse(t *testing.T, modules, dir string, questions map[string]string) map[string]engineAnswer {
	t.Helper()
	prelude, err := os.ReadFile("testdata/clickhouse/prelude.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{"CREATE DATABASE IF NOT EXISTS e ENGINE = Atomic", "USE e"}
	for _, s := range []string{"join_use_nulls = 1", "group_by_use_nulls = 1", "aggregate_functions_null_for_empty = 1", "union_default_mode = 'DISTINCT'", "prefer_column_name_to_alias = 1", "cast_keep_nullable = 1", "use_hive_partitioning = 1",
		"output_format_json_quote_64bit_integers = 0", "output_format_json_quote_denormals = 0", "date_time_output_format = 'iso'", "session_timezone = 'UTC'", "schema_inference_make_columns_nullable = 1"} {
		statements = append(statements, "SET "+s)
	}
	for line := range strings.Lines(string(prelude)) {
		if !strings.HasPrefix(line, "--") {
			statements = append(statements, strings.TrimSpace(line))
		}
	}
	statements = append(statements, "CREATE TABLE requests ENGINE = Memory AS SELECT * REPLACE (nullIf(vendor, '__HIVE_DEFAULT_PARTITION__') AS vendor) FROM file('"+filepath.Join(dir, "calls/**/*.parquet")+"', Parquet)",
		"CREATE VIEW failures AS SELECT * FROM requests WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback')")
	for _, name := range engineTables {
		statements = append(statements, "CREATE TABLE "+name+" ENGINE = Memory AS SELECT * FROM file('"+filepath.Join(dir, name+".parquet")+"', Parquet)")
	}
	asked := maps.Clone(questions)
	asked[columnsOfExport] = "SELECT name, type FROM system.columns WHERE database = 'e' AND table = 'requests'"
	for name, sql := range asked { // ClickHouse has no functions of ours that give tables
		sql = regexp.MustCompile(`es_numbers\(([^()]*)\)`).ReplaceAllString(sql, "(SELECT toInt64(number) AS number FROM numbers($1))")
		asked[name] = regexp.MustCompile(`es_places\(([^()]*)\)`).ReplaceAllString(sql,
			"(SELECT toInt128(p) AS place FROM (SELECT arrayJoin(splitByChar(',', $1)) AS p) WHERE p <> '')")
	}
	job, err := json.Marshal(map[string]any{"statements": statements, "questions": asked})
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/clickhouse/run.mjs", filepath.Join(dir, "clickhouse"))
	node.Env = append(os.Environ(), secondEngine+"="+modules, "TZ=UTC")
	var said, warned bytes.Buffer
	node.Stdin, node.Stdout, node.Stderr = bytes.NewReader(job), &said, &warned
	if err := node.Run(); err != nil {
		t.Fatalf("node: %v\n%.2000s", err, warned.String())
	}
	var answers map[string]engineAnswer
	if err := json.Unmarshal(said.Bytes(), &answers); err != nil {
		t.Fatalf("%v in %.500s", err, said.String())
	}
	return answers
}

// columnsOfExport asks ClickHouse what columns it sees in the export.
const columnsOfExport = "columns"

// engineTypes are the types of ClickHouse for those of DuckDB.
var engineTypes = map[string]string{"VARCHAR": "String", "BIGINT": "Int64", "UBIGINT": "UInt64", "SMALLINT": "Int16", "DOUBLE": "Float64", "BOOLEAN": "Bool",
	"TIMESTAMP": "DateTime64(6)", "DATE": "Date"}

// compareColumns holds what ClickHouse sees in the files against the columns of
// requests, to which the day is added.
func compareColumns(t *testing.T, dir string, seen []map[string]any) {
	t.Helper()
	said, _ := runs(t, dir, 0, "sql", "--db", "t.duckdb", "--format", "csv", "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'requests'")
	want := map[string]string{"dt": engineTypes["DATE"]}
	for _, line := range strings.Fields(said)[1:] {
		name, kind, _ := strings.Cut(line, ",")
		want[name] = engineTypes[kind]
	}
	have := map[string]string{}
	for _, c := range seen {
		kind := regexp.MustCompile(`^(LowCardinality|Nullable)\((.*)\)$`)
		text := fmt.Sprint(c["type"])
		for kind.MatchString(text) {
			text = kind.ReplaceAllString(text, "$2")
		}
		have[fmt.Sprint(c["name"])] = strings.NewReplacer("DateTime64(6, 'UTC')", "DateTime64(6)", "Date32", "Date").Replace(text)
	}
	if !maps.Equal(have, want) {
		t.Errorf("columns in ClickHouse:\n%v\nwant\n%v", have, want)
	}
}

// rowsDiffer says where two answers differ first, "" where they do not.
func rowsDiffer(want, have []map[string]any) string {
	if len(want) != len(have) {
		return fmt.Sprintf("DuckDB has %d rows, ClickHouse %d", len(want), len(have))
	}
	for i := range want {
		if len(want[i]) != len(have[i]) {
			return fmt.Sprintf("row %d: %d columns, %d in ClickHouse", i, len(want[i]), len(have[i]))
		}
		there := map[string]any{}
		for column, v := range have[i] { // ClickHouse names some columns of a join as in w.status
			there[column[strings.LastIndexByte(column, '.')+1:]] = v
		}
		for column, v := range want[i] {
			if _, ok := there[column]; !ok {
				return fmt.Sprintf("column %s is not there, but %q", column, slices.Sorted(maps.Keys(have[i])))
			}
			if w, h := plainValue(v), plainValue(there[column]); w != h {
				return fmt.Sprintf("row %d, %s: DuckDB says %q, ClickHouse %q", i, column, w, h)
			}
		}
	}
	return ""
}

var pairsOfTrend = regexp.MustCompile(`^\d+:\d+(,\d+:\d+)+$`)

// plainValue writes a value of JSON as both engines mean it: numbers to nine
// digits, truth as 0 or 1, times in UTC to the microsecond.
func plainValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		return map[bool]string{true: "1", false: "0"}[v]
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return strconv.FormatInt(int64(v), 10)
		}
		return strconv.FormatFloat(v, 'g', 9, 64)
	case string:
		if pairsOfTrend.MatchString(v) { // in no order, see failures.sql
			pairs := strings.Split(v, ",")
			slices.Sort(pairs)
			return strings.Join(pairs, ",")
		}
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return at.UTC().Format("2006-01-02T15:04:05.000000")
		}
		if at, err := time.Parse(time.DateOnly, v); err == nil {
			return at.UTC().Format("2006-01-02T15:04:05.000000")
		}
		return v
	}
	return fmt.Sprint(v)
}
