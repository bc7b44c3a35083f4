package ingest

import "bytes"

// lookback says how a format's lines depend on those before them.
type lookback uint8

const (
	lookNowhere    lookback = iota // each line stands for itself
	lookDirectives                 // lines that begin with "#" say what the columns are
	lookLines                      // an exchange may be spread over neighbouring lines
)

// Limits of a trail.
const (
	trailBytes     = 64 << 10 // of lines, or of one directive
	directivesMax  = 64
	directiveNames = ":\t "
)

// trail keeps of the content that a source has passed what the lines behind it
// need. Every block gets it, so a block reads the same on whichever goroutine,
// and in whichever run, it is read.
type trail struct {
	kind       lookback
	kept       []byte   // lookLines: the end of the content
	cut        bool     // kept begins inside a line
	directives [][]byte // lookDirectives: the latest of each name, with line break
	part       []byte   // of a directive whose end has not come by
	inLine     bool     // the content passed ends inside a line
	wrapped    *unwrapper
}

// pass moves over content, of which lines may be cut at any place.
func (t *trail) pass(data []byte) {
	switch {
	case t.kind == lookLines:
		t.keep(data)
	case t.kind == lookDirectives && t.wrapped != nil:
		t.directInside(data)
	case t.kind == lookDirectives && len(data) > 0:
		t.direct(data)
	}
}

func (t *trail) keep(data []byte) {
	if over := len(t.kept) + len(data) - trailBytes; over > 0 {
		t.cut = true
		if over >= len(t.kept) {
			t.kept = t.kept[:0]
			data = data[len(data)-min(len(data), trailBytes):]
		} else {
			t.kept = t.kept[:copy(t.kept, t.kept[over:])]
		}
	}
	t.kept = append(t.kept, data...)
}

func (t *trail) direct(data []byte) {
	if t.inLine {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			t.grow(data)
			return
		}
		t.grow(data[:end+1])
		t.note(t.part)
		t.part, data = t.part[:0], data[end+1:]
	}
	t.inLine = len(data) > 0 && data[len(data)-1] != '\n'
	for len(data) > 0 {
		if data[0] != '#' {
			next := bytes.Index(data, []byte("\n#"))
			if next < 0 {
				return
			}
			data = data[next+1:]
		}
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			t.part = append(t.part[:0], data[:min(len(data), trailBytes)]...)
			return
		}
		t.note(data[:end+1])
		data = data[end+1:]
	}
}

// directInside looks for directives inside wrapped lines. They are kept without
// their wrappers.
func (t *trail) directInside(data []byte) {
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			if len(t.part)+len(data) <= trailBytes {
				t.part = append(t.part, data...)
			}
			return
		}
		line := data[:end]
		if data = data[end+1:]; len(t.part) > 0 {
			t.part = append(t.part, line[:min(len(line), trailBytes)]...)
			line = t.part
		}
		if bytes.IndexByte(line, '#') >= 0 {
			if text := t.wrapped.peel(bytes.TrimSuffix(line, []byte{'\r'})).text; len(text) > 0 && text[0] == '#' {
				t.note(append(bytes.Clone(text), '\n'))
			}
		}
		t.part = t.part[:0]
	}
}

// grow adds to a directive whose beginning was kept.
func (t *trail) grow(more []byte) {
	if len(t.part) > 0 && len(t.part)+len(more) <= trailBytes {
		t.part = append(t.part, more...)
	}
}

// note keeps a directive in the place of an older one of its name.
func (t *trail) note(line []byte) {
	if len(line) == 0 || len(line) > trailBytes || line[len(line)-1] != '\n' {
		return
	}
	name := directiveName(line)
	for i, old := range t.directives {
		if bytes.Equal(directiveName(old), name) {
			// What came between may depend on the order: the newest stands last.
			t.directives = append(t.directives[:i], t.directives[i+1:]...)
			break
		}
	}
	if len(t.directives) < directivesMax {
		t.directives = append(t.directives, bytes.Clone(line))
	}
}

func directiveName(line []byte) []byte {
	if i := bytes.IndexAny(line, directiveNames); i >= 0 {
		return line[:i]
	}
	return line
}

// lines appends to dst the whole lines that a parser should have seen.
func (t *trail) lines(dst []byte) []byte {
	switch t.kind {
	case lookLines:
		kept := t.kept
		if t.cut {
			kept = kept[bytes.IndexByte(kept, '\n')+1:]
		}
		return append(dst, kept...)
	case lookDirectives:
		for _, line := range t.directives {
			dst = append(dst, line...)
		}
	}
	return dst
}
