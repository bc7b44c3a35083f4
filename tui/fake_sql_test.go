package tui

import (
	"context"
	"encoding/json"

	"github.com/errscope/errscope/queries"
)

// fakeSQL answers SQL; its fields may be changed by a test before it is asked.
type fakeSQL struct {
	answer  *queries.Answer
	sqlErr  error
	sqlRun  []string
	scopes  []queries.Scope
	columns []queries.TableColumn
}

func (f *fakeSQL) Answer(ctx context.Context, sql string, s queries.Scope, _ int) (queries.Answer, error) {
	f.sqlRun, f.scopes = append(f.sqlRun, sql), append(f.scopes, s)
	if f.answer == nil {
		return fakeAnswer(), cmpErr(ctx, f.sqlErr)
	}
	return *f.answer, cmpErr(ctx, f.sqlErr)
}

func (f *fakeSQL) Tables(ctx context.Context) ([]queries.TableColumn, error) {
	if f.columns == nil {
		return fakeTables(), ctx.Err()
	}
	return f.columns, ctx.Err()
}

func fakeAnswer() queries.Answer {
	a := queries.Answer{Columns: []queries.AnswerColumn{{Name: "hour", Type: "TIMESTAMP"}, {Name: "vendor", Type: "VARCHAR"}, {Name: "code", Type: "VARCHAR"},
		{Name: "n", Type: "BIGINT"}, {Name: "ms", Type: "DOUBLE"}, {Name: "ids", Type: "VARCHAR[]"}}}
	add := func(hour, vendor string, code any, n int64, ms any) {
		a.Rows = append(a.Rows, []any{"2026-11-20T" + hour + ":00:00Z", vendor, code, n, ms, json.RawMessage(`["req_7f2a91","req_7f2a90"]`)})
	}
	add("09", "vision", "503 detail", 4102, 29804.5)
	add("10", "smartcar", "VEHICLE_STATE:ASLEEP", 1842, 801.0)
	add("11", "smartcar", "RATE_LIMIT:VEHICLE", 911, 40.0)
	add("12", "carsxe", "no_data_found", 640, 122.0)
	add("14", "metaapi", "UPSTREAM_TIMEOUT", 443, 30001.0)
	add("15", "unknown", nil, 264, nil)
	add("16", "carsxe", "", 5, 12.25)
	return a
}

func fakeTables() []queries.TableColumn {
	var list []queries.TableColumn
	add := func(table string, view bool, columns ...string) {
		for i := 0; i < len(columns); i += 2 {
			list = append(list, queries.TableColumn{Table: table, IsView: view, Column: columns[i], Type: columns[i+1], Position: int64(i/2 + 1)})
		}
	}
	add("failures", true, "ts", "TIMESTAMP", "vendor", "VARCHAR", "host", "VARCHAR", "route", "VARCHAR", "status", "SMALLINT", "category", "VARCHAR",
		"code", "VARCHAR", "retry", "VARCHAR", "retry_after_s", "DOUBLE", "request_id", "VARCHAR", "duration_ms", "DOUBLE", "bytes", "BIGINT", "account", "VARCHAR")
	add("outage_windows", false, "window_id", "VARCHAR", "vendor", "VARCHAR", "started_at", "TIMESTAMP", "ended_at", "TIMESTAMP", "peak_ratio", "DOUBLE")
	add("quota_status", false, "vendor", "VARCHAR", "name", "VARCHAR", "quota_limit", "BIGINT", "used", "BIGINT", "burn_per_hour", "DOUBLE")
	add("requests", true, "ts", "TIMESTAMP", "vendor", "VARCHAR", "host", "VARCHAR", "status", "SMALLINT", "duration_ms", "DOUBLE")
	add("requests_brief", false, "ts", "TIMESTAMP", "vendor_id", "USMALLINT")
	add("sources", true, "path", "VARCHAR", "bytes", "BIGINT", "lines", "BIGINT")
	return list
}
