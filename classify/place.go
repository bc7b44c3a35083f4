package classify

import (
	"fmt"
	"strings"
	"unicode"
)

// Severity says how bad a [Finding] is.
type Severity string

// The severities. A pack with an error is not usable or not proved; a warning
// is advice.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Finding is one fault of a pack, with its place.
type Finding struct {
	File     string // path as it was given, or "embedded:carsxe/pack.yaml"
	Line     int    // from 1, 0 where the fault has no line
	Col      int    // in characters from 1
	Severity Severity
	Text     string // what is wrong, one line
	Help     string // what to do, may be empty
	Snippet  string // the source line and a caret under the place, may be empty
}

// String is the finding on one line: "file:line:col: text".
func (f Finding) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.Text)
}

// LoadError is what [Load] returns when packs cannot be used. It holds every
// fault that was found, in the order of files and lines.
type LoadError struct {
	Findings []Finding
}

// Error lists the findings, one a line.
func (e *LoadError) Error() string {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// place is where something stands in a pack's files.
type place struct {
	doc       *document
	line, col int
}

// document is a file of a pack, kept for snippets while it is being read.
type document struct {
	name  string
	lines []string
}

func newDocument(name string, data []byte) *document {
	return &document{name: name, lines: strings.Split(string(data), "\n")}
}

// snippetBytesMax bounds the source line shown in a finding.
const snippetBytesMax = 160

// finding makes the error at p.
func (p place) finding(help, format string, args ...any) Finding {
	f := Finding{Severity: SeverityError, Line: p.line, Col: p.col, Text: fmt.Sprintf(format, args...), Help: help}
	if p.doc == nil {
		return f
	}
	f.File = p.doc.name
	if p.line < 1 || p.line > len(p.doc.lines) {
		return f
	}
	f.Snippet = snippet(p.doc.lines[p.line-1], p.col)
	return f
}

// snippet shows a line with a caret under the column. Control characters of
// the file must not reach a terminal.
func snippet(line string, col int) string {
	line = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.TrimRight(line, "\r"))
	if len(line) > snippetBytesMax {
		line = strings.ToValidUTF8(line[:snippetBytesMax], "") + "…"
	}
	if col < 1 || col > snippetBytesMax {
		return line
	}
	return line + "\n" + strings.Repeat(" ", col-1) + "^"
}

// within is the place of the byte at offset of t, for a text written on one line.
func (t text) within(offset int) place {
	p := t.at
	if p.doc == nil || p.line < 1 || p.line > len(p.doc.lines) {
		return p
	}
	line := p.doc.lines[p.line-1]
	if p.col >= 1 && p.col <= len(line) && (line[p.col-1] == '"' || line[p.col-1] == '\'') {
		offset++
	}
	p.col += offset
	return p
}

// faults collects findings while a pack is read and compiled, so that one run
// shows them all.
type faults struct {
	list []Finding
}

// findingsMax bounds the list: who has that many faults mends some first.
const findingsMax = 200

func (f *faults) add(at place, help, format string, args ...any) {
	f.put(at, at.finding(help, format, args...))
}

// warn is add for what does not make the pack wrong.
func (f *faults) warn(at place, help, format string, args ...any) {
	w := at.finding(help, format, args...)
	w.Severity = SeverityWarning
	f.put(at, w)
}

func (f *faults) put(at place, one Finding) {
	switch n := len(f.list); {
	case n < findingsMax:
		f.list = append(f.list, one)
	case n == findingsMax:
		f.list = append(f.list, at.finding("", "more than %d findings, the rest is left out", findingsMax))
	}
}
