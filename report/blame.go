package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

func askBlame(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	var err error
	if f.splits, err = src.BlameSplits(ctx, f.options.Scope); err != nil {
		return fmt.Errorf("asking whose the failures are: %w", err)
	}
	return nil
}

func (f *findings) blameLead() []prose {
	head := ours("No call failed.")
	if f.splits.Total.Failures > 0 {
		head = ours("Whose fault: %s.", partyList(f.splits.Total))
	}
	return append([]prose{head, f.callLine()}, f.scopeLines()...)
}

// partyList writes the shares of a split, the largest first.
func partyList(s queries.BlameSplit) string {
	text := ""
	for i, p := range s.Parties {
		if i > 0 {
			text += ", "
		}
		text += say(faultWords, p.Fault) + " " + percent(p.SharePermille, 1000)
	}
	return text
}

func (f *findings) blamePage() []section {
	return compact(f.blameBars(), f.blameTable("Vendors", "vendor", f.splits.Vendors), f.blameTable("Over time", "from", f.splits.Spans), f.unreadSection())
}

// blameBars draws each party's share of all failures.
func (f *findings) blameBars() section {
	if f.splits.Total.Failures == 0 {
		return section{}
	}
	l := &barList{}
	for _, p := range f.splits.Total.Parties {
		l.bars = append(l.bars, bar{label: own(say(faultWords, p.Fault)), share: float64(p.SharePermille) / 1000,
			value: percent(p.SharePermille, 1000) + " (" + thousands(p.Failures) + ")"})
	}
	return section{heading: "All failures", bars: l}
}

// blameTable has a column for each party that has any failure; each row adds up
// to 100 %.
func (f *findings) blameTable(heading, first string, splits []queries.BlameSplit) section {
	if len(splits) == 0 {
		return section{}
	}
	t := &table{columns: []column{{title: first, min: 16}, {title: "failures", right: true}}}
	var parties []record.Fault
	for i, p := range f.splits.Total.Parties {
		parties = append(parties, p.Fault)
		t.columns = append(t.columns, column{title: say(faultWords, p.Fault), right: true, drop: i})
	}
	for _, s := range splits {
		name := foreign(vendorName(s.Vendor, s.Host))
		if s.Vendor == "" {
			name = own(f.minute(s.Start))
		}
		row := []cell{name, count(s.Failures)}
		for _, fault := range parties {
			i := slices.IndexFunc(s.Parties, func(p queries.BlameRow) bool { return p.Fault == fault })
			if i < 0 {
				row = append(row, own("-"))
				continue
			}
			row = append(row, own(percent(s.Parties[i].SharePermille, 1000)))
		}
		t.rows = append(t.rows, row)
	}
	return section{heading: heading, table: t}
}

func (f *findings) tidyBlame() {
	s := &f.splits
	s.Vendors, s.Spans = slices.Clone(s.Vendors), slices.Clone(s.Spans)
	slices.SortStableFunc(s.Vendors, func(a, b queries.BlameSplit) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Vendor, b.Vendor), cmp.Compare(a.Host, b.Host))
	})
	slices.SortStableFunc(s.Spans, func(a, b queries.BlameSplit) int { return a.Start.Compare(b.Start) })
}

func blameColumns() []string {
	return []string{"section", "vendor", "host", "start_ts", "fault", "failures", "share_permille"}
}

func (f *findings) blameRows() []csvRow {
	var rows []csvRow
	add := func(section string, s queries.BlameSplit) {
		for _, p := range s.Parties {
			rows = append(rows, csvRow{"section": section, "vendor": csvText(s.Vendor), "host": csvText(s.Host), "start_ts": csvTime(s.Start),
				"fault": csvText(string(p.Fault)), "failures": digits(p.Failures), "share_permille": digits(p.SharePermille)})
		}
	}
	add("total", f.splits.Total)
	for _, s := range f.splits.Vendors {
		add("vendor", s)
	}
	for _, s := range f.splits.Spans {
		add("span", s)
	}
	return rows
}

type jsonBlame struct {
	Total   jsonSplit   `json:"total"`
	Vendors []jsonSplit `json:"vendors"`
	Spans   []jsonSplit `json:"spans"`
}

type jsonSplit struct {
	Vendor   string      `json:"vendor,omitempty"`
	Host     string      `json:"host,omitempty"`
	StartTS  string      `json:"start_ts,omitempty"`
	Failures int64       `json:"failures"`
	Parties  []jsonParty `json:"parties"`
}

type jsonParty struct {
	Fault         string `json:"fault"`
	Failures      int64  `json:"failures"`
	SharePermille int64  `json:"share_permille"`
}

func (f *findings) jsonBlamePage(r *jsonReport) {
	j := &jsonBlame{Total: jsonSplitOf(f.splits.Total), Vendors: []jsonSplit{}, Spans: []jsonSplit{}}
	for _, s := range f.splits.Vendors {
		j.Vendors = append(j.Vendors, jsonSplitOf(s))
	}
	for _, s := range f.splits.Spans {
		j.Spans = append(j.Spans, jsonSplitOf(s))
	}
	r.Blame = j
}

func jsonSplitOf(s queries.BlameSplit) jsonSplit {
	j := jsonSplit{Vendor: s.Vendor, Host: s.Host, StartTS: csvTime(s.Start), Failures: s.Failures, Parties: []jsonParty{}}
	for _, p := range s.Parties {
		j.Parties = append(j.Parties, jsonParty{string(p.Fault), p.Failures, p.SharePermille})
	}
	return j
}
