package tui

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/chart"
)

// paneWords are at most height lines about an allowance, what decides first.
func (q *quota) paneWords(a *app, r *allowance, width, height int) []string {
	var lines []string
	put := func(label string, kind paint, text string) {
		if text != "" && len(lines) < height {
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, label, 9).put(kind, text).String())
		}
	}
	if rate := q.what.rateOf(r); rate > 0 {
		put("what if", a.theme.key, r.whatIfWords(rate))
	}
	dot := " " + a.signs.dot + " "
	put("burn", "", r.burnWords(dot))
	if r.PeriodEnd.IsZero() {
		put("capacity", "", "no period gives it back: it is full until somebody makes room; seen since "+r.PeriodStart.UTC().Format("2006-01-02"))
	}
	if r.Limit <= 0 && !r.past() {
		put("limit", a.theme.info, "not known: state it in errscope.yaml under limits: (Y copies the line), it counts from the next ingest on")
	}
	put("refused", a.theme.warn, q.refusedWords(r))
	if !r.PeriodEnd.IsZero() { // calls do not tell how much of a capacity they fill
		put("used by", "", q.used)
	}
	put("basis", a.theme.dim, r.basisWords(dot))
	put("rates", a.theme.dim, q.rates.told)
	return lines
}

// burnWords say how fast it goes, and how fast it may.
func (r *allowance) burnWords(dot string) string {
	var parts []string
	put := func(perHour float64, over string) {
		if !math.IsNaN(perHour) {
			parts = append(parts, short(perHour)+"/h over "+over)
		}
	}
	put(r.BurnPerHour, "a day")
	if left := r.PeriodEnd.Sub(r.AsOf).Hours(); r.Remaining >= 0 && left > 0 && !r.past() {
		parts = append(parts, "at most "+short(float64(r.Remaining)/left)+"/h to last until "+r.PeriodEnd.UTC().Format("01-02 15:04")+" UTC")
	}
	put(r.BurnPerHour1h, "an hour")
	put(r.BurnPerHour7d, "7 days")
	return strings.Join(parts, dot)
}

// refusedWords say how often the vendor refused, and since when.
func (q *quota) refusedWords(r *allowance) string {
	if r.Refusals == 0 {
		return ""
	}
	text := count(r.Refusals)
	for _, h := range q.hours {
		if !h.FirstRefusal.IsZero() {
			return text + " since " + h.FirstRefusal.UTC().Format("01-02 15:04") + " UTC"
		}
	}
	return text
}

// basisWords say where the numbers come from, and what they leave open.
func (r *allowance) basisWords(dot string) string {
	text := clean(r.Basis)
	if r.Unexplained > 0 {
		text += dot + count(r.Unexplained) + " of the vendor's count were no calls that were read"
	}
	return text
}

// usedByMax is how many users are named.
const usedByMax = 4

// usedBy names the routes that used most.
func usedBy(uses []queries.QuotaUse) string {
	sums := sumUses(uses, byRoute)
	if len(sums) == 0 {
		return "no call of it is in the data"
	}
	var total int64
	for _, s := range sums {
		total += s.Cost
	}
	var parts []string
	for _, s := range sums[:min(len(sums), usedByMax)] {
		if s.Cost > 0 {
			parts = append(parts, clean(s.Route)+" "+percent(s.Cost, total)+" %")
		}
	}
	if more := len(sums) - usedByMax; more > 0 {
		parts = append(parts, "and "+plural(int64(more), "route"))
	}
	return strings.Join(parts, "  ")
}

// useBy is by what the users of an allowance are told apart.
type useBy uint8

const (
	byRoute useBy = iota
	byClient
	byAccount
	useBys
)

func (b useBy) String() string { return [...]string{"route", "client", "account"}[b] }

// of is what tells one user from another.
func (b useBy) of(u *queries.QuotaUse) string {
	return [...]string{u.Route, u.Client, u.Account}[b]
}

// sumUses adds users up by one of their properties, the largest first.
func sumUses(uses []queries.QuotaUse, by useBy) []queries.QuotaUse {
	at := map[string]int{}
	var out []queries.QuotaUse
	for i := range uses {
		u := &uses[i]
		name := by.of(u)
		n, ok := at[name]
		if !ok {
			n, at[name] = len(out), len(out)
			out = append(out, queries.QuotaUse{})
			*[...]*string{&out[n].Route, &out[n].Client, &out[n].Account}[by] = name
		}
		out[n].Calls += u.Calls
		out[n].Cost += u.Cost
		out[n].Refused += u.Refused
		out[n].Failed += u.Failed
	}
	slices.SortStableFunc(out, func(x, y queries.QuotaUse) int {
		if y.Cost != x.Cost {
			return int(min(1, max(-1, y.Cost-x.Cost)))
		}
		return int(min(1, max(-1, y.Calls-x.Calls)))
	})
	return out
}

// limitsLine states the limit of the allowance as errscope.yaml wants it.
func (r *allowance) limitsLine() string {
	var parts []string
	put := func(name, value string) {
		if value != "" {
			parts = append(parts, name+": "+yamlWord(plainWord(value)))
		}
	}
	if !known(r.Vendor) {
		put("host", r.Host)
	} else {
		put("vendor", r.Vendor)
	}
	put("name", r.Name)
	limit := "LIMIT"
	if r.Limit >= 0 {
		limit = strconv.FormatInt(r.Limit, 10)
	}
	parts = append(parts, "limit: "+limit)
	if word, _, ok := strings.Cut(r.periodWords(), " "); ok && word != "from" && word != "no" {
		parts = append(parts, "period: "+word)
	}
	return "limits:\n  - {" + strings.Join(parts, ", ") + "}"
}

// yamlWord quotes a text for YAML where it must be.
func yamlWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '.' && c != '-' && (c < '0' || c > '9')
	}) && strings.ContainsFunc(s, func(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }) {
		return s
	}
	return strconv.Quote(s)
}

// gauge draws the used share of an allowance.
func (a *app) gauge(share float64, width int) string {
	if math.IsNaN(share) {
		return strings.Repeat(a.signs.dot, width)
	}
	bar := strings.TrimRight(chart.Bar(share, width, a.glyphs), " ")
	rest := "░"
	if a.glyphs == chart.ASCII {
		rest = "."
	}
	return bar + strings.Repeat(rest, max(0, width-len([]rune(bar))))
}
