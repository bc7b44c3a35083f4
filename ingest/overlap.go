package ingest

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/errscope/errscope/record"
)

const (
	// overlapLinesMin is how many lines two sources must share, where it is not
	// all of one of them, and overlapPrintsMin how many different prints these
	// must have: a few alike lines are chance.
	overlapLinesMin  = 4
	overlapPrintsMin = 2
	// The same where no time tells one call from the next one like it.
	overlapUntimedLinesMin  = 32
	overlapUntimedPrintsMin = 8
	// overlapTriesMax bounds the lines that the first shared one is looked for
	// among.
	overlapTriesMax = 1024
)

// Overlap is a run of lines that two sources have in common. It reaches to an
// end of one of them on either side: what has the same middle only is not the
// same log.
type Overlap struct {
	// A and B are the run as it lies in either source.
	A, B record.Stretch
	// CutA and CutB are lines beside the run that may be pieces only: the first
	// of a source where the other begins before, and a last one without its line
	// break where the other goes on. The other source has the whole of it.
	CutA, CutB []record.Stretch
}

// FindOverlap holds two sources against each other where the byte at offset
// bytesAhead of a is the first of b, or the other way round where it is
// negative. timed says that the log tells times. The answer is false unless
// all lines that would have to agree do so.
func FindOverlap(a, b *Prints, bytesAhead int64, timed bool) (Overlap, bool) {
	if bytesAhead < 0 {
		o, ok := FindOverlap(b, a, -bytesAhead, timed)
		return Overlap{A: o.B, B: o.A, CutA: o.CutB, CutB: o.CutA}, ok
	}
	tries := a.near(bytesAhead)
	for _, as := range []agreement{{outcomes: true}, {outcomes: true, pieces: true}, {pieces: true}} {
		for _, line := range tries {
			if o, ok := overlapAt(a, b, bytesAhead, line, as, timed); ok {
				return o, true
			}
		}
	}
	return Overlap{}, false
}

// agreement says what is asked of lines besides that they are the same. Less
// is asked where nothing is found with more.
type agreement struct {
	outcomes bool // the same became of them
	pieces   bool // a piece of a line at an end of a source may differ
}

// near gives the lines of which one may begin at offset, the likeliest first.
func (p *Prints) near(offset int64) []int64 {
	before, behind := p.around(offset)
	from, to, guess := before.line, behind.line, before.line
	if length := behind.offset - before.offset; length > 0 {
		guess += int64(float64(behind.line-before.line) * float64(offset-before.offset) / float64(length))
	}
	from, to = max(from, guess-overlapTriesMax), min(to, guess+overlapTriesMax)
	if before.offset == offset {
		to = min(to, from+1)
	}
	lines := make([]int64, 0, max(to-from, 0))
	for line := from; line < to; line++ {
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(x, y int64) int { return cmp.Compare(max(x-guess, guess-x), max(y-guess, guess-y)) })
	return lines
}

// overlapAt is FindOverlap where line ahead of a is the first of b.
func overlapAt(a, b *Prints, bytesAhead, ahead int64, as agreement, timed bool) (Overlap, bool) {
	linesA, linesB := int64(len(a.prints))-ahead, int64(len(b.prints))
	endA, endB := a.bytes-bytesAhead, b.bytes
	if endA < endB && linesA > linesB || endA > endB && linesB > linesA {
		return Overlap{}, false
	}
	from, to := int64(0), min(linesA, linesB)
	if to <= 0 {
		return Overlap{}, false
	}
	alike := func(line int64) bool {
		return a.prints[ahead+line] == b.prints[line] && a.outcomes[ahead+line] == b.outcomes[line]
	}
	var o Overlap
	sure, sureTo := int64(0), to // the lines that must agree
	if bytesAhead > 0 {
		from = 1
		o.CutB = append(o.CutB, record.Stretch{ToOffset: 1, ToLine: 1})
		if as.pieces && !alike(0) {
			// A piece of a line may be a record, too, but seldom is.
			if b.outcomes[0] == lineRecord && to <= overlapLinesMin {
				return Overlap{}, false
			}
			sure = 1
		}
	}
	endB = min(endA, endB)
	switch {
	case a.partial && endA < b.bytes && to == linesA:
		o.CutA = append(o.CutA, record.Stretch{FromOffset: a.last, ToOffset: a.bytes, FromLine: ahead + to - 1, ToLine: ahead + to})
		endB = a.last - bytesAhead
		to--
	case b.partial && b.bytes < endA && to == linesB && to > from:
		o.CutB = append(o.CutB, record.Stretch{FromOffset: b.last, ToOffset: b.bytes, FromLine: to - 1, ToLine: to})
		endB = b.last
		to--
	}
	if to < sureTo && as.pieces && !alike(to) {
		sureTo = to
	}
	if sure >= sureTo ||
		!sameCuts(a.between(ahead+sure, ahead+sureTo), b.between(sure, sureTo), bytesAhead, ahead) ||
		!bytes.Equal(a.prints[ahead+sure:ahead+sureTo], b.prints[sure:sureTo]) ||
		as.outcomes && !bytes.Equal(a.outcomes[ahead+sure:ahead+sureTo], b.outcomes[sure:sureTo]) {
		return Overlap{}, false
	}
	whole := max(from, to) == linesB || ahead == 0 && max(from, to) == linesA || len(o.CutB) == 2 || len(o.CutA) > 0 && ahead == 0
	if !enough(b.prints[sure:sureTo], whole, timed) {
		return Overlap{}, false
	}
	o.B = record.Stretch{FromOffset: from, ToOffset: max(from, endB), FromLine: from, ToLine: max(from, to)}
	o.A = o.B.Shift(bytesAhead, ahead)
	return o, true
}

// sameCuts says that the cuts of a lie where those of b do.
func sameCuts(a, b []cut, bytesAhead, ahead int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].line-ahead != b[i].line || a[i].offset-bytesAhead != b[i].offset {
			return false
		}
	}
	return true
}

// enough says that so many lines cannot agree by chance. whole says that they
// are all of a source.
func enough(prints []byte, whole, timed bool) bool {
	seen := [1 << printBits]bool{}
	different := 0
	for _, p := range prints {
		if !seen[p] {
			seen[p] = true
			different++
		}
	}
	if !timed {
		return len(prints) >= overlapUntimedLinesMin && different >= overlapUntimedPrintsMin
	}
	return whole && len(prints) > 0 || len(prints) >= overlapLinesMin && different >= overlapPrintsMin
}
