package scoring

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// The questions whose answers, as `errscope sql --format json` gives them, are
// read by [ReadWindows] and [ReadQuotas].
const (
	WindowsSQL   = "SELECT * FROM outage_windows ORDER BY started_at, vendor, host, route"
	QuotasSQL    = "SELECT * FROM quota_status ORDER BY vendor, host, account, name, period_start"
	ExchangesSQL = "SELECT count(*) AS n FROM requests WHERE direction = 'outbound'"
)

// row is a row with whatever columns there are.
type row map[string]any

func (r row) text(name string) string { s, _ := r[name].(string); return s }

func (r row) yes(name string) bool { b, _ := r[name].(bool); return b }

func (r row) number(name string) int64 { f, _ := r[name].(float64); return int64(f) }

func (r row) time(name string) time.Time { return moment(r.text(name)) }

// ReadWindows reads the answer to [WindowsSQL].
func ReadWindows(text []byte) ([]Window, error) {
	var rows []row
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("reading outage windows: %w", err)
	}
	var all []Window
	for _, r := range rows {
		all = append(all, Window{ID: strconv.FormatInt(r.number("window_id"), 10), Vendor: r.text("vendor"), Host: r.text("host"), Route: r.text("route"),
			Start: r.time("started_at"), End: r.time("ended_at"), Local: r.yes("local"), Note: r.text("note")})
	}
	return all, nil
}

// ReadQuotas reads the answer to [QuotasSQL].
func ReadQuotas(text []byte) ([]Quota, error) {
	var rows []row
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, fmt.Errorf("reading quotas: %w", err)
	}
	var all []Quota
	for _, r := range rows {
		all = append(all, Quota{Vendor: r.text("vendor"), Host: r.text("host"), Account: r.text("account"), Name: r.text("name"),
			PeriodStart: r.time("period_start"), Limit: r.number("quota_limit"), Used: r.number("used"), Exhausted: r.time("exhausted_at"),
			Projected: r.time("projected_exhaustion_at"), ProjectedFrom: r.time("projected_exhaustion_from"),
			ProjectedTo: r.time("projected_exhaustion_to"), Basis: r.text("basis")})
	}
	return all, nil
}
