package ingest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
)

// Known is a content, or the beginning of one, that a ledger has already.
type Known struct {
	// Bytes is its length, SHA256 the hash of these bytes: [End.Position] of
	// the last segment that was loaded.
	Bytes  int64
	SHA256 [32]byte
}

// Match finds the longest known beginning of this content and returns its
// index, or -1 where none is one. A log that grew, was renamed or was
// compressed is so found again. Match must come before [Source.NextSegment],
// and reads the content up to the longest known length; a pipe is kept until
// then (see [Source.Position] for where the source stands afterwards).
//
// Where the known part ended with a line that lacked its line break and the
// content went on, the source stands before that line: Position().Offset is
// then less than known[index].Bytes, and a store must undo all rows, rejects
// and segments of the source from that offset on, in the transaction that
// loads the next segment. The line, which may have been half written, is then
// neither lost nor doubled. It is a segment of its own: see [End.Partial].
//
// A document, such as a HAR file, matches only as a whole.
func (s *Source) Match(ctx context.Context, known []Known) (index int, err error) {
	w := walker{s: s, ctx: ctx}
	if index, err = w.search(known); err != nil {
		return -1, fmt.Errorf("reading %s: %w", s.path, err)
	}
	if index < 0 {
		err = w.goTo(0)
	} else {
		err = w.resume(known[index].Bytes)
	}
	if err != nil {
		return -1, fmt.Errorf("reading %s again: %w", s.path, err)
	}
	return index, nil
}

// walker moves a source through its content without handing anything out.
type walker struct {
	s         *Source
	ctx       context.Context
	buf       []byte
	lastByte  byte   // before the place where the source stands
	lineStart int64  // offset behind the last line break before it
	part      []byte // of the line that it stands in, where lines continue each other
}

// search hashes up to each known length and returns the index of the longest
// that agrees.
func (w *walker) search(known []Known) (int, error) {
	order := make([]int, 0, len(known))
	for i, k := range known {
		if k.Bytes > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case known[a].Bytes < known[b].Bytes:
			return -1
		case known[a].Bytes > known[b].Bytes:
			return 1
		}
		return 0
	})
	best := -1
	for _, i := range order {
		if err := w.advance(known[i].Bytes); err != nil {
			return -1, err
		}
		if w.s.offset < known[i].Bytes {
			break
		}
		if w.s.Position().SHA256 != known[i].SHA256 {
			continue
		}
		if w.s.format.document() && !w.atEnd() {
			continue
		}
		best = i
	}
	return best, nil
}

// goTo stands the source at offset.
func (w *walker) goTo(offset int64) error {
	if w.s.offset == offset {
		return nil
	}
	if w.s.offset > offset {
		if err := w.s.raw.rewind(); err != nil {
			return err
		}
		if err := w.s.start(); err != nil {
			return err
		}
		w.lastByte, w.lineStart, w.part = 0, 0, w.part[:0]
		if w.s.wrapped != nil {
			w.s.wrapped.begin(0)
		}
	}
	return w.advance(offset)
}

// advance reads forward to offset or to the end of the content.
func (w *walker) advance(offset int64) error {
	if w.buf == nil && offset > w.s.offset {
		w.buf = make([]byte, drainBytes)
	}
	for w.s.offset < offset && w.s.spent == nil {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		want := min(int64(len(w.buf)), offset-w.s.offset)
		n := w.s.fill(w.buf[:want], 0)
		if n == 0 {
			break
		}
		if i := bytes.LastIndexByte(w.buf[:n], '\n'); i >= 0 {
			w.lineStart = w.s.offset + int64(i) + 1
		}
		w.lastByte = w.buf[n-1]
		w.follow(w.buf[:n])
		w.s.account(w.buf[:n])
	}
	return nil
}

// resume stands the source behind the known bytes, see [Source.Match].
func (w *walker) resume(bytesKnown int64) error {
	if err := w.goTo(bytesKnown); err != nil {
		return err
	}
	s := w.s
	start := w.lineStart
	if s.wrapped.joins() {
		start = s.wrapped.quiet // before the parts of a text whose last one had not come
	}
	if s.format.document() || start == s.offset {
		return nil
	}
	if !s.follow && w.atEnd() {
		if w.lastByte != '\n' {
			s.lines++ // the unterminated line was counted when it was loaded
		}
		return nil
	}
	return w.goTo(start)
}

// follow notes which texts are open behind data, which stands before s.offset.
func (w *walker) follow(data []byte) {
	s := w.s
	if !s.wrapped.joins() {
		return
	}
	offset := s.offset
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			room := max(0, s.limits.lineBytes+1-len(w.part))
			w.part = append(w.part, data[:min(len(data), room)]...)
			return
		}
		line := data[:i]
		if len(w.part) > 0 {
			room := max(0, s.limits.lineBytes+1-len(w.part))
			line = append(w.part, line[:min(i, room)]...)
		}
		offset += int64(i) + 1
		s.wrapped.follow(line, offset, s.limits.lineBytes)
		data, w.part = data[i+1:], w.part[:0]
	}
}

// atEnd reports whether the content has ended, and keeps what it read to find
// out.
func (w *walker) atEnd() bool {
	s := w.s
	if s.spent != nil {
		return true
	}
	var one [1]byte
	if s.fill(one[:], 0) == 0 {
		return true
	}
	s.content = io.MultiReader(bytes.NewReader(one[:]), s.content)
	return false
}
