// Package secondlook is a second opinion on what leaves: the rules of gitleaks,
// which know the shapes of some two hundred kinds of credentials, look through
// finished bytes for what our own masking, which goes by names, did not know.
//
// Nothing is made ready before the first look: a start that writes no file pays
// nothing. The first look compiles the rules, in some 50 ms.
package secondlook

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Finding says where a credential seems to stand. It never holds its value.
type Finding struct {
	Name   string // of the text, as given
	Rule   string // of gitleaks, such as "stripe-access-token"
	Line   int    // from 1
	Column int    // in bytes, from 1
}

// FoundError says that something was found, and where.
type FoundError struct {
	Findings []Finding // the first findingsMax, in their order
	More     int       // how many more there are
}

// Error names the first places.
func (e *FoundError) Error() string {
	places := make([]string, 0, placesNamed)
	for _, f := range e.Findings[:min(len(e.Findings), placesNamed)] {
		places = append(places, fmt.Sprintf("%s line %d column %d (%s)", f.Name, f.Line, f.Column, f.Rule))
	}
	text := "what looks like a credential is left at " + strings.Join(places, ", ")
	if n := len(e.Findings) - len(places) + e.More; n > 0 {
		text += fmt.Sprintf(" and %d more places", n)
	}
	return text
}

const (
	// findingsMax bounds the places that are kept.
	findingsMax = 100
	// placesNamed are spelled out in an error.
	placesNamed = 3
)

// Look looks through a finished text.
func Look(ctx context.Context, name string, b []byte) ([]Finding, error) {
	w, err := NewWriter(ctx, io.Discard, name)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	return w.finish()
}

// Writer passes on what is written to it and looks through it on the way, in
// bounded memory.
type Writer struct {
	ctx    context.Context
	next   io.Writer
	name   string
	passes []*pass
	found  map[Finding]struct{}
	more   int
}

// NewWriter makes a Writer; name is told with each finding.
func NewWriter(ctx context.Context, next io.Writer, name string) (*Writer, error) {
	rules, err := compiledRules()
	if err != nil {
		return nil, fmt.Errorf("making ready to look for credentials: %w", err)
	}
	return &Writer{ctx: ctx, next: next, name: name, found: map[Finding]struct{}{}, passes: []*pass{
		{rules: rules.near, windowBytes: nearBytes, overlapBytes: nearOverlapBytes, line: 1, column: 1},
		{rules: rules.wide, windowBytes: wideBytes, overlapBytes: wideOverlapBytes, line: 1, column: 1},
	}}, nil
}

// Write implements io.Writer.
func (w *Writer) Write(b []byte) (int, error) {
	n, err := w.next.Write(b)
	if err != nil {
		return n, err
	}
	for _, p := range w.passes {
		for rest := b; len(rest) > 0; {
			take := min(len(rest), p.windowBytes-len(p.buffer))
			p.buffer = append(p.buffer, rest[:take]...)
			rest = rest[take:]
			if len(p.buffer) == p.windowBytes {
				if err := w.look(p, false); err != nil {
					return len(b), err
				}
			}
		}
	}
	return len(b), nil
}

// Finish looks through the rest; what was found anywhere is a [FoundError].
func (w *Writer) Finish() error {
	list, err := w.finish()
	if err == nil && len(list) > 0 {
		err = &FoundError{Findings: list, More: w.more}
	}
	return err
}

func (w *Writer) finish() ([]Finding, error) {
	for _, p := range w.passes {
		if err := w.look(p, true); err != nil {
			return nil, err
		}
	}
	list := make([]Finding, 0, len(w.found))
	for f := range w.found {
		list = append(list, f)
	}
	slices.SortFunc(list, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column), cmp.Compare(x.Rule, y.Rule))
	})
	return list, nil
}

// look goes through the window of a pass and moves it on.
func (w *Writer) look(p *pass, last bool) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	for _, hit := range p.rules.find(p.buffer) {
		f := Finding{Name: w.name, Rule: hit.rule}
		f.Line, f.Column = p.place(hit.offset)
		if _, known := w.found[f]; known {
			continue
		}
		if len(w.found) == findingsMax {
			w.more++
			continue
		}
		w.found[f] = struct{}{}
	}
	if !last {
		p.moveOn()
	}
	return nil
}

// pass is a window that moves over the text.
type pass struct {
	rules                     *rules
	windowBytes, overlapBytes int
	buffer                    []byte
	line, column              int // of the window's first byte
}

// place is where a byte of the window stands in the text.
func (p *pass) place(offset int) (line, column int) {
	before := p.buffer[:offset]
	lines := bytes.Count(before, []byte{'\n'})
	if lines == 0 {
		return p.line, p.column + offset
	}
	return p.line + lines, offset - bytes.LastIndexByte(before, '\n')
}

// moveOn keeps the overlap. It begins after a byte that parts words, where there
// is one: half a word may look like a credential that the whole does not.
func (p *pass) moveOn() {
	from := len(p.buffer) - p.overlapBytes
	if at := bytes.LastIndexAny(p.buffer[from-p.overlapBytes:from], separators); at >= 0 {
		from += at + 1 - p.overlapBytes
	}
	p.line, p.column = p.place(from)
	p.buffer = append(p.buffer[:0], p.buffer[from:]...)
}

// separators part words.
const separators = " \t\r\n\",;"
