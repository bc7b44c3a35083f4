package ingest

import (
	"context"
	"io"
	"time"
)

// Sizes and times of input that comes bit by bit.
const (
	feedBytes  = 128 << 10 // what is read at once
	feedChunks = 8         // read ahead of who wants them
	// readsEmptyMax bounds reads in a row that give neither bytes nor an error.
	readsEmptyMax = 100
	// sampleIdle is how long detection waits for more once it has a line.
	sampleIdle = 100 * time.Millisecond
	// liveInterval is how long a segment of a pipe gathers lines at most.
	liveInterval = time.Second
)

// feed reads on a goroutine of its own, so that decompression runs beside
// parsing, and so that whoever wants bytes of a pipe can see whether there are
// any and need not wait for them.
type feed struct {
	ctx    context.Context
	cancel context.CancelFunc
	chunks chan []byte // closed at the end
	free   chan []byte
	err    error // what the reader ended with; set before chunks is closed

	chunk []byte // being handed out
	rest  []byte // of chunk
	ended bool
}

func newFeed(ctx context.Context, r io.Reader) *feed {
	f := &feed{chunks: make(chan []byte, feedChunks), free: make(chan []byte, feedChunks)}
	f.ctx, f.cancel = context.WithCancel(ctx)
	go f.run(r)
	return f
}

func (f *feed) run(r io.Reader) {
	defer close(f.chunks)
	empty := 0
	for {
		var chunk []byte
		select {
		case chunk = <-f.free:
			chunk = chunk[:feedBytes]
		default:
			chunk = make([]byte, feedBytes)
		}
		n, err := r.Read(chunk)
		if n > 0 {
			empty = 0
			select {
			case f.chunks <- chunk[:n]:
			case <-f.ctx.Done():
				f.err = f.ctx.Err()
				return
			}
		}
		if empty++; err == nil && empty > readsEmptyMax {
			err = io.ErrNoProgress
		}
		if err != nil {
			f.err = err
			return
		}
	}
}

// Read implements io.Reader. It ends with the feed's context.
func (f *feed) Read(p []byte) (int, error) {
	if len(f.rest) == 0 && !f.ended {
		select {
		case c, ok := <-f.chunks:
			f.take(c, ok)
		case <-f.ctx.Done():
			select { // what has come is still handed out
			case c, ok := <-f.chunks:
				f.take(c, ok)
			default:
				return 0, f.ctx.Err()
			}
		}
	}
	if len(f.rest) == 0 {
		return 0, f.err
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func (f *feed) take(chunk []byte, ok bool) {
	if f.chunk != nil {
		select {
		case f.free <- f.chunk:
		default:
		}
	}
	f.chunk, f.rest, f.ended = chunk, chunk, !ok
}

// await reports whether Read has something to say, bytes or an end, within a time.
func (f *feed) await(patience time.Duration) bool {
	if len(f.rest) > 0 || f.ended || f.ctx.Err() != nil {
		return true
	}
	select {
	case c, ok := <-f.chunks:
		f.take(c, ok)
		return true
	default:
	}
	if patience <= 0 {
		return false
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case c, ok := <-f.chunks:
		f.take(c, ok)
	case <-f.ctx.Done():
	case <-timer.C:
		return false
	}
	return true
}

// end stops the goroutine and waits for it. What it reads from must not block
// for ever.
func (f *feed) end() {
	f.cancel()
	for range f.chunks {
	}
}
