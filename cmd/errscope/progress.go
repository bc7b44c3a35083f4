package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/errscope/errscope/ingest"
)

// progress is how far an ingest has come. Counters are written by workers and
// read by whoever draws.
type progress struct {
	totalBytes int64 // as far as known; compressed input counts as it lies on disk
	records    atomic.Int64
	rejected   atomic.Int64
	started    time.Time

	mu      sync.Mutex
	before  int64 // bytes of the sources that are done
	current *ingest.Source
}

// newProgress knows the sizes of the inputs as they lie on disk.
func newProgress(inputs []ingest.Input) *progress {
	p := &progress{started: time.Now()}
	for _, in := range inputs {
		p.totalBytes += in.Size
	}
	return p
}

// watch counts the bytes of src as read until the returned function is called.
func (p *progress) watch(src *ingest.Source) (stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current = src
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		read, _ := src.Progress()
		p.before += read
		p.current = nil
	}
}

// add counts bytes of a source that is not watched.
func (p *progress) add(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before += n
}

// doneBytes is how much was read of what lies on disk.
func (p *progress) doneBytes() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current == nil {
		return p.before
	}
	read, _ := p.current.Progress()
	return p.before + read
}

// progressInterval is how often the line on stderr is drawn anew.
const progressInterval = 200 * time.Millisecond

// meter draws progress on one line of a terminal until stopped.
type meter struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
	w      io.Writer // nil where nobody looks
	mu     sync.Mutex
}

// wipeLine puts the cursor at the beginning of an empty line.
const wipeLine = "\r\x1b[K"

// startMeter draws p on w until the meter is stopped; nothing is drawn where
// nobody looks.
func startMeter(ctx context.Context, w io.Writer, p *progress) *meter {
	ctx, cancel := context.WithCancel(ctx)
	m := &meter{cancel: cancel}
	if !isTerminal(w) {
		return m
	}
	m.w = w
	m.done.Add(1)
	go func() {
		defer m.done.Done()
		tick := time.NewTicker(progressInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				m.draw("")
				return
			case <-tick.C:
				m.draw(p.line(time.Now()))
			}
		}
	}()
	return m
}

func (m *meter) draw(line string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	// A terminal that is gone is nothing to stop for.
	_, _ = io.WriteString(m.w, wipeLine+line)
}

// pause wipes the line while something else is written to the terminal.
func (m *meter) pause(write func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.w != nil {
		_, _ = io.WriteString(m.w, wipeLine)
	}
	write()
}

// stop wipes the line and waits until nothing more is drawn.
func (m *meter) stop() {
	m.cancel()
	m.done.Wait()
}

// line says bytes, rate and time left, in less than 79 columns.
func (p *progress) line(now time.Time) string {
	done, total := p.doneBytes(), p.totalBytes
	elapsed := now.Sub(p.started).Seconds()
	parts := []string{fmt.Sprintf("%s of %s", bytesText(done), bytesText(total))}
	if total <= 0 {
		parts[0] = bytesText(done)
	}
	if elapsed > 0.5 && done > 0 {
		rate := float64(done) / elapsed
		parts = append(parts, bytesText(int64(rate))+"/s")
		if left := float64(total-done) / rate; total > done {
			parts = append(parts, (time.Duration(left*float64(time.Second))).Round(time.Second).String()+" left")
		}
	}
	parts = append(parts, fmt.Sprintf("%d records", p.records.Load()))
	if n := p.rejected.Load(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d rejected", n))
	}
	return strings.Join(parts, " · ")
}

// bytesText writes a size with binary units.
func bytesText(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	size, suffix := float64(n)/unit, 0
	for size >= unit && suffix < 4 {
		size, suffix = size/unit, suffix+1
	}
	return fmt.Sprintf("%.1f %ciB", size, "KMGTP"[suffix])
}
