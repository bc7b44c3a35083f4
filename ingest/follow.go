package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"time"
)

// ErrNothingYet is a followed source that has no whole line for now.
var ErrNothingYet = errors.New("nothing yet")

// markBytes is how much of what was read last is compared with the file before
// more is read.
const markBytes = 1024

// followPause is how long one who writes into a followed pipe may pause within
// a segment.
const followPause = 50 * time.Millisecond

// forever is a time that no pipe is silent.
const forever = time.Duration(math.MaxInt64)

// mark keeps the end of what was read of a file.
type mark struct{ kept []byte }

func (m *mark) pass(data []byte) {
	data = data[max(0, len(data)-markBytes):]
	over := max(0, len(m.kept)+len(data)-markBytes)
	m.kept = append(m.kept[:copy(m.kept, m.kept[over:])], data...)
}

// Follow makes the end of the content its end for now: NextSegment then gives
// [ErrNothingYet] instead of waiting, and holds back a last line that has no
// line break. It must come before [Source.Match]. It reports false where the
// source does not grow line by line: compressed data, UTF-16, documents.
func (s *Source) Follow() bool {
	s.follow = s.detection.Compression == "" && !s.format.document() && (s.raw.pipe != nil || s.raw.file != nil)
	return s.follow
}

// Finish makes the end of a followed source its real end: what is left, a last
// line without its line break too, comes with the next segments.
func (s *Source) Finish() { s.follow, s.skipping = false, false }

// Abandon is [Source.Finish] for a file that was rewritten in its place: what
// was held back comes, and nothing more is read.
func (s *Source) Abandon() {
	s.Finish()
	s.content, s.spent = failing{io.EOF}, nil
}

// Ended reports whether a followed pipe was closed by who wrote into it.
func (s *Source) Ended() bool { return s.spent != nil }

// Is reports whether the source reads this very file, whatever its name is now.
func (s *Source) Is(info fs.FileInfo) bool {
	if s.raw.file == nil {
		return false
	}
	own, err := s.raw.file.Stat()
	return err == nil && os.SameFile(own, info)
}

// Stat looks at the file that is followed.
func (s *Source) Stat() (fs.FileInfo, error) {
	info, err := s.raw.file.Stat()
	if err != nil {
		return nil, fmt.Errorf("following %s: %w", s.path, err)
	}
	return info, nil
}

// Rewritten reports whether the file that is followed no longer begins with
// what was read of it: it was truncated, or written anew, in its place.
func (s *Source) Rewritten() (bool, error) {
	if !s.follow || s.raw.file == nil || s.raw.pipe != nil {
		return false, nil
	}
	info, err := s.raw.file.Stat()
	if err != nil {
		return false, fmt.Errorf("following %s: %w", s.path, err)
	}
	if info.Size() < s.offset+int64(len(s.carry)) {
		return true, nil
	}
	head := s.head[:min(int64(len(s.head)), info.Size())]
	for _, part := range []struct {
		at   int64
		want []byte
	}{{0, head}, {s.offset - int64(len(s.mark.kept)), s.mark.kept}, {s.offset, s.carry[:min(len(s.carry), markBytes)]}} {
		same, err := s.holds(part.at, part.want)
		if err != nil || !same {
			return err == nil, err
		}
	}
	return false, nil
}

// holds reports whether the file has these bytes at this place.
func (s *Source) holds(at int64, want []byte) (bool, error) {
	got := make([]byte, len(want))
	n, err := s.raw.file.ReadAt(got, at)
	if err != nil && err != io.EOF {
		return false, fmt.Errorf("following %s: %w", s.path, err)
	}
	return bytes.Equal(got[:n], want), nil
}

// beginReading is done once, before the first segment: there is no way back
// from here on.
func (s *Source) beginReading() error {
	s.deadline = time.Time{}
	if s.begun {
		return nil
	}
	s.begun = true
	if s.follow && s.raw.pipe == nil {
		// What buffers the beginning would not see the file grow.
		at := s.offset + int64(len(s.carry))
		if _, err := s.raw.seeker.Seek(at, io.SeekStart); err != nil {
			return err
		}
		s.raw.read.Store(at)
		s.content, s.spent = s.raw, nil
		return nil
	}
	s.raw.forget()
	if s.raw.pipe != nil || s.detection.Compression != "" {
		s.ahead = newFeed(s.ctx, s.content)
		s.content = s.ahead
	}
	return nil
}

// rest gives back the memory of a source that has nothing to read.
func (s *Source) rest() {
	for {
		select {
		case <-s.free:
		default:
			return
		}
	}
}

// grows reports whether more may come behind the end of the content.
func (s *Source) grows() bool { return s.follow && s.begun && s.raw.pipe == nil }

// idle reports whether a pipe has nothing more for now, and is not to be
// waited for because whole lines are there, or because time is up.
func (s *Source) idle(sofar []byte) bool {
	if s.ahead == nil || s.raw.pipe == nil || s.format.document() || s.ahead.await(0) {
		return false
	}
	if s.follow {
		// One who writes without a pause is waited for, so that batches get large.
		return s.deadline.IsZero() || !s.ahead.await(min(time.Until(s.deadline), followPause))
	}
	if bytes.IndexByte(sofar, '\n') >= 0 {
		return true
	}
	return !s.deadline.IsZero() && !s.ahead.await(time.Until(s.deadline))
}

// overdue reports whether the lines of a pipe have waited long enough.
func (s *Source) overdue() bool {
	return s.raw.pipe != nil && !s.deadline.IsZero() && !time.Now().Before(s.deadline)
}
