package report

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/errscope/errscope/queries"
)

func askAccounting(ctx context.Context, src Source, f *findings) error {
	if err := f.glance(ctx, src); err != nil {
		return err
	}
	var err error
	if f.accounting, err = src.Accounting(ctx); err != nil {
		return fmt.Errorf("asking what was read: %w", err)
	}
	return nil
}

func (f *findings) accountingLead() []prose {
	d := f.overview.Data
	unfinished := 0
	for _, s := range f.accounting.Sources {
		if !s.Complete {
			unfinished++
		}
	}
	lead := []prose{ours("%s of %s: %s, %s rejected, %s ignored, %s loaded before.", counted(d.Lines, "line"), counted(d.Sources, "source"),
		counted(d.Records, "record"), thousands(d.Rejected), thousands(d.Ignored), thousands(d.Duplicates))}
	if unfinished > 0 {
		lead = append(lead, ours("%s not read to the end; errscope ingest --resume goes on.", counted(int64(unfinished), "source")))
	}
	return lead
}

func (f *findings) accountingPage() []section {
	return compact(f.sourceTable(), f.fusedTable(), f.rejectTable())
}

// sourceTable: left out at need are the format, bytes, pruned, duplicates, ignored and the times.
func (f *findings) sourceTable() section {
	if len(f.accounting.Sources) == 0 {
		return section{}
	}
	t := &table{columns: []column{
		{title: "source", min: 30}, {title: "format", drop: 6}, {title: "lines", right: true}, {title: "records", right: true}, {title: "rejected", right: true},
		{title: "ignored", right: true, drop: 5}, {title: "loaded before", right: true, drop: 4}, {title: "pruned", right: true, drop: 7},
		{title: "bytes", right: true, drop: 8}, {title: "first", drop: 2}, {title: "last", drop: 1}, {title: "state", drop: 3, min: 8}}}
	for _, s := range f.accounting.Sources {
		state := own("whole")
		if !s.Complete {
			state = foreign("not to the end " + s.Error)
		}
		t.rows = append(t.rows, []cell{foreign(s.Path), own(s.Format), count(s.Lines), count(s.Records), count(s.Rejected), count(s.Ignored),
			count(s.Duplicates), count(s.Pruned), count(s.Bytes), own(f.minute(s.First)), own(f.minute(s.Last)), state})
	}
	return section{heading: "Sources", table: t, notes: []prose{
		ours("Ignored lines are blank, comments, or speak of no exchange. Lines loaded before stand in a source that overlaps.")}}
}

// fusedWords say what became of lines that tell of one exchange.
func fusedWords(state string) cell {
	switch state {
	case queries.FusedLines:
		return own("fused with another line")
	case queries.FusedApart:
		return own("left apart: several come into question")
	case queries.FusedStatus:
		return own("fused, with another status")
	}
	return foreign(state)
}

// fusedTable says which lines tell of one exchange.
func (f *findings) fusedTable() section {
	if len(f.accounting.Fused) == 0 {
		return section{}
	}
	t := &table{columns: []column{{title: "what became of it", min: 12}, {title: "by", min: 6}, {title: "lines", right: true}, {title: "the first", min: 16, drop: 1}}}
	for _, r := range f.accounting.Fused {
		t.rows = append(t.rows, []cell{fusedWords(r.State), foreign(r.Key), count(r.Lines), foreign(r.Path + " at byte " + strconv.FormatInt(r.Offset, 10))})
	}
	return section{heading: "Exchanges that several sources tell of", table: t, notes: []prose{
		ours("They are one row of requests each; the view fused has their places, left_apart those of the lines left apart.")}}
}

func (f *findings) rejectTable() section {
	if len(f.accounting.Rejects) == 0 {
		return section{}
	}
	t := &table{columns: []column{{title: "reason", min: 10}, {title: "lines", right: true}, {title: "sources", right: true, drop: 1}, {title: "the first", min: 16}}}
	for _, r := range f.accounting.Rejects {
		t.rows = append(t.rows, []cell{foreign(r.Reason), count(r.Rejects), count(r.Sources), foreign(r.Path + ":" + strconv.FormatInt(r.Line, 10))})
	}
	return section{heading: "What could not be read", table: t, notes: []prose{
		ours("See them: ").quote(rejectsCommand)}}
}

func (f *findings) tidyAccounting() {
	f.accounting.Sources = slices.Clone(f.accounting.Sources)
	for i := range f.accounting.Sources {
		s := &f.accounting.Sources[i]
		s.Path, s.Error = maskPersonal(s.Path), maskPersonal(s.Error)
	}
	f.accounting.Rejects = slices.Clone(f.accounting.Rejects)
	for i := range f.accounting.Rejects {
		r := &f.accounting.Rejects[i]
		r.Path, r.Reason = maskPersonal(r.Path), maskPersonal(r.Reason)
	}
	f.accounting.Fused = slices.Clone(f.accounting.Fused)
	for i := range f.accounting.Fused {
		f.accounting.Fused[i].Path = maskPersonal(f.accounting.Fused[i].Path)
	}
}

func accountingColumns() []string {
	return []string{"section", "path", "format", "lines", "records", "rejected", "ignored", "duplicates", "pruned", "bytes", "first_ts", "last_ts", "complete", "error",
		"reason", "sources", "line", "state", "key", "source_offset"}
}

func (f *findings) accountingRows() []csvRow {
	var rows []csvRow
	for _, s := range f.accounting.Sources {
		rows = append(rows, csvRow{"section": "source", "path": csvText(s.Path), "format": csvText(s.Format), "lines": digits(s.Lines), "records": digits(s.Records),
			"rejected": digits(s.Rejected), "ignored": digits(s.Ignored), "duplicates": digits(s.Duplicates), "pruned": digits(s.Pruned), "bytes": digits(s.Bytes),
			"first_ts": csvTime(s.First), "last_ts": csvTime(s.Last), "complete": strconv.FormatBool(s.Complete), "error": csvText(s.Error)})
	}
	for _, r := range f.accounting.Rejects {
		rows = append(rows, csvRow{"section": "reason", "reason": csvText(r.Reason), "rejected": digits(r.Rejects), "sources": digits(r.Sources),
			"path": csvText(r.Path), "line": digits(r.Line)})
	}
	for _, r := range f.accounting.Fused {
		rows = append(rows, csvRow{"section": "fused", "state": csvText(r.State), "key": csvText(r.Key), "lines": digits(r.Lines), "path": csvText(r.Path),
			"source_offset": digits(r.Offset)})
	}
	return rows
}

type jsonSource struct {
	Path       string `json:"path"`
	Format     string `json:"format,omitempty"`
	Lines      int64  `json:"lines"`
	Records    int64  `json:"records"`
	Rejected   int64  `json:"rejected"`
	Ignored    int64  `json:"ignored"`
	Duplicates int64  `json:"duplicates"`
	Pruned     int64  `json:"pruned"`
	Bytes      int64  `json:"bytes"`
	FirstTS    string `json:"first_ts,omitempty"`
	LastTS     string `json:"last_ts,omitempty"`
	Complete   bool   `json:"complete"`
	Error      string `json:"error,omitempty"`
}

type jsonReason struct {
	Reason  string `json:"reason"`
	Rejects int64  `json:"rejects"`
	Sources int64  `json:"sources"`
	Path    string `json:"path,omitempty"`
	Line    int64  `json:"line"`
}

type jsonFused struct {
	State  string `json:"state"`
	Key    string `json:"key"`
	Lines  int64  `json:"lines"`
	Path   string `json:"path,omitempty"`
	Offset int64  `json:"source_offset"`
}

func (f *findings) jsonAccountingPage(r *jsonReport) {
	r.Sources, r.Reasons, r.Fused = []jsonSource{}, []jsonReason{}, []jsonFused{}
	for _, x := range f.accounting.Fused {
		r.Fused = append(r.Fused, jsonFused(x))
	}
	for _, s := range f.accounting.Sources {
		r.Sources = append(r.Sources, jsonSource{s.Path, s.Format, s.Lines, s.Records, s.Rejected, s.Ignored, s.Duplicates, s.Pruned, s.Bytes,
			csvTime(s.First), csvTime(s.Last), s.Complete, s.Error})
	}
	for _, x := range f.accounting.Rejects {
		r.Reasons = append(r.Reasons, jsonReason(x))
	}
}
