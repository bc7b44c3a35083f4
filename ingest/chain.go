package ingest

import "bytes"

// chain is a text that a container runtime cut into parts, a line each.
type chain struct {
	text         []byte
	line, offset int64 // of the first part
	open         bool
}

func (c *chain) add(part []byte, line, offset int64) {
	if !c.open {
		*c = chain{text: c.text[:0], line: line, offset: offset, open: true}
	}
	c.text = append(c.text, part...)
}

// settle ends the work on a line that ends at offset end. Chains that hold up
// more than max bytes of content are given up, so that blocks can end.
func (u *unwrapper) settle(end int64, max int) {
	if u.chains[0].open || u.chains[1].open {
		if end-u.quiet <= int64(max) {
			return
		}
		u.closeChains()
	}
	u.quiet = end
}

func (u *unwrapper) closeChains() { u.chains[0].open, u.chains[1].open = false, false }

// begin makes the unwrapper forget what it has seen: the next line stands at
// offset, and no line before it goes on.
func (u *unwrapper) begin(offset int64) {
	u.closeChains()
	u.quiet = offset
}

// follow does for a line what a reader does with it, as far as chains go. It
// ends at offset end, its line break included.
func (u *unwrapper) follow(line []byte, end int64, max int) {
	if end == int64(len(line))+1 {
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	switch {
	case len(line) > max:
		u.closeChains()
	case bytes.IndexByte(line, 0) < 0:
		if p := u.peel(bytes.TrimSuffix(line, []byte{'\r'})); p.wrapped {
			u.chains[p.stream].open = p.partial
		}
	}
	u.settle(end, max)
}

// wholeChains is how much of data, whole lines that begin at offset where no
// chain is open, can be cut off without cutting a chain.
func (u *unwrapper) wholeChains(data []byte, offset int64, max int) int {
	u.begin(offset)
	end := offset
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\n')
		end += int64(i) + 1
		u.follow(data[:i], end, max)
		data = data[i+1:]
	}
	return int(u.quiet - offset)
}
