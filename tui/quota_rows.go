package tui

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// allowance is one quota of one account in one period, ready to draw.
type allowance struct {
	queries.QuotaStanding
	drawn
	share  float64 // of the limit that is used, NaN where not known
	ends   string  // when it runs out, in words
	danger int     // 0 is the worst
}

// The columns of the allowances, as indices of quotaColumns.
const (
	quotaVendor = iota
	quotaName
	quotaAccount
	quotaPeriod
	quotaGauge
	quotaShare
	quotaUsed
	quotaRate
	quotaRunsOut
	quotaBasis
)

// quotaColumns go in order of rank when it gets narrow: of what, until when, how
// much of it, of whom, in numbers, how fast, and then the rest.
var quotaColumns = [...]grid.Column{
	quotaVendor:  {Title: "VENDOR", Min: 8, Want: 14, Max: 26, Rank: 4},
	quotaName:    {Title: "ALLOWANCE", Min: 9, Want: 16, Max: 26, Rank: 1},
	quotaAccount: {Title: "ACCT", Min: 4, Want: 6, Max: 14, Rank: 9},
	quotaPeriod:  {Title: "PERIOD", Min: 14, Max: 14, Rank: 7, Extra: true},
	quotaGauge:   {Title: "USED", Min: 8, Max: 20, Rank: 8, Extra: true},
	quotaShare:   {Title: "%", Min: 4, Max: 5, Right: true, Rank: 3},
	quotaUsed:    {Title: "USED / LIMIT", Min: 17, Max: 25, Right: true, Rank: 5},
	quotaRate:    {Title: "PER H", Min: 5, Max: 7, Right: true, Rank: 6},
	quotaRunsOut: {Title: "RUNS OUT, UTC", Min: 22, Want: 24, Max: 30, Rank: 2},
	quotaBasis:   {Title: "BASIS", Min: 10, Want: 14, Max: 36, Rank: 10, Extra: true},
}

// quotaSorts is the order in which "s" goes through the columns.
var quotaSorts = [...]int{quotaRunsOut, quotaShare, quotaUsed, quotaRate, quotaVendor, quotaName, quotaPeriod}

// quotaFilterColumns are the names that may stand before a colon.
func quotaFilterColumns() []string {
	return []string{"vendor", "host", "allowance", "account", "period", "state", "basis"}
}

// quotaLowShare is the used share from which a lasting allowance is near its end.
const quotaLowShare = 0.9

// How dangerous an allowance is.
const (
	dangerDry = iota
	dangerRunsOut
	dangerOver
	dangerLow
	dangerLasts
	dangerUnknown
	dangerPast
)

func (r *allowance) past() bool { return r.Outlook == queries.QuotaPast }

func dangerOf(r *allowance) int {
	switch r.Outlook {
	case queries.QuotaPast:
		return dangerPast
	case queries.QuotaExhausted:
		return dangerDry
	case queries.QuotaRunsOut:
		return dangerRunsOut
	case queries.QuotaOver:
		return dangerOver
	case queries.QuotaUnknown:
		return dangerUnknown
	}
	if r.share >= quotaLowShare {
		return dangerLow
	}
	return dangerLasts
}

// take makes rows of an answer.
func (q *quota) take(a *app, answer []queries.QuotaStanding) {
	all := make([]*allowance, 0, len(answer))
	for _, s := range answer {
		if s.Outlook != queries.QuotaPast {
			a.saw(time.Time{}, s.AsOf)
		}
		all = append(all, newAllowance(a, s))
	}
	q.fill(all)
	q.rates.take(a, q.rates.answer, q.all)
}

func newAllowance(a *app, s queries.QuotaStanding) *allowance {
	r := &allowance{QuotaStanding: s, share: math.NaN()}
	r.id = strings.Join([]string{s.Vendor, s.Host, s.Account, s.Name, strconv.FormatInt(s.PeriodStart.Unix(), 10)}, "\x00")
	if s.Limit > 0 && s.Used >= 0 {
		r.share = float64(s.Used) / float64(s.Limit)
	}
	r.danger = dangerOf(r)
	r.ends = r.runsOutWords(a.signs.give)
	kind := [...]paint{dangerDry: a.theme.bad, dangerRunsOut: a.theme.warn, dangerOver: a.theme.warn, dangerLow: a.theme.warn,
		dangerLasts: a.theme.good, dangerUnknown: a.theme.info, dangerPast: a.theme.dim}[r.danger]
	text := ""
	if r.past() {
		text = string(a.theme.dim)
	}
	r.cells = []grid.Cell{
		quotaVendor:  {Text: vendorWords(s.Vendor, s.Host), On: text},
		quotaName:    {Text: r.nameWords(), On: text},
		quotaAccount: {Text: r.accountWords(), On: text},
		quotaPeriod:  {Text: r.periodWords(), On: text},
		quotaGauge:   {On: string(kind)},
		quotaShare:   {Text: r.shareWords(), On: string(kind)},
		quotaUsed:    {Text: r.usedWords(), On: text},
		quotaRate:    {Text: short(s.BurnPerHour), On: text},
		quotaRunsOut: {Text: r.ends, On: string(kind)},
		quotaBasis:   {Text: clean(s.Basis), On: string(a.theme.dim)},
	}
	columns := map[string]string{"vendor": s.Vendor, "host": s.Host, "allowance": s.Name, "account": r.cells[quotaAccount].Text,
		"period": r.cells[quotaPeriod].Text, "state": plain(string(s.Outlook)), "basis": s.Basis}
	r.find = searched(columns, quotaFilterColumns(), r.cells[quotaRunsOut].Text)
	return r
}

func (r *allowance) nameWords() string {
	if r.Name == "" {
		return "all calls"
	}
	return clean(r.Name)
}

// accountWords stands for the account: the name that the configuration gave it,
// or a number. A fingerprint is nothing to read.
func (r *allowance) accountWords() string { return accountWords(r.Account, r.AccountNumber) }

func accountWords(account string, number int64) string {
	switch {
	case account == "":
		return ""
	case !fingerprint(account):
		return clean(account)
	case number > 0:
		return "#" + count(number)
	}
	return "one"
}

// fingerprintLen is how many hexadecimal digits the fingerprint of an account has.
const fingerprintLen = 16

func fingerprint(s string) bool {
	return len(s) == fingerprintLen && !strings.ContainsFunc(s, func(c rune) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'f') })
}

// periodWords names the period by its length and its start.
func (r *allowance) periodWords() string {
	from := r.PeriodStart.UTC()
	length := r.PeriodEnd.Sub(r.PeriodStart)
	switch {
	case r.PeriodEnd.IsZero():
		return "no reset"
	case length <= 2*time.Hour:
		return from.Format("hour 01-02 15h")
	case length <= 25*time.Hour: // the day on which clocks go back
		return "day " + r.PeriodStart.Add(length/2).UTC().Format("01-02")
	case length <= 8*24*time.Hour:
		return "week " + from.Add(12*time.Hour).Format("01-02")
	case length <= 32*24*time.Hour:
		return "month " + from.Add(length/2).Format("2006-01")
	}
	return "from " + from.Format("2006-01")
}

func (r *allowance) shareWords() string {
	if math.IsNaN(r.share) {
		return "?"
	}
	return strconv.FormatFloat(100*r.share, 'f', 0, 64) + "%"
}

func (r *allowance) usedWords() string {
	used, limit := "?", "?"
	if r.Used >= 0 {
		used = count(r.Used)
	}
	if r.Limit >= 0 {
		limit = count(r.Limit)
	}
	return used + " / " + limit
}

// instant writes a time as short as the day of base allows.
func instant(t, base time.Time) string {
	if t.UTC().Format(time.DateOnly) == base.UTC().Format(time.DateOnly) {
		return t.UTC().Format("15:04")
	}
	return t.UTC().Format("01-02 15:04")
}

// runsOutWords says how it goes on, with the interval of a forecast.
func (r *allowance) runsOutWords(give string) string {
	switch r.Outlook {
	case queries.QuotaPast:
		if !r.ExhaustedAt.IsZero() {
			return "ran out " + instant(r.ExhaustedAt, r.AsOf)
		}
		return "ended, it lasted"
	case queries.QuotaExhausted:
		word := "used up"
		if r.PeriodEnd.IsZero() { // until somebody makes room
			word = "full since"
		}
		if r.ExhaustedAt.IsZero() {
			return strings.TrimSuffix(word, " since")
		}
		return word + " " + instant(r.ExhaustedAt, r.AsOf)
	case queries.QuotaOver:
		return count(max(0, r.Used-r.Limit)) + " over, still served"
	case queries.QuotaRunsOut:
		text := instant(r.ProjectedAt, r.AsOf)
		if !r.ProjectedTo.IsZero() && r.ProjectedTo.Equal(r.ProjectedFrom) {
			return text
		}
		if !r.ProjectedFrom.IsZero() && r.ProjectedTo.After(r.ProjectedFrom) {
			return text + " " + give + " " + span(r.ProjectedTo.Sub(r.ProjectedFrom)/2)
		}
		if !r.ProjectedFrom.IsZero() {
			return text + ", or lasts"
		}
		return text
	case queries.QuotaUnknown:
		if r.Limit >= 0 {
			return "not begun yet"
		}
		return "no limit known"
	}
	if math.IsNaN(r.share) {
		return "lasts"
	}
	if r.PeriodEnd.IsZero() {
		return strconv.FormatFloat(100*max(0, 1-r.share), 'f', 0, 64) + "% left"
	}
	return "lasts, " + strconv.FormatFloat(100*max(0, 1-r.share), 'f', 0, 64) + "% left"
}

// title names the allowance in a sentence.
func (r *allowance) title() string {
	t := vendorWords(r.Vendor, r.Host) + " " + r.nameWords()
	if w := r.accountWords(); w != "" {
		t += " " + w
	}
	return t
}

// words are the row for a ticket.
func (r *allowance) words() string {
	var b strings.Builder
	b.WriteString(r.title() + ", " + r.periodWords() + ": " + r.usedWords())
	if !math.IsNaN(r.share) {
		b.WriteString(" (" + r.shareWords() + ")")
	}
	b.WriteString(", " + short(r.BurnPerHour) + "/h, " + r.ends + "; " + plainWord(r.Basis))
	if !r.AsOf.IsZero() {
		b.WriteString("; as of " + stamp(r.AsOf))
	}
	return b.String()
}

// choose puts the cursor on what another screen asked for.
func (q *quota) choose(rows []entry[*allowance]) {
	k := q.wanted
	if k == (queries.QuotaKey{}) {
		return
	}
	for _, e := range rows { // the worst, or newest, comes first
		if r := e.row; r.Vendor == k.Vendor && r.Host == k.Host && r.Account == k.Account && r.Name == k.Name {
			q.list.id, q.wanted = r.id, queries.QuotaKey{}
			return
		}
	}
}

// compare orders by the column of choice: what is worst or largest first.
func (q *quota) compare(x, y *allowance) int {
	switch q.sort {
	case quotaShare:
		return -compareKnown(x.share, y.share)
	case quotaUsed:
		return cmp.Compare(y.Used, x.Used)
	case quotaRate:
		return -compareKnown(x.BurnPerHour, y.BurnPerHour)
	case quotaPeriod:
		return y.PeriodStart.Compare(x.PeriodStart)
	case quotaVendor, quotaName:
		return strings.Compare(strings.ToLower(x.cells[q.sort].Text), strings.ToLower(y.cells[q.sort].Text))
	}
	soon := 0
	if x.danger == dangerRunsOut && y.danger == dangerRunsOut {
		soon = x.ProjectedAt.Compare(y.ProjectedAt)
	}
	if x.danger == dangerPast && y.danger == dangerPast {
		soon = y.PeriodEnd.Compare(x.PeriodEnd)
	}
	return cmp.Or(cmp.Compare(x.danger, y.danger), soon, -compareKnown(x.share, y.share), cmp.Compare(y.Used, x.Used))
}

// compareKnown compares numbers, of which NaN is the least.
func compareKnown(x, y float64) int { return cmp.Compare(x, y) }
