package store

import (
	"slices"
	"sync"
)

const (
	// spoolBytesMax bounds the full rows that wait in memory while brief ones
	// are stored. Each worker may be over it by the page that it is filling. It
	// holds a DuckDB row group for each of two workers, of rows as access logs
	// have them: that many need no second copy, see spool.shares.
	spoolBytesMax = 88 << 20
	// pageBytes is when a page of rows goes to the spool.
	pageBytes = 1 << 20
	// pageRoom is how much longer a page is made, for the last row of it. It
	// costs nothing where it is not used.
	pageRoom = 128 << 10
	// mergeRows is from how many rows on DuckDB moves what one thread inserted
	// into the table as it is. It copies fewer, and at the commit once more. It is
	// a row group. A small one beside others has the next checkpoint write them all
	// anew.
	mergeRows = 122_880
)

// page is a piece of memory with packed rows, see rowWriter.
type page struct {
	packed []byte
	rows   int
}

// spool holds the full rows that are met while brief ones are stored: one
// INSERT fills one table only. Packed, they take a fraction of what DuckDB's
// vectors of 48 columns would.
type spool struct {
	mu    sync.Mutex
	pages []page
	bytes int
	rows  int
	free  [][]byte // memory of pages that were read
}

// add takes a page over.
func (s *spool) add(p page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = append(s.pages, p)
	s.bytes += len(p.packed)
	s.rows += p.rows
}

// full says that no page more should be added: there is no room, or there is a
// row group for each worker.
func (s *spool) full(workers int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes >= spoolBytesMax || s.rows >= max(workers, 1)*mergeRows
}

// take gives a page away.
func (s *spool) take() (page, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.pages) - 1
	if n < 0 {
		return page{}, false
	}
	p := s.pages[n]
	s.pages = s.pages[:n]
	s.bytes -= len(p.packed)
	s.rows -= p.rows
	return p, true
}

// memory is an empty page's.
func (s *spool) memory() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.free) - 1
	if n < 0 {
		return make([]byte, 0, pageBytes+pageRoom)
	}
	packed := s.free[n]
	s.free = s.free[:n]
	return packed
}

// giveBack keeps the memory of a page that was read, unless it grew for large
// bodies.
func (s *spool) giveBack(packed []byte) {
	if cap(packed) > pageBytes+pageRoom {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, packed[:0])
}

// pagesKept is how many pages the next source finds.
const pagesKept = 4

// shrink lets go of what only a large source needs.
func (s *spool) shrink() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) > pagesKept {
		s.free = slices.Clone(s.free[:pagesKept])
	}
}

// len is the number of rows.
func (s *spool) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows
}

// empty forgets the rows, for the next segment.
func (s *spool) empty() {
	for {
		p, ok := s.take()
		if !ok {
			return
		}
		s.giveBack(p.packed)
	}
}

// share is what one thread takes of the spool at once.
type share []page

// shares takes the pages out of the spool and divides them among the threads of
// a pass: a row group each. What is left over waits for more rows, or, with last,
// goes to one of them. Fewer rows than that are shared out page by page.
func (s *spool) shares(last bool) []share {
	groups := s.len() / mergeRows
	var list []share
	for len(list) < groups {
		list = append(list, s.takeRows(mergeRows))
	}
	if groups > 0 && !last {
		return list
	}
	for {
		p, ok := s.take()
		switch {
		case !ok:
			return list
		case groups > 0:
			list[0] = append(list[0], p)
		default:
			list = append(list, share{p})
		}
	}
}

// takeRows takes exactly so many rows, which must be there.
func (s *spool) takeRows(rows int) share {
	var taken share
	for rows > 0 {
		p, ok := s.take()
		if !ok {
			break
		}
		if p.rows > rows {
			end := len(p.packed)
			rest := p.packed
			for range rows {
				rest = skipRow(rest)
			}
			s.add(page{append(s.memory(), rest...), p.rows - rows})
			p = page{p.packed[:end-len(rest)], rows}
		}
		taken = append(taken, p)
		rows -= p.rows
	}
	return taken
}
