package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
)

// quotaLowPermille is what is left of a limit when a quota counts as low.
const quotaLowPermille = 100

// quotaState is how urgent a quota is, most urgent first.
type quotaState int

const (
	quotaDry     quotaState = iota // nothing is left of the period that runs
	quotaRunsOut                   // it will not last until the period ends
	quotaLow                       // little is left
	quotaFine
	quotaOpen // no limit is known
	quotaPast // the period is over
)

// asOf is when a row says how its quota stands; rows that do not say it count as
// of the newest row of the data.
func (f *findings) asOf(q queries.QuotaRow) time.Time {
	if q.AsOf.IsZero() {
		return f.overview.Totals.Last
	}
	return q.AsOf
}

// stateOf judges a quota as of the newest call that counts.
func (f *findings) stateOf(q queries.QuotaRow) quotaState {
	as := f.asOf(q)
	switch {
	case !q.PeriodEnd.IsZero() && !as.IsZero() && !q.PeriodEnd.After(as):
		return quotaPast
	case q.Remaining == 0 || q.Limit > 0 && q.Used >= q.Limit || !q.ExhaustedAt.IsZero() && q.Remaining <= 0:
		return quotaDry
	case !q.ProjectedExhaustionAt.IsZero() && (q.PeriodEnd.IsZero() || q.ProjectedExhaustionAt.Before(q.PeriodEnd)):
		return quotaRunsOut
	case q.Limit <= 0:
		return quotaOpen
	case q.Remaining >= 0 && q.Remaining*1000 < q.Limit*quotaLowPermille:
		return quotaLow
	}
	return quotaFine
}

func (f *findings) quotaLead() []prose {
	var of [quotaPast + 1]int64
	for _, q := range f.quotas {
		of[f.stateOf(q)]++
	}
	running := int64(len(f.quotas)) - of[quotaPast]
	head := ours("No quota is known: no answer named one, and no pack or configuration does.")
	if len(f.quotas) > 0 {
		head = ours("%s: %s used up or full, %s will run out before the period ends, %s low.", countedAs(running, "quota that runs", "quotas that run"),
			thousands(of[quotaDry]), thousands(of[quotaRunsOut]), thousands(of[quotaLow]))
	}
	lines := append([]prose{head, f.callLine()}, f.scopeLines()...)
	if as := f.newestAsOf(); !as.IsZero() && f.overview.Totals.Last.After(as.Add(wrongClockMin)) {
		lines = append(lines, ours("Some calls are dated up to %s, long after they were read. Quotas count them, but as of %s: their clock must be wrong.",
			f.minute(f.overview.Totals.Last), f.minute(as)))
	}
	return lines
}

// wrongClockMin is how far calls are dated after all others when their clock is
// named as wrong.
const wrongClockMin = 24 * time.Hour

// newestAsOf is when the quotas were worked out for, zero where none runs.
func (f *findings) newestAsOf() (as time.Time) {
	for _, q := range f.quotas {
		if q.AsOf.Before(q.PeriodEnd) && q.AsOf.After(as) {
			as = q.AsOf
		}
	}
	return as
}

// countedAs writes a number with a noun whose plural is not its "s".
func countedAs(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

func (f *findings) quotaPage() []section {
	var running, past []queries.QuotaRow
	for _, q := range f.quotas {
		if f.stateOf(q) == quotaPast {
			past = append(past, q)
		} else {
			running = append(running, q)
		}
	}
	return compact(f.quotaAlarms("What runs out"), f.quotaTable("Periods that run", running), f.quotaBurns(running),
		f.quotaTable("Earlier periods", past), f.unreadSection())
}

// quotaAlarms lists what is dry or will be.
func (f *findings) quotaAlarms(heading string) section {
	s := section{heading: heading}
	for _, q := range f.quotas {
		p := party(q.Vendor, q.Host).and(", quota ").quote(dash(q.Name))
		if q.Account != "" {
			p = p.and(", account ").quote(q.Account)
		}
		state := f.stateOf(q)
		switch state {
		case quotaDry:
			p = p.and(": %s, %s", usedUp(q), f.ofLimit(q))
			if !q.ExhaustedAt.IsZero() {
				p = p.and(", since %s", f.minute(q.ExhaustedAt))
			}
			if !q.PeriodEnd.IsZero() {
				p = p.and("; next period %s", f.minute(q.PeriodEnd))
			}
		case quotaRunsOut:
			p = p.and(": runs out about %s", f.minute(q.ProjectedExhaustionAt))
			p = p.and("%s, %s", f.between(q), f.ofLimit(q))
			if !q.PeriodEnd.IsZero() {
				p = p.and("; the period ends %s", f.minute(q.PeriodEnd))
			}
		case quotaLow:
			p = p.and(": low, %s", f.ofLimit(q))
			if !q.PeriodEnd.IsZero() {
				p = p.and(", but it should last")
			}
		default:
			continue
		}
		s.items = append(s.items, item{head: p.and("."), loud: state == quotaDry})
	}
	return s
}

// usedUp names what a quota is of which nothing is left. What no period gives back
// is full.
func usedUp(q queries.QuotaRow) string {
	if q.PeriodEnd.IsZero() {
		return "full"
	}
	return "used up"
}

// between says how sure it is when a quota runs out.
func (f *findings) between(q queries.QuotaRow) string {
	if q.EarliestExhaustionAt.IsZero() {
		return ""
	}
	span, vague := "between "+f.minute(q.EarliestExhaustionAt)+" and "+f.minute(q.LatestExhaustionAt), false
	if q.LatestExhaustionAt.IsZero() {
		span, vague = "from "+f.minute(q.EarliestExhaustionAt)+" on, or not in this period", true
		if q.PeriodEnd.IsZero() {
			span = "from " + f.minute(q.EarliestExhaustionAt) + " on, or not soon"
		}
	} else if as := f.asOf(q); !as.IsZero() {
		vague = q.LatestExhaustionAt.Sub(q.EarliestExhaustionAt) > q.ProjectedExhaustionAt.Sub(as)
	}
	if vague {
		span += "; too few calls or days were seen to say it better"
	}
	return " (" + span + ")"
}

// ofLimit says what was used.
func (f *findings) ofLimit(q queries.QuotaRow) string {
	if q.Limit > 0 {
		return fmt.Sprintf("%s of %s used", known(q.Used), thousands(q.Limit))
	}
	if q.Used < 0 {
		return "nobody said how much that is"
	}
	return thousands(q.Used) + " used"
}

// known writes a count; record.Absent is a dash.
func known(n int64) string {
	if n < 0 {
		return "-"
	}
	return thousands(n)
}

// quotaTable: left out at need are basis, burn, period, left share, limit, account.
func (f *findings) quotaTable(heading string, list []queries.QuotaRow) section {
	if len(list) == 0 {
		return section{}
	}
	t := &table{columns: []column{
		{title: "vendor", min: 16}, {title: "quota", min: 8}, {title: "account", min: 8, drop: 2}, {title: "period", drop: 6},
		{title: "used", right: true}, {title: "limit", right: true, drop: 1}, {title: "left", right: true, drop: 3}, {title: "left %", right: true, drop: 4},
		{title: "per hour", right: true, drop: 5}, {title: "runs out"}, {title: "basis", drop: 7}}}
	for _, q := range list {
		left := "-"
		if q.Limit > 0 && q.Remaining >= 0 {
			left = percent(q.Remaining, q.Limit)
		}
		t.rows = append(t.rows, []cell{foreign(vendorName(q.Vendor, q.Host)), foreign(dash(q.Name)), foreign(dash(q.Account)), own(f.period(q)),
			own(known(q.Used)), own(known(q.Limit)), own(known(q.Remaining)), own(left), own(milliseconds(q.BurnPerHour)), own(f.runsOut(q)),
			own(dash(visible(q.Basis)))})
	}
	return section{heading: heading, table: t, notes: []prose{
		ours("Per hour is how fast it is used now. Basis says where the numbers came from; counted means from your own calls.")}}
}

// period writes a span of time, days where it has no time of day.
func (f *findings) period(q queries.QuotaRow) string {
	from, to := q.PeriodStart.In(f.options.Location), q.PeriodEnd.In(f.options.Location)
	layout := "2006-01-02 15:04"
	if midnight(from) && midnight(to) {
		layout = "2006-01-02"
	}
	if q.PeriodEnd.IsZero() {
		return "no reset, seen from " + from.Format(time.DateOnly)
	}
	return from.Format(layout) + " to " + to.Format(layout)
}

func midnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

func (f *findings) runsOut(q queries.QuotaRow) string {
	switch f.stateOf(q) {
	case quotaDry:
		if q.ExhaustedAt.IsZero() {
			return usedUp(q)
		}
		return usedUp(q) + " " + f.minute(q.ExhaustedAt)
	case quotaRunsOut:
		return f.minute(q.ProjectedExhaustionAt)
	case quotaPast:
		if !q.ExhaustedAt.IsZero() {
			return "was used up " + f.minute(q.ExhaustedAt)
		}
		return "lasted"
	case quotaOpen:
		return "no limit known"
	}
	if q.PeriodEnd.IsZero() {
		return "has room"
	}
	return "lasts"
}

// burnsMax bounds the drawings of one page.
const burnsMax = 12

// quotaBurns draws the periods that run and have both ends and a limit.
func (f *findings) quotaBurns(list []queries.QuotaRow) section {
	s := section{heading: "How they are used up"}
	for _, q := range list {
		as := f.asOf(q)
		whole := q.PeriodEnd.Sub(q.PeriodStart)
		if q.Limit <= 0 || q.Used < 0 || q.PeriodEnd.IsZero() || whole <= 0 || as.IsZero() || len(s.burns) == burnsMax {
			continue
		}
		part := func(t time.Time) float64 { return float64(t.Sub(q.PeriodStart)) / float64(whole) }
		b := burn{label: party(q.Vendor, q.Host).and(" ").quote(dash(q.Name)), now: max(0, min(part(as), 1)),
			used: float64(q.Used) / float64(q.Limit), first: f.minute(q.PeriodStart), end: f.minute(q.PeriodEnd)}
		if q.Account != "" {
			b.label = b.label.and(", account ").quote(q.Account)
		}
		b.label = b.label.and(": %s, %s", f.ofLimit(q), f.runsOut(q))
		b.course = f.course(q, part)
		if !q.ProjectedExhaustionAt.IsZero() {
			b.likely = part(q.ProjectedExhaustionAt)
		}
		if !q.EarliestExhaustionAt.IsZero() {
			b.earliest, b.latest = part(q.EarliestExhaustionAt), 1
			if !q.LatestExhaustionAt.IsZero() {
				b.latest = part(q.LatestExhaustionAt)
			}
		}
		b.spoken = b.label.String()
		s.burns = append(s.burns, b)
	}
	if len(s.burns) > 0 {
		s.notes = []prose{ours("Time goes to the right, use upwards; the line across is the limit, the broken line the way it goes.")}
	}
	return s
}

// course gives the points of the way on which a quota was used up until now.
func (f *findings) course(q queries.QuotaRow, part func(time.Time) float64) (points []burnPoint) {
	for _, c := range f.courses {
		if c.Vendor != q.Vendor || c.Host != q.Host || c.Account != q.Account || c.Name != q.Name || !c.PeriodStart.Equal(q.PeriodStart) {
			continue
		}
		if c.Hour.After(f.asOf(q)) { // by a clock that is wrong
			break
		}
		from := part(c.Hour)
		if whole := math.Floor(from*queries.QuotaCourseParts) / queries.QuotaCourseParts; len(points) > 0 {
			from = max(whole, points[len(points)-1].at)
		}
		points = append(points, burnPoint{from: from, at: part(c.Hour.Add(time.Hour)), used: float64(c.Used) / float64(q.Limit)})
	}
	return points
}

func (f *findings) tidyQuotas() {
	f.quotas = slices.Clone(f.quotas)
	slices.SortStableFunc(f.quotas, func(a, b queries.QuotaRow) int {
		return cmp.Or(
			cmp.Compare(f.stateOf(a), f.stateOf(b)),
			f.exhaustion(a).Compare(f.exhaustion(b)),
			cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Account, b.Account),
			b.PeriodStart.Compare(a.PeriodStart), b.PeriodEnd.Compare(a.PeriodEnd))
	})
}

// exhaustion is what sorts quotas of one state: who runs out first.
func (f *findings) exhaustion(q queries.QuotaRow) time.Time {
	if f.stateOf(q) == quotaRunsOut {
		return q.ProjectedExhaustionAt
	}
	return time.Time{}
}

func quotaColumns() []string {
	return []string{"section", "vendor", "host", "account", "name", "period_start", "period_end", "quota_limit", "used", "remaining",
		"burn_per_hour", "exhausted_at", "projected_exhaustion_at", "projected_exhaustion_from", "projected_exhaustion_to",
		"as_of", "basis"}
}

func (f *findings) quotaRows() []csvRow {
	var rows []csvRow
	for _, q := range f.quotas {
		row := csvRow{"section": "quota", "vendor": csvText(q.Vendor), "host": csvText(q.Host), "account": csvText(q.Account), "name": csvText(q.Name),
			"period_start": csvTime(q.PeriodStart), "period_end": csvTime(q.PeriodEnd), "burn_per_hour": csvFloat(q.BurnPerHour),
			"exhausted_at": csvTime(q.ExhaustedAt), "projected_exhaustion_at": csvTime(q.ProjectedExhaustionAt), "basis": csvText(q.Basis),
			"projected_exhaustion_from": csvTime(q.EarliestExhaustionAt), "projected_exhaustion_to": csvTime(q.LatestExhaustionAt), "as_of": csvTime(q.AsOf)}
		for name, n := range map[string]int64{"quota_limit": q.Limit, "used": q.Used, "remaining": q.Remaining} {
			if n >= 0 {
				row[name] = digits(n)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

type jsonQuota struct {
	Vendor                string   `json:"vendor"`
	Host                  string   `json:"host,omitempty"`
	Account               string   `json:"account,omitempty"`
	Name                  string   `json:"name,omitempty"`
	PeriodStart           string   `json:"period_start,omitempty"`
	PeriodEnd             string   `json:"period_end,omitempty"`
	Limit                 *int64   `json:"quota_limit,omitempty"`
	Used                  *int64   `json:"used,omitempty"`
	Remaining             *int64   `json:"remaining,omitempty"`
	BurnPerHour           *float64 `json:"burn_per_hour,omitempty"`
	ExhaustedAt           string   `json:"exhausted_at,omitempty"`
	ProjectedExhaustionAt string   `json:"projected_exhaustion_at,omitempty"`
	EarliestExhaustionAt  string   `json:"projected_exhaustion_from,omitempty"`
	LatestExhaustionAt    string   `json:"projected_exhaustion_to,omitempty"`
	AsOf                  string   `json:"as_of,omitempty"`
	Basis                 string   `json:"basis,omitempty"`
}

func (f *findings) jsonQuotaPage(r *jsonReport) {
	r.Quotas = []jsonQuota{}
	for _, q := range f.quotas {
		r.Quotas = append(r.Quotas, jsonQuota{q.Vendor, q.Host, q.Account, q.Name, csvTime(q.PeriodStart), csvTime(q.PeriodEnd),
			present(q.Limit), present(q.Used), present(q.Remaining), number(q.BurnPerHour), csvTime(q.ExhaustedAt),
			csvTime(q.ProjectedExhaustionAt), csvTime(q.EarliestExhaustionAt), csvTime(q.LatestExhaustionAt), csvTime(q.AsOf), q.Basis})
	}
}

// present is a count, absent where it is record.Absent.
func present(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}
