package ingest

import (
	"errors"
	"fmt"
	"io"
)

// Limits of what decompressed data may grow to. Logs shrink to a tenth, very
// even ones to a hundredth.
const (
	bombRatioMax = 200     // of decompressed bytes to compressed ones …
	bombBytes    = 4 << 30 // … once so many have come
	// expandedBytesMax bounds what one input may expand to at all.
	expandedBytesMax = 1 << 42
)

// budget says how much may come out of one input, all members together.
type budget struct {
	freeBytes int64        // that are never too many
	in        func() int64 // compressed bytes that were read, or that there are
	out       int64
}

// bounded stops a decoder that gives more than its budget.
type bounded struct {
	r      io.Reader
	budget *budget
	out    int64
	member bool // of an archive, whose header says how long it is
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.member && errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrTruncated
	}
	b.out += int64(n)
	b.budget.out += int64(n)
	if total := b.budget.out; total > b.budget.freeBytes && (total > expandedBytesMax || total/bombRatioMax > b.budget.in()) {
		return n, fmt.Errorf("%w: more than %d bytes", ErrBomb, total)
	}
	return n, err
}

// refund takes back what is about to be read again.
func (b *bounded) refund() {
	b.budget.out -= b.out
	b.out = 0
}
