package report

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/errscope/errscope/queries"
)

// csvColumns is the header of CSV reports. A row's section says which of
// the columns it fills: total, data, vendor, fault, group.
func csvColumns() []string {
	return []string{"section", "vendor", "host", "code", "type", "status", "category", "retry", "fault", "confidence",
		"rule", "requests", "failures", "benign", "inbound", "outage", "contact_support", "duration_ms_p50", "duration_ms_p95",
		"sources", "lines", "records", "rejected", "ignored", "duplicates", "routes", "route", "request_ids", "request_id",
		"first_ts", "last_ts", "retry_at", "message", "action", "docs_url", "acknowledged"}
}

// csvRow holds the cells of a row by column.
type csvRow map[string]string

// writeCSV writes RFC 4180. The failures report has its groups only, and the
// drift report has columns of its own.
func writeCSV(w io.Writer, f findings) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	columns, rows := csvColumns(), csvRows(f)
	if p, ok := pageOf(f.report); ok {
		columns, rows = append([]string(nil), p.columns...), p.rows(&f)
	}
	if f.report == "drift" {
		columns, rows = driftColumns(), f.driftRows()
	}
	if err := out.Write(columns); err != nil {
		return err
	}
	cells := make([]string, len(columns))
	for _, row := range rows {
		for i, c := range columns {
			cells[i] = row[c]
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvRows(f findings) []csvRow {
	var rows []csvRow
	if f.report == "overview" {
		rows = append(rows, csvTotals(f.overview)...)
		for _, v := range f.overview.Vendors {
			rows = append(rows, csvRow{"section": "vendor", "vendor": csvText(v.Vendor), "host": csvText(v.Host),
				"code": csvText(v.TopCode), "category": csvText(v.TopCategory), "requests": digits(v.Requests),
				"failures": digits(v.Failures), "benign": digits(v.Benign), "outage": digits(v.Outage),
				"duration_ms_p50": csvFloat(v.DurationMSP50), "duration_ms_p95": csvFloat(v.DurationMSP95), "last_ts": csvTime(v.Last)})
		}
		for _, r := range f.overview.Faults {
			rows = append(rows, csvRow{"section": "fault", "category": csvText(string(r.Category)), "retry": csvText(string(r.Retry)),
				"fault": csvText(string(r.Fault)), "failures": digits(r.Failures)})
		}
	}
	for _, g := range f.groups {
		rows = append(rows, csvGroup(g))
	}
	return rows
}

func csvTotals(o queries.Overview) []csvRow {
	t, d := o.Totals, o.Data
	return []csvRow{
		{"section": "total", "requests": digits(t.Requests), "failures": digits(t.Failures), "benign": digits(t.Benign),
			"inbound": digits(t.Inbound), "outage": digits(t.Outage), "first_ts": csvTime(t.First), "last_ts": csvTime(t.Last)},
		{"section": "data", "sources": digits(d.Sources), "lines": digits(d.Lines), "records": digits(d.Records),
			"rejected": digits(d.Rejected), "ignored": digits(d.Ignored), "duplicates": digits(d.Duplicates)},
	}
}

func csvGroup(g queries.FailureGroup) csvRow {
	row := csvRow{"section": "group", "vendor": csvText(g.Vendor), "host": csvText(g.Host), "code": csvText(g.Code),
		"type": csvText(g.Type), "category": csvText(string(g.Category)), "retry": csvText(string(g.Retry)),
		"fault": csvText(string(g.Fault)), "confidence": csvText(string(g.Confidence)), "rule": csvText(g.Rule),
		"failures": digits(g.Failures), "outage": strconv.FormatBool(g.Outage), "contact_support": strconv.FormatBool(g.ContactSupport),
		"routes": digits(g.Routes), "route": csvText(g.Route), "request_ids": digits(g.RequestIDs), "request_id": csvText(g.RequestID),
		"first_ts": csvTime(g.First), "last_ts": csvTime(g.Last), "retry_at": csvTime(g.RetryAt),
		"message": csvText(g.Message), "action": csvText(g.Action), "docs_url": csvText(g.DocsURL)}
	if g.Acknowledged != nil {
		row["acknowledged"] = "true"
	}
	if g.Status >= 0 {
		row["status"] = strconv.Itoa(g.Status)
	}
	return row
}

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func csvFloat(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// csvText keeps a foreign text from being taken for a formula by a spreadsheet.
func csvText(s string) string {
	if Formula(s) {
		return "'" + visible(s)
	}
	return visible(s)
}

// Formula reports whether a spreadsheet would run a text. They also look past white
// space and at full-width signs.
func Formula(s string) bool {
	raw := strings.TrimLeft(s, " \t\r\n\u00a0\u3000")
	first, _ := utf8.DecodeRuneInString(raw)
	return raw != "" && strings.ContainsRune("=+-@＝＋－＠|%", first) || strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r")
}
