package ingest

import (
	"encoding/binary"
	"errors"
	"slices"
	"sort"

	"github.com/errscope/errscope/record"
)

// Two sources may share lines: an older copy of a log, or two snapshots of it.
// To tell, a few bits are kept of every line, half a byte in all: four bits of
// its hash and, where it was no record, what became of it. The place of a few
// lines that the hash picks is kept too, so that lines can be found by offset.

// Outcomes of a line.
const (
	lineRecord = iota
	lineRejected
	lineIgnored
)

const (
	printBits   = 4 // of a line's hash
	outcomeMask = 3
	// cutEvery is how many lines there are between two cuts, on average; it is
	// a power of two.
	cutEvery = 64
	// PrintLinesMax bounds the lines of one source that are compared with
	// others; each takes two bytes while it is compared.
	PrintLinesMax = 1 << 28
)

// ErrManyLines is a source of more than [PrintLinesMax] lines.
var ErrManyLines = errors.New("too many lines to compare")

// errPrints is a print that is none, or that does not follow on the one before.
var errPrints = errors.New("the prints of lines are damaged")

// cut is the place of a line whose predecessor's hash picked it.
type cut struct{ line, offset int64 }

// marks are the prints that a reader gathers.
type marks struct {
	lines  []byte // the print of a line, and above it the outcome
	cuts   []cut
	blocks []markedBlock
	open   bool // the outcome of the last line is not known
}

// markedBlock says where the lines of a block begin in marks.
type markedBlock struct {
	offset, line int64 // of its first line, which counts from 0
	at, cutsAt   int
}

// begin turns to another block.
func (m *marks) begin(b *block) {
	m.blocks = append(m.blocks, markedBlock{b.offset, b.line - 1, len(m.lines), len(m.cuts)})
}

// line notes the line that ends before the offset next.
func (m *marks) line(line []byte, number, next int64) {
	h := lineHash(line)
	m.lines = append(m.lines, byte(h>>(64-printBits)))
	m.open = true
	if h%cutEvery == 0 {
		m.cuts = append(m.cuts, cut{number, next})
	}
}

// outcome notes what became of the last line, once.
func (m *marks) outcome(kind byte) {
	if m.open {
		m.lines[len(m.lines)-1] |= kind << printBits
		m.open = false
	}
}

// gathered is one block's part of the marks of a reader.
type gathered struct {
	offset, line int64
	lines        []byte
	cuts         []cut
}

// each gives the blocks with their lines.
func (m *marks) each(dst []gathered) []gathered {
	for i, b := range m.blocks {
		end, cutsEnd := len(m.lines), len(m.cuts)
		if i+1 < len(m.blocks) {
			end, cutsEnd = m.blocks[i+1].at, m.blocks[i+1].cutsAt
		}
		dst = append(dst, gathered{b.offset, b.line, m.lines[b.at:end], m.cuts[b.cutsAt:cutsEnd]})
	}
	return dst
}

// encodePrints writes the prints of a segment: where it begins and how many
// lines it has, whether the last of them lacks its line break, the outcomes as
// runs, the cuts as steps, and the prints, two in a byte.
func encodePrints(blocks []gathered, partial bool) []byte {
	if len(blocks) == 0 {
		return nil
	}
	slices.SortFunc(blocks, func(a, b gathered) int { return int(a.line - b.line) })
	lines, cuts := 0, 0
	for _, b := range blocks {
		lines += len(b.lines)
		cuts += len(b.cuts)
	}
	first := blocks[0]
	out := make([]byte, 0, lines/2+4*cuts+64)
	for _, n := range []int64{first.offset, first.line, int64(lines)} {
		out = binary.AppendUvarint(out, uint64(n))
	}
	if partial {
		out = append(out, 1)
	} else {
		out = append(out, 0)
	}
	out = appendOutcomes(out, blocks)
	out = binary.AppendUvarint(out, uint64(cuts))
	last := cut{first.line, first.offset}
	for _, b := range blocks {
		for _, c := range b.cuts {
			out = binary.AppendUvarint(out, uint64(c.line-last.line))
			out = binary.AppendUvarint(out, uint64(c.offset-last.offset))
			last = c
		}
	}
	half, odd := byte(0), false
	for _, b := range blocks {
		for _, l := range b.lines {
			l &= 1<<printBits - 1
			if odd {
				out = append(out, half|l<<printBits)
			}
			half, odd = l, !odd
		}
	}
	if odd {
		out = append(out, half)
	}
	return out
}

func appendOutcomes(out []byte, blocks []gathered) []byte {
	kind, run := byte(lineRecord), uint64(0)
	for _, b := range blocks {
		for _, l := range b.lines {
			if l>>printBits != kind {
				out = binary.AppendUvarint(out, run<<2|uint64(kind))
				kind, run = l>>printBits, 0
			}
			run++
		}
	}
	return binary.AppendUvarint(out, run<<2|uint64(kind))
}

// Prints is what is known of the lines of one source, for [FindOverlap].
type Prints struct {
	bytes    int64 // length of the content
	prints   []byte
	outcomes []byte
	cuts     []cut
	last     int64 // offset of the last line where that is a segment of its own
	partial  bool  // the last line lacks its line break
}

// NewPrints puts the prints of a source's segments together, which are in
// their order, as [End].Prints gave them. bytes is how long the content is.
func NewPrints(bytes int64, segments [][]byte) (*Prints, error) {
	p := &Prints{bytes: bytes}
	for _, s := range segments {
		if err := p.add(s); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// add reads what encodePrints wrote.
func (p *Prints) add(text []byte) error {
	number := func() int64 {
		n, size := binary.Uvarint(text)
		if size <= 0 || n > 1<<62 {
			text = nil
			return -1
		}
		text = text[size:]
		return int64(n)
	}
	offset, line, lines := number(), number(), number()
	if lines < 0 || len(text) == 0 || line != int64(len(p.prints)) || p.partial || lines > 2*int64(len(text)) {
		return errPrints
	}
	if line+lines > PrintLinesMax {
		return ErrManyLines
	}
	p.partial, p.last = text[0] == 1, offset
	text = text[1:]
	for end := line + lines; int64(len(p.outcomes)) < end; {
		n := number()
		kind, run := byte(n&outcomeMask), n>>2
		if n < 0 || run > end-int64(len(p.outcomes)) {
			return errPrints
		}
		p.outcomes = slices.Grow(p.outcomes, int(run))
		for range run {
			p.outcomes = append(p.outcomes, kind)
		}
		if run == 0 && len(text) == 0 {
			return errPrints
		}
	}
	at := cut{line, offset}
	for range max(number(), 0) {
		stepLines, stepBytes := number(), number()
		if stepLines < 0 || stepBytes < 0 {
			return errPrints
		}
		at = cut{at.line + stepLines, at.offset + stepBytes}
		p.cuts = append(p.cuts, at)
	}
	if int64(len(text)) != (lines+1)/2 {
		return errPrints
	}
	for i := range lines {
		p.prints = append(p.prints, text[i/2]>>(i%2*printBits)&(1<<printBits-1))
	}
	return nil
}

// Count tells how many lines of a stretch were rejected and ignored.
func (p *Prints) Count(s record.Stretch) (rejected, ignored int64) {
	lines := int64(len(p.outcomes))
	from := min(max(s.FromLine, 0), lines)
	for _, o := range p.outcomes[from:max(from, min(s.ToLine, lines))] {
		switch o {
		case lineRejected:
			rejected++
		case lineIgnored:
			ignored++
		}
	}
	return rejected, ignored
}

// around gives the places of two lines, known before and behind an offset: a
// line that begins at offset is the one or stands between them.
func (p *Prints) around(offset int64) (before, behind cut) {
	i := sort.Search(len(p.cuts), func(i int) bool { return p.cuts[i].offset > offset })
	behind = cut{int64(len(p.prints)), p.bytes}
	if i < len(p.cuts) {
		behind = p.cuts[i]
	}
	if i > 0 {
		before = p.cuts[i-1]
	}
	return before, behind
}

// between are the cuts behind the line from and not behind the line to.
func (p *Prints) between(from, to int64) []cut {
	i := sort.Search(len(p.cuts), func(i int) bool { return p.cuts[i].line > from })
	k := sort.Search(len(p.cuts), func(k int) bool { return p.cuts[k].line > to })
	return p.cuts[i:max(i, k)]
}
