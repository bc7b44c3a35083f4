package ingest

import (
	"bytes"
	"io"

	"github.com/errscope/errscope/record"
)

// block is a piece of content that one reader works on: whole lines, or any
// piece of a document.
type block struct {
	buf     []byte // the memory, recycled
	data    []byte
	offset  int64  // of data in the decompressed content
	line    int64  // number of the first line, from 1
	partial bool   // at the end of the content: one line that lacks its line break, or a text that lacks its last part
	tooLong bool   // the head of one line that is longer than the limit
	before  []byte // what the format has to know of the content before
}

func (s *Source) takeBlock() *block {
	select {
	case b := <-s.free:
		return b
	default:
		return &block{buf: make([]byte, s.limits.blockBytes)}
	}
}

// giveBack recycles a block; one that grew for a long line is left to the
// garbage collector.
func (s *Source) giveBack(b *block) {
	if len(b.buf) > s.limits.blockBytes {
		return
	}
	select {
	case s.free <- b:
	default:
	}
}

// nextBlock reads on to the next block and counts and hashes it. It returns
// nil at the end of the content; s.spent then says how it ended. before is
// where the source stood until then.
func (s *Source) nextBlock() (b *block, before Position) {
	b = s.takeBlock()
	if s.skipping && !s.skipOn(b.buf) {
		s.giveBack(b)
		return nil, s.Position()
	}
	if len(s.carry) >= len(b.buf) {
		b.buf = make([]byte, max(min(2*len(s.carry), s.limits.lineBytes+1), len(s.carry)+1))
	}
	n := copy(b.buf, s.carry)
	s.carry = s.carry[:0]
	for {
		n = s.fill(b.buf, n)
		cut, whole := n, 0 // whole lines end at whole
		if !s.format.document() {
			whole = bytes.LastIndexByte(b.buf[:n], '\n') + 1
			cut = s.chainsEnd(b.buf[:whole], n)
		}
		switch {
		case cut > 0:
			s.carry = append(s.carry, b.buf[cut:n]...)
			return s.finishBlock(b, b.buf[:cut], false)
		case n == 0:
			s.giveBack(b)
			return nil, s.Position()
		case n-whole > s.limits.lineBytes:
			return s.skipLine(b, n)
		case s.paused && !s.follow && s.deadline.IsZero():
			s.ahead.await(forever) // for the rest of a text of several lines
			continue
		case s.paused: // the line is not whole yet
			s.carry = append(s.carry, b.buf[:n]...)
			s.giveBack(b)
			return nil, s.Position()
		case s.spent != nil:
			return s.finishBlock(b, b.buf[:n], true)
		}
		grown := make([]byte, min(2*len(b.buf), whole+s.limits.lineBytes+1))
		copy(grown, b.buf[:n])
		b.buf = grown
	}
}

// chainsEnd is where a block can end: behind its whole lines, but before a text
// of several lines of which not all are there yet. Of more than a line may be
// long, and of one that stands before a line that is too long, nothing more is
// awaited.
func (s *Source) chainsEnd(data []byte, n int) int {
	if !s.wrapped.joins() || n-len(data) > s.limits.lineBytes {
		return len(data)
	}
	return s.wrapped.wholeChains(data, s.offset, s.limits.lineBytes)
}

// fill reads until the buffer is full, the content has ended, or nothing more
// is there for now.
func (s *Source) fill(buf []byte, n int) int {
	for s.paused = false; n < len(buf) && s.spent == nil; {
		if s.idle(buf[:n]) {
			s.paused = true
			break
		}
		m, err := s.content.Read(buf[n:])
		n += m
		switch {
		case err == io.EOF && s.grows():
			s.paused = true
			return n
		case err != nil:
			s.spent = s.ending(err)
		}
	}
	return n
}

func (s *Source) finishBlock(b *block, data []byte, partial bool) (*block, Position) {
	var before Position
	if partial {
		before = s.Position()
	}
	b.data, b.offset, b.line, b.partial, b.tooLong = data, s.offset, s.lines+1, partial, false
	b.before = s.trail.lines(b.before[:0])
	s.account(data)
	if partial && data[len(data)-1] != '\n' {
		s.lines++
	}
	return b, before
}

// account moves the source past data.
func (s *Source) account(data []byte) {
	s.hash.Write(data)
	s.trail.pass(data)
	if s.follow {
		s.mark.pass(data)
	}
	s.offset += int64(len(data))
	if !s.format.document() {
		s.lines += int64(bytes.Count(data, lineBreak))
	}
}

var lineBreak = []byte{'\n'}

// skipLine keeps the head of a line that is too long and passes by the rest.
func (s *Source) skipLine(b *block, n int) (*block, Position) {
	before := s.Position()
	*b = block{buf: b.buf, offset: s.offset, line: s.lines + 1, tooLong: true,
		data: bytes.Clone(b.buf[:min(n, record.RawBytesMax)])}
	s.account(b.buf[:n])
	for {
		n = s.fill(b.buf, 0)
		if n == 0 {
			b.partial, s.skipping = !s.paused, s.paused
			s.lines++
			return b, before
		}
		if cut := bytes.IndexByte(b.buf[:n], '\n') + 1; cut > 0 {
			s.account(b.buf[:cut])
			s.carry = append(s.carry, b.buf[cut:n]...)
			return b, before
		}
		s.account(b.buf[:n])
	}
}

// skipOn passes by more of a line that is too long; true says that its end has
// come by.
func (s *Source) skipOn(buf []byte) bool {
	for {
		n := copy(buf, s.carry)
		s.carry = s.carry[:copy(s.carry, s.carry[n:])]
		n = s.fill(buf, n)
		if n == 0 {
			s.skipping = s.paused
			return !s.paused
		}
		cut := bytes.IndexByte(buf[:n], '\n') + 1
		if cut == 0 {
			s.account(buf[:n])
			continue
		}
		s.account(buf[:cut])
		s.lines-- // it was counted where it began
		s.carry = append(bytes.Clone(buf[cut:n]), s.carry...)
		s.skipping = false
		return true
	}
}

// drained reports whether nothing is left to read.
func (s *Source) drained() bool {
	return (s.spent != nil || s.follow && s.paused && !s.skipping) && len(s.carry) == 0 && s.held == nil
}

// failure is what the content ended with, nil where it is sound.
func (s *Source) failure() error {
	if s.spent == io.EOF {
		return nil
	}
	return s.spent
}
