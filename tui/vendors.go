package tui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/tui/chart"
	"github.com/errscope/errscope/tui/grid"
)

// vendors is screen 2: how each vendor does, and what is known of it.
type vendors struct {
	sifted[*vendorEntry]
	q     question[queries.VendorBoard]
	board queries.VendorBoard
	full  bool // the chart has the screen
}

// class is what a failure asks for, in the words of the columns.
type class int

const (
	classOutage class = iota
	classQuota
	classRetry
	classFix
	classOther // and what nobody can tell
	classes
)

// classNames are for the legend of the chart.
var classNames = [classes]string{"outage", "quota", "retry", "fix", "other"}

// classOf sorts failures; each is of one class.
func classOf(s *queries.VendorSlot) class {
	switch {
	case s.Outage:
		return classOutage
	case limited(s.Category):
		return classQuota
	case oursToFix(s.Category, s.Fault):
		return classFix
	}
	switch s.Retry {
	case record.RetryBackoff, record.RetryBackoffOnce, record.RetryWhenAvailable, record.RetryAfterReset, record.RetryAfterStateChange, record.RetryNewIdempotencyKey:
		return classRetry
	}
	return classOther
}

// vendorEntry is a vendor ready to draw, to compare and to filter.
type vendorEntry struct {
	drawn
	vendor, host  string // host is "" where a pack knows the vendor
	calls, failed int64
	last          time.Time
	of            [classes]int64
	unclassified  int64
	withID        int64
	requests      []int64            // by slot
	failures      [classes][]float64 // by slot
	ratio         []int64            // failures of a million calls, by slot
	route         string             // the worst
	codes         []queries.VendorCode
}

// The columns of the vendors, as indices of boardColumns.
const (
	veVendor = iota
	veRequests
	veFailed
	veRatio
	veOutage
	veQuota
	veRetry
	veFix
	veUnclassified
	veRoute
	veTrend
)

var boardColumns = [...]grid.Column{
	veVendor:       {Title: "VENDOR", Min: 10, Want: 18, Max: 28, Rank: 1},
	veRequests:     {Title: "REQUESTS", Min: 9, Max: 14, Right: true, Rank: 4},
	veFailed:       {Title: "FAIL", Min: 5, Max: 11, Right: true, Rank: 2},
	veRatio:        {Title: "FAIL%", Min: 6, Max: 6, Right: true, Rank: 3},
	veOutage:       {Title: "OUTAGE", Min: 7, Max: 9, Right: true, Rank: 5},
	veQuota:        {Title: "QUOTA", Min: 6, Max: 9, Right: true, Rank: 6},
	veRetry:        {Title: "RETRY", Min: 6, Max: 9, Right: true, Rank: 8},
	veFix:          {Title: "FIX", Min: 4, Max: 9, Right: true, Rank: 7},
	veUnclassified: {Title: "UNCL", Min: 5, Max: 9, Right: true, Rank: 10, Extra: true},
	veRoute:        {Title: "WORST ROUTE", Min: 14, Want: 20, Max: 44, Rank: 11, Extra: true},
	veTrend:        {Title: "FAILURE RATIO", Min: 13, Max: 24, Rank: 9, Extra: true},
}

// vendorSorts is the order in which "s" goes through the columns.
var vendorSorts = [...]int{veFailed, veRatio, veRequests, veOutage, veQuota, veRetry, veFix, veUnclassified, veVendor, veRoute}

// vendorFilterColumns are the names that may stand before a colon.
func vendorFilterColumns() []string { return []string{"vendor", "host", "code", "route"} }

func newVendors(a *app) *vendors {
	s := &vendors{}
	s.sifted = sifted[*vendorEntry]{noun: "vendor", columns: boardColumns[:], elastic: []int{veTrend}, sorts: vendorSorts[:], sort: veFailed, by: s.compare,
		find: newFinder("", vendorFilterColumns()...)}
	s.q.stale, s.q.name = true, "vendors"
	s.q.load = func(ctx context.Context, src Source, scope queries.Scope) (queries.VendorBoard, error) {
		return src.VendorBoard(ctx, scope)
	}
	s.q.got = func(b queries.VendorBoard) { s.board = b; s.take(a) }
	return s
}

// boardKey is how the parts of a board name a vendor.
func boardKey(vendor, host string) string {
	if known(vendor) {
		return vendor
	}
	return "\x00" + host
}

func (s *vendors) take(a *app) {
	b := &s.board
	a.saw(b.First, b.Last)
	var all []*vendorEntry
	byKey := map[string]*vendorEntry{}
	for i := range b.Slots {
		x := &b.Slots[i]
		id := boardKey(x.Vendor, x.Host)
		if byKey[id] == nil {
			byKey[id] = newVendorEntry(id, x.Vendor, x.Host)
			all = append(all, byKey[id])
		}
		byKey[id].add(x)
	}
	for _, c := range b.Codes {
		e := byKey[boardKey(c.Vendor, c.Host)]
		switch {
		case e == nil:
		case c.Part == queries.VendorPartRoute:
			e.route = c.Name
		default:
			e.codes = append(e.codes, c)
		}
	}
	for _, e := range all {
		e.draw(a)
	}
	s.fill(all)
}

func newVendorEntry(id, vendor, host string) *vendorEntry {
	e := &vendorEntry{drawn: drawn{id: id}, vendor: vendor, host: host, requests: make([]int64, queries.VendorSlotsMax)}
	for c := range e.failures {
		e.failures[c] = make([]float64, queries.VendorSlotsMax)
	}
	return e
}

// name is how people know the vendor.
func (e *vendorEntry) name() string { return vendorWords(e.vendor, e.host) }

// add counts one slot.
func (e *vendorEntry) add(s *queries.VendorSlot) {
	within := s.Slot >= 0 && s.Slot < queries.VendorSlotsMax
	if s.Last.After(e.last) {
		e.last = s.Last
	}
	if s.Category == "" {
		e.calls += s.Requests
		if within {
			e.requests[s.Slot] += s.Requests
		}
		return
	}
	c := classOf(s)
	e.failed += s.Failures
	e.of[c] += s.Failures
	e.withID += s.RequestIDs
	if s.Category == record.UnknownCategory {
		e.unclassified += s.Failures
	}
	if within {
		e.failures[c][s.Slot] += float64(s.Failures)
	}
}

// ratioScale makes whole numbers of ratios.
const ratioScale = 1_000_000

func (e *vendorEntry) draw(a *app) {
	e.ratio = make([]int64, len(e.requests))
	for i, n := range e.requests {
		if n == 0 {
			e.ratio[i] = chart.Gap
			continue
		}
		for c := range e.failures {
			e.ratio[i] += int64(e.failures[c][i] / float64(n) * ratioScale)
		}
	}
	some := func(n int64, on paint) grid.Cell {
		if n == 0 {
			return grid.Cell{Text: "0", On: string(a.theme.dim)}
		}
		return grid.Cell{Text: count(n), On: string(on)}
	}
	e.cells = []grid.Cell{
		veVendor: {Text: e.name()}, veRequests: {Text: count(e.calls)}, veFailed: some(e.failed, ""),
		veRatio: {Text: percent(e.failed, e.calls)}, veOutage: some(e.of[classOutage], a.theme.bad), veQuota: some(e.of[classQuota], a.theme.warn),
		veRetry: some(e.of[classRetry], ""), veFix: some(e.of[classFix], a.theme.mine), veUnclassified: some(e.unclassified, ""),
		veRoute: {Text: clean(e.route)}, veTrend: {On: string(a.theme.back)},
	}
	columns := map[string]string{"vendor": e.cells[veVendor].Text, "host": e.host, "route": e.route}
	for _, c := range e.codes {
		columns["code"] += c.Name + "\n"
	}
	e.find = searched(columns, vendorFilterColumns())
}

func (s *vendors) compare(x, y *vendorEntry) int {
	switch s.sort {
	case veVendor, veRoute:
		return strings.Compare(strings.ToLower(x.cells[s.sort].Text), strings.ToLower(y.cells[s.sort].Text))
	case veRequests:
		return cmp.Compare(y.calls, x.calls)
	case veRatio:
		return cmp.Compare(float64(y.failed)/float64(max(1, y.calls)), float64(x.failed)/float64(max(1, x.calls)))
	case veUnclassified:
		return cmp.Compare(y.unclassified, x.unclassified)
	case veOutage, veQuota, veRetry, veFix:
		c := s.sort - veOutage
		return cmp.Compare(y.of[c], x.of[c])
	}
	return cmp.Compare(y.failed, x.failed)
}

func (s *vendors) crumb() string          { return "Vendors" }
func (s *vendors) refresh(a *app) tea.Cmd { return s.q.refresh(a) }
func (s *vendors) outdated()              { s.q.stale = true }
func (s *vendors) restyle(a *app)         { s.take(a) }
func (s *vendors) interrupt() bool        { return s.q.interrupt() }
func (s *vendors) stop()                  { s.q.stop() }

func (s *vendors) back(a *app) bool {
	if s.full && !s.find.focused() {
		s.full = false
		return true
	}
	return s.sifted.back(a)
}

func (s *vendors) about(*app) about {
	return about{
		report: "vendors",
		behind: []queries.Name{queries.VendorSlots, queries.VendorCodes, queries.VendorPacks, queries.Windows, queries.Quotas},
		values: map[string]any{"first": s.board.First, "last": s.board.Last, "slots": queries.VendorSlotsMax, "cell_us": int64(1), "codes": queries.VendorCodesMax},
	}
}

func (s *vendors) keys(a *app) []key.Binding {
	m := a.keymap
	if s.find.focused() {
		return s.find.keys(m)
	}
	return []key.Binding{doing(m.Open, "its failures"), m.ToOutages, m.ToQuota, m.Filter, doing(m.Sort, "sort"), doing(m.Reverse, "reverse"),
		doing(m.CopyID, "copy name"), m.CopyWhole, m.Full}
}

func (s *vendors) press(a *app, k tea.KeyPressMsg) tea.Cmd {
	m := a.keymap
	if cmd, taken := s.pressed(a, k); taken {
		if s.find.focused() {
			s.full = false // the rows are to be seen
		}
		return cmd
	}
	e, ok := s.list.selected()
	if !ok {
		return nil
	}
	switch {
	case key.Matches(k, m.Open):
		return s.open(a)
	case key.Matches(k, m.Full):
		s.full = !s.full
	case key.Matches(k, m.ToOutages):
		return a.showOf(tabOutages, e.cells[veVendor].Text)
	case key.Matches(k, m.ToQuota):
		return a.showOf(tabQuota, e.cells[veVendor].Text)
	case key.Matches(k, m.CopyID):
		return a.copied("vendor", plainWord(e.name()))
	case key.Matches(k, m.CopyWhole):
		return a.copied("summary of "+e.cells[veVendor].Text, s.summary(a, e))
	}
	return nil
}

// showOf goes to a tab and filters it by a word.
func (a *app) showOf(tab int, word string) tea.Cmd {
	cmd := a.show(tab)
	if a.tab == tab {
		if s, ok := a.stacks[tab][0].(filtered); ok {
			if strings.Contains(word, " ") {
				word = `"` + word + `"`
			}
			s.setFilterText(a, word)
		}
	}
	return cmd
}

func (s *vendors) open(a *app) tea.Cmd {
	e, ok := s.list.selected()
	if !ok {
		return a.note(a.theme.warn, "no vendor is selected")
	}
	return a.push(newFailures(a, vendorFilter(e.vendor, e.host)))
}
