package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// document is a report before it becomes text, Markdown or HTML: one model, so
// that the three say the same.
type document struct {
	title    string
	lead     []prose
	sections []section
}

type section struct {
	heading string
	chart   *chart
	// timeline, bars and burns are drawn after the chart; burns by HTML only, for
	// their words stand in the table.
	timeline *timeline
	bars     *barList
	burns    []burn
	items    []item
	table    *table
	notes    []prose
}

// drawnOnly reports a section that words say elsewhere already.
func (s section) drawnOnly() bool { return len(s.burns) > 0 && s.table == nil && len(s.items) == 0 }

// prose is a sentence of ours with foreign words in it.
type prose []span

type span struct {
	text    string
	foreign bool // somebody else wrote it: it must not act as markup
}

// ours makes prose without foreign words.
func ours(format string, args ...any) prose { return prose{{text: fmt.Sprintf(format, args...)}} }

// and appends a sentence of ours.
func (p prose) and(format string, args ...any) prose {
	return append(p, span{text: fmt.Sprintf(format, args...)})
}

// quote appends foreign words.
func (p prose) quote(s string) prose { return append(p, span{text: visible(s), foreign: true}) }

func (p prose) String() string {
	var out strings.Builder
	for _, s := range p {
		out.WriteString(s.text)
	}
	return out.String()
}

// item is one point of a list, with lines that belong to it.
type item struct {
	number int // 0 where the list is not numbered
	head   prose
	lines  []prose
	// command, "" where there is none, is for a shell: text breaks it so that it
	// can be pasted.
	command string
	loud    bool // asks for attention first
}

// mark stands before the item.
func (it item) mark() string {
	if it.number == 0 {
		return "- "
	}
	return strconv.Itoa(it.number) + ". "
}

// chart is failures over time.
type chart struct {
	buckets    []queries.Bucket
	first, end string // labels of the axis
	peak       prose
	// shades are the outages, as parts of the span; shaded says so in words.
	shades []stretch
	shaded prose
}

// column describes one column of a table. Text leaves columns out, highest
// drop first, until the rest fits; 0 is never left out.
type column struct {
	title string
	right bool // numbers
	drop  int
	min   int // columns that a long text may shrink to; 0 does not shrink
}

// table holds visible cells, one per column.
type table struct {
	columns []column
	rows    [][]cell
}

type cell struct {
	text    string
	foreign bool
}

func own(s string) cell     { return cell{text: s} }
func foreign(s string) cell { return cell{text: visible(s), foreign: true} }
func count(n int64) cell    { return cell{text: thousands(n)} }

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return sign + s
}

// counted writes a number with its noun: "1 failure", "2 failures".
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// percent writes part of whole; what is neither none nor all never reads so.
func percent(part, whole int64) string {
	if whole <= 0 {
		return "0 %"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && p < 0.1:
		return "<0.1 %"
	case part < whole && p > 99.9:
		return ">99.9 %"
	case p == float64(int64(p)):
		return strconv.FormatInt(int64(p), 10) + " %"
	}
	return strconv.FormatFloat(p, 'f', 1, 64) + " %"
}

// milliseconds writes a duration; NaN and Absent are "-".
func milliseconds(ms float64) string {
	switch {
	case !(ms >= 0) || ms > 1e15: // also NaN
		return "-"
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 1, 64)
	}
	return thousands(int64(ms + 0.5))
}

// status writes an HTTP status; 0 is no response, Absent is not stated.
func status(code int) string {
	switch {
	case code > 0:
		return strconv.Itoa(code)
	case code == 0:
		return "none"
	}
	return "-"
}

// dash stands where a value is absent.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// minute writes a time for people, in the zone that the lead names.
func (f *findings) minute(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(f.options.Location).Format("2006-01-02 15:04")
}

func (f *findings) second(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(f.options.Location).Format("2006-01-02 15:04:05")
}

func (f *findings) zone() string { return f.options.Location.String() }
