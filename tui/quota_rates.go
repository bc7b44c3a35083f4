package tui

import (
	"cmp"
	"math"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/tui/grid"
)

// ratePane is the second pane of the quota screen: short windows that refuse, or
// were near to it. They are no allowance: they come back by themselves.
type ratePane struct {
	answer  []queries.RatePressure
	numbers map[string]int64 // of accounts, by vendor, host and account
	list    list[queries.RatePressure]
	told    string // the whole of it in one line
}

var rateColumns = []grid.Column{
	{Title: "VENDOR", Min: 8, Want: 14, Max: 26, Rank: 3},
	{Title: "ROUTE", Min: 12, Want: 24, Max: 44, Rank: 1},
	{Title: "ACCT", Min: 4, Max: 14, Rank: 9},
	{Title: "REFUSED", Min: 7, Max: 9, Right: true, Rank: 2},
	{Title: "TIMES", Min: 5, Max: 6, Right: true, Rank: 6},
	{Title: "LONGEST", Min: 7, Max: 8, Right: true, Rank: 5},
	{Title: "WAIT", Min: 6, Max: 8, Right: true, Rank: 8},
	{Title: "LEAST LEFT", Min: 10, Max: 14, Right: true, Rank: 7},
	{Title: "LAST", Min: 11, Max: 11, Right: true, Rank: 4},
	{Title: "CLIENT", Min: 10, Max: 30, Rank: 10, Extra: true},
}

func (p *ratePane) take(a *app, answer []queries.RatePressure, allowances []*allowance) {
	p.answer, p.numbers = answer, map[string]int64{}
	seen := map[string]int64{}
	for _, r := range allowances { // the same account has the same number in both panes
		if r.AccountNumber > 0 {
			of := r.Vendor + "\x00" + r.Host
			p.numbers[of+"\x00"+r.Account] = r.AccountNumber
			seen[of] = max(seen[of], r.AccountNumber)
		}
	}
	rows := make([]entry[queries.RatePressure], 0, len(answer))
	for _, r := range answer {
		of, account := r.Vendor+"\x00"+r.Host, r.Vendor+"\x00"+r.Host+"\x00"+r.Account
		if r.Account != "" && p.numbers[account] == 0 {
			seen[of]++
			p.numbers[account] = seen[of]
		}
		rows = append(rows, entry[queries.RatePressure]{id: account + "\x00" + r.Route, row: r})
	}
	p.list.cols = grid.Fit(rateColumns, func(c int) int {
		widest := 0
		for _, e := range rows {
			widest = max(widest, painted(p.cell(a, e.row, c).Text))
		}
		return widest
	})
	p.list.set(rows)
	p.told = p.words()
}

// cell draws one column of a row.
func (p *ratePane) cell(a *app, r queries.RatePressure, c int) grid.Cell {
	refused := paint("")
	if r.Refused > 0 {
		refused = a.theme.warn
	}
	switch c {
	case 0:
		return grid.Cell{Text: vendorWords(r.Vendor, r.Host)}
	case 1:
		return grid.Cell{Text: clean(cmp.Or(r.Route, "(no route)"))}
	case 2:
		return grid.Cell{Text: accountWords(r.Account, p.numbers[r.Vendor+"\x00"+r.Host+"\x00"+r.Account])}
	case 3:
		return grid.Cell{Text: count(r.Refused), On: string(refused)}
	case 4:
		return grid.Cell{Text: count(r.Spans)}
	case 5:
		if r.Refused == 0 {
			return grid.Cell{Text: "-"}
		}
		return grid.Cell{Text: seconds(float64(r.LongestSpanS))}
	case 6:
		return grid.Cell{Text: seconds(r.LongestWaitS)}
	case 7:
		return grid.Cell{Text: leastLeft(r)}
	case 8:
		return grid.Cell{Text: when(r.Last, a.o.Now()), On: string(a.theme.dim)}
	}
	return grid.Cell{Text: clean(r.TopClient), On: string(a.theme.dim)}
}

// seconds writes a span that may not be known.
func seconds(s float64) string {
	if s < 0 || math.IsNaN(s) || s > math.MaxInt64/float64(time.Second) {
		return "-"
	}
	return span(time.Duration(s * float64(time.Second)))
}

func leastLeft(r queries.RatePressure) string {
	switch {
	case r.LeastRemaining < 0:
		return "-"
	case r.LeastRemainingLimit < 0:
		return count(r.LeastRemaining)
	}
	return count(r.LeastRemaining) + " of " + count(r.LeastRemainingLimit)
}

// words are for those who look at the allowances.
func (p *ratePane) words() string {
	var refused int64
	vendors := map[string]bool{}
	for _, r := range p.answer {
		if refused += r.Refused; r.Refused > 0 {
			vendors[vendorWords(r.Vendor, r.Host)] = true
		}
	}
	switch {
	case len(p.answer) == 0:
		return "no rate limit was met or stated"
	case refused == 0:
		return "no rate limit was met; " + plural(int64(len(p.answer)), "route") + " state one (tab)"
	}
	return plural(refused, "refusal") + " by rate limits of " + plural(int64(len(vendors)), "vendor") + " (tab)"
}

func (p *ratePane) status(a *app, width int) string {
	counts := plural(int64(len(p.list.rows)), "route") + " " + a.signs.dot + " by refused " + a.signs.down
	if len(p.answer) >= queries.StandingMax {
		counts += ", the rest is not shown"
	}
	return a.line(width).put("", "rate limits: short windows").put(a.theme.dim, "  (tab: allowances)").end("", counts).String()
}

func (p *ratePane) body(a *app, width, height int, alone paneAlone, old bool) []string {
	if len(p.list.rows) == 0 {
		return a.sentences(a.theme.good, width, "No rate limit was met here, and no answer stated one. Press tab for the allowances.")
	}
	rows, pane := splitHeights(alone, len(p.list.rows), height)
	if pane > ratePaneLines && alone == allPanes {
		rows, pane = height-ratePaneLines, ratePaneLines
	}
	lines := p.list.lines(a, width, rows, true, old, func(r queries.RatePressure, c, _ int) grid.Cell { return p.cell(a, r, c) })
	lines = p.list.over(lines, rows, pane, func(r queries.RatePressure) []string { return p.pane(a, r, width) })
	return lines[:min(len(lines), height)]
}

// ratePaneLines is the height of the pane below the list.
const ratePaneLines = 6

// pane is about the selected route.
func (p *ratePane) pane(a *app, r queries.RatePressure, width int) []string {
	lines := []string{a.section(vendorWords(r.Vendor, r.Host)+" "+clean(r.Route), width)}
	put := func(label, text string) {
		if text != "" {
			lines = append(lines, a.line(width).put("", "  ").field(a.theme.dim, label, 9).put("", text).String())
		}
	}
	if r.Refused > 0 {
		put("refused", count(r.Refused)+" in "+plural(r.Spans, "span")+" of "+seconds(float64(r.SpansS))+" in all, the longest "+seconds(float64(r.LongestSpanS)))
		put("seen", stamp(r.First)+" to "+stamp(r.Last))
	} else {
		put("refused", "none; it was near at least once: "+leastLeft(r)+" left")
	}
	put("client", clean(r.TopClient))
	advice := "Send fewer at a time, and honour Retry-After."
	if r.LongestWaitS >= 0 {
		advice += " The longest wait that was asked for is " + seconds(r.LongestWaitS) + "."
	}
	put("advice", advice)
	return lines
}

func (p *ratePane) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	switch {
	case p.list.press(m, k):
	case key.Matches(k, m.Open):
		return p.open(a)
	case key.Matches(k, m.CopyID), key.Matches(k, m.CopyWhole):
		if r, ok := p.list.selected(); ok {
			return a.copied("row", strings.Join([]string{vendorWords(r.Vendor, r.Host), plainWord(r.Route), count(r.Refused) + " refused by rate limits",
				"longest " + seconds(float64(r.LongestSpanS)), "longest wait " + seconds(r.LongestWaitS)}, ", "))
		}
	}
	return nil
}

// open goes to the refusals of the selected route's vendor.
func (p *ratePane) open(a *app) tea.Cmd {
	r, ok := p.list.selected()
	switch {
	case !ok:
		return a.note(a.theme.warn, "no route is selected")
	case r.Refused == 0:
		return a.note(a.theme.info, "nothing was refused here")
	}
	return a.push(newFailures(a, vendorFilter(r.Vendor, r.Host)+" "+filterTerm("category", "rate_limit")))
}

func (p *ratePane) click(a *app, y int, b box, alone paneAlone) tea.Cmd {
	rows, pane := splitHeights(alone, len(p.list.rows), b.height)
	if pane > ratePaneLines && alone == allPanes {
		rows = b.height - ratePaneLines
	}
	if y < rows && p.list.click(y) == hitAgain {
		return p.open(a)
	}
	return nil
}
