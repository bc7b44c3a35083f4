package ingest

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// Reader hands out the exchanges and rejects of a segment. Each goroutine has
// its own; together they see every line exactly once.
type Reader struct {
	segment *Segment
	parsers []lineParser // by format, made when first needed
	fixed   bool         // the format was given: no other may read a line
	primary int

	block      *block
	rest       []byte // of the block
	next       int64  // offset of rest
	line       int64  // number of the line at rest
	dirty      bool   // the block has NUL bytes or invalid UTF-8
	colourless arena  // the line without them
	repaired   []byte // the line without them
	documents  documentReader
	wrapped    *unwrapper // nil where nothing stands around the lines
	clock      clock      // of what does
	more       manyParser // the parser of the last line, until it has no more of it
	moreText   []byte     // that line, its number and offset
	moreLine   int64
	moreOffset int64
	moreTime   []byte // of its wrapper
	tally      tally
	marks      marks
	err        error
}

// NewReader returns one more reader of the segment.
func (g *Segment) NewReader() *Reader {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readers++
	r := &Reader{segment: g, parsers: make([]lineParser, len(formats)), fixed: g.source.cfg.Format != "", clock: newClock(&g.source.cfg)}
	if outer := g.source.wrapped; outer != nil {
		r.wrapped = newUnwrapper(outer.layers)
	}
	for i := range formats {
		if &formats[i] == g.source.format {
			r.primary = i
		}
	}
	if g.source.format.document() && !g.claimed {
		g.claimed = true
		r.documents = g.source.format.entries(&g.source.cfg, g.source.limits, r.documentBytes())
	}
	return r
}

// Next puts the next exchange, or the next reject, into d and returns nil. It
// returns io.EOF when the segment has no more for this reader, or the error of
// the segment's context. All bytes of d are valid until the next call.
func (r *Reader) Next(d *record.Draft) error {
	for r.err == nil {
		reason, ok := r.step(d)
		if !ok {
			continue
		}
		if r.count(reason, d) {
			return nil
		}
	}
	return r.err
}

// step reads one line or entry; ok is false when there was none.
func (r *Reader) step(d *record.Draft) (reason record.Reason, ok bool) {
	g := r.segment
	if g.source.format.document() {
		if r.documents == nil {
			r.close(io.EOF)
			return "", false
		}
		d.Reset()
		reason, err := r.documents.next(d)
		if err != nil {
			if err == io.EOF { // what follows a broken place is hashed all the same
				_, err = io.Copy(io.Discard, r.documentBytes())
			}
			if err == nil {
				err = io.EOF
			}
			r.close(err)
			return "", false
		}
		d.Format = g.source.format.info.Name
		return reason, true
	}
	if r.more != nil {
		return r.another(d)
	}
	if len(r.rest) == 0 {
		r.fetch()
		return "", false
	}
	line := r.rest
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line, r.rest = line[:i], line[i+1:]
	} else {
		r.rest = nil
	}
	d.Reset()
	d.Line, d.Offset = r.line, r.next
	r.line++
	r.next += int64(len(line)) + 1
	r.marks.line(line, d.Line, r.next)
	if r.wrapped == nil {
		return r.read(line, d), true
	}
	reason = r.read(line, d)
	r.wrapped.settle(r.next, g.source.limits.lineBytes)
	return reason, true
}

// fetch takes the next block of the segment.
func (r *Reader) fetch() {
	g := r.segment
	if r.block != nil {
		g.source.giveBack(r.block)
		r.block = nil
	}
	var b *block
	select {
	case b = <-g.blocks:
	case <-g.ctx.Done():
		// A context that ends after the last block has been taken changes nothing.
		if b = <-g.blocks; b != nil {
			g.source.giveBack(b)
			r.close(g.ctx.Err())
			return
		}
	}
	if b == nil {
		<-g.done
		if g.aborted != nil {
			r.close(g.aborted)
			return
		}
		r.close(io.EOF)
		return
	}
	r.block, r.rest, r.next, r.line = b, b.data, b.offset, b.line
	r.marks.begin(b)
	r.dirty = bytes.IndexByte(b.data, 0) >= 0 || !utf8.Valid(b.data)
	if g.source.format.lookback != lookNowhere {
		r.lookBack(b.before)
	}
	if r.wrapped != nil {
		r.wrapped.begin(b.offset)
	}
}

// lookBack shows the parser what stood before the block, so that it knows what
// it would know had it read all content in order.
func (r *Reader) lookBack(before []byte) {
	p := r.parser(r.primary)
	if f, ok := p.(forgetter); ok {
		f.forget()
	}
	var d record.Draft
	for len(before) > 0 {
		line, rest, _ := bytes.Cut(before, lineBreak)
		before = rest
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if isBlank(line) || bytes.IndexByte(line, 0) >= 0 {
			continue
		}
		d.Reset()
		line = r.repair(line)
		if r.wrapped != nil {
			line = r.wrapped.peel(line).text
		}
		if len(line) > 0 {
			p.parse(line, &d)
		}
	}
}

// another hands out the next exchange of a line that has several.
func (r *Reader) another(d *record.Draft) (record.Reason, bool) {
	d.Reset()
	d.Line, d.Offset = r.moreLine, r.moreOffset
	d.Format = formats[r.primary].info.Name
	reason, ok := r.more.more(d)
	if !ok {
		r.more = nil
		return "", false
	}
	if reason != "" && !ignored(reason) {
		return r.reject(reason, r.moreText, d), true
	}
	r.date(r.moreTime, reason, d)
	return reason, true
}

// close ends the reader and adds its counts to the segment's.
func (r *Reader) close(err error) {
	r.err = err
	g := r.segment
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readers--
	g.tally.add(&r.tally)
	g.marked = r.marks.each(g.marked)
}

// read parses one line.
func (r *Reader) read(line []byte, d *record.Draft) record.Reason {
	if d.Offset == 0 {
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	if max := r.segment.source.limits.lineBytes; r.block.tooLong || len(line) > max {
		if r.wrapped != nil {
			r.wrapped.closeChains()
		}
		return r.reject(record.RejectTooLong, line[:min(len(line), max)], d)
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	raw := line
	if r.dirty {
		if bytes.IndexByte(line, 0) >= 0 {
			return r.reject(record.RejectBinary, raw, d)
		}
		line = r.repair(line)
	}
	if isBlank(line) {
		return record.IgnoreBlank
	}
	var reason record.Reason
	if r.wrapped != nil {
		reason, raw = r.inside(line, raw, d)
	} else {
		reason = r.parse(line, d)
	}
	if reason == "" || ignored(reason) {
		return reason
	}
	if r.block.partial && r.segment.source.format.lines != nil && (reason == record.RejectSyntax || reason == record.RejectJSON) {
		reason = record.RejectTruncated
	}
	return r.reject(reason, raw, d)
}

// parse asks the source's format first, then, where the line is not of it at
// all, the others: a JSON line may stand among text, and the other way round.
func (r *Reader) parse(line []byte, d *record.Draft) record.Reason {
	own := &formats[r.primary]
	reason := record.RejectSyntax
	if own.lines != nil {
		d.Format = own.info.Name
		p := r.parser(r.primary)
		r.moreText, r.moreLine, r.moreOffset = line, d.Line, d.Offset
		if reason = p.parse(line, d); reason != record.RejectSyntax {
			r.more, _ = p.(manyParser)
		}
	}
	switch {
	case reason != record.RejectSyntax || r.fixed && !own.loose:
		return reason
	case r.fixed:
		return record.IgnoreNoHTTP
	}
	for i := range formats {
		if i == r.primary || formats[i].stray == nil || !formats[i].stray(line) {
			continue
		}
		resetFields(d)
		d.Format = formats[i].info.Name
		p := r.parser(i)
		if f, ok := p.(forgetter); ok {
			f.forget() // it has not seen the lines between
		}
		other := p.parse(line, d)
		if own.loose && other != "" && !ignored(other) {
			continue // such as a line of a body that was printed over several
		}
		// What is a comment to another format is none in this one.
		if other != record.RejectSyntax && other != record.IgnoreComment {
			return other
		}
	}
	if bytes.IndexByte(line, escapeByte) >= 0 { // some programs colour their errors only
		resetFields(d)
		r.colourless.reset()
		text := r.colourless.plain(line)
		if isBlank(text) {
			return record.IgnoreBlank
		}
		return r.parse(text, d)
	}
	if own.loose || own.mixed && r.isLogged(line) || own.lines != nil && isProgramLine(line) {
		return record.IgnoreNoHTTP
	}
	return record.RejectSyntax
}

func (r *Reader) parser(i int) lineParser {
	if r.parsers[i] == nil {
		r.parsers[i] = formats[i].lines(&r.segment.source.cfg)
	}
	return r.parsers[i]
}

// resetFields empties all but the place of the line.
func resetFields(d *record.Draft) {
	line, offset := d.Line, d.Offset
	d.Reset()
	d.Line, d.Offset = line, offset
}

// clearFields empties all but the place and the format.
func clearFields(d *record.Draft) {
	format := d.Format
	resetFields(d)
	d.Format = format
}

// repair returns the line with every invalid byte run as U+FFFD: the store
// refuses anything else.
func (r *Reader) repair(line []byte) []byte {
	if utf8.Valid(line) {
		return line
	}
	r.repaired = append(r.repaired[:0], bytes.ToValidUTF8(line, []byte("\uFFFD"))...)
	return r.repaired
}
