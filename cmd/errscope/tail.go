package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/errscope/errscope/ingest"
)

// tail is a file that is held open and grows, or a pipe.
type tail struct {
	path    string
	source  *growing
	pipe    bool
	ending  bool        // nothing more is waited for
	info    fs.FileInfo // when it was read last; nil before
	changed time.Time
	gone    time.Time // since when no path leads to it; zero where one does
}

// errRewritten says that a file was rewritten while it was read.
var errRewritten = errors.New("the file was rewritten in its place")

// adopt begins to follow a source, behind what the ledger has of it.
func (f *follower) adopt(work context.Context, src *ingest.Source, info fs.FileInfo) error {
	if err := f.hold(work); err != nil {
		src.Close()
		return failedError(err, "")
	}
	g, err := f.loader.take(work, src)
	if err != nil {
		src.Close()
		return f.tell(src.Path(), err)
	}
	t := &tail{path: src.Path(), source: g, pipe: info == nil, changed: time.Now()}
	f.tails = append(f.tails, t)
	return f.pull(work, t, info)
}

// tell warns of an error of a source, and returns one that stops everything.
func (f *follower) tell(path string, err error) error {
	if stop := stopsAll(context.Background(), err); stop != nil {
		return stop
	}
	if err != nil {
		f.fault(path, err)
	}
	return nil
}

// readTail loads what has come to a file since it was read last.
func (f *follower) readTail(work context.Context, t *tail) error {
	if t.pipe {
		return f.pull(work, t, nil)
	}
	info, err := t.source.src.Stat()
	if err != nil {
		f.fault(t.path, err)
		return nil
	}
	if t.info == nil || info.Size() != t.info.Size() || !info.ModTime().Equal(t.info.ModTime()) {
		t.changed = time.Now()
		rewritten, err := t.source.src.Rewritten()
		if err != nil {
			f.fault(t.path, err)
			return nil
		}
		if rewritten {
			return f.replace(work, t)
		}
		return f.pull(work, t, info)
	}
	if !t.gone.IsZero() && time.Since(t.gone) > goneTime && time.Since(t.changed) > goneTime {
		t.ending = true
		t.source.src.Finish()
		return f.pull(work, t, info)
	}
	return nil
}

// pull loads what is there.
func (f *follower) pull(work context.Context, t *tail, info fs.FileInfo) error {
	g, began := t.source, time.Now()
	for {
		before := g.src.Position().Offset
		seg, err := g.src.NextSegment(work, g.bytes)
		switch {
		case errors.Is(err, io.EOF):
			f.drop(t)
			return nil
		case errors.Is(err, ingest.ErrNothingYet):
			if t.pipe && g.src.Ended() {
				g.src.Finish()
				continue
			}
			t.info = info
			if g.entry.ID == 0 && !t.pipe { // taken up again when it has a line
				f.drop(t)
			}
			return nil
		case err != nil:
			f.drop(t)
			return f.tell(t.path, err)
		}
		if err := f.hold(work); err != nil {
			return failedError(err, "")
		}
		if !f.isCurrent(work, g) { // somebody else has loaded more of it
			f.drop(t)
			delete(f.settled, t.path)
			return nil
		}
		end, err := f.loader.load(work, g, seg, func() error {
			if rewritten, err := g.src.Rewritten(); err != nil || !rewritten {
				return err
			}
			return errRewritten
		})
		if errors.Is(err, errRewritten) {
			f.drop(t)
			delete(f.settled, t.path)
			f.seek(t.path, time.Time{}, siblingTime)
			return nil
		}
		if err != nil {
			f.drop(t)
			return f.tell(t.path, err)
		}
		f.loader.progress.add(end.Offset - before)
		f.note(g, end)
		// The others have waited long enough; what is left comes in the next round.
		if f.ctx.Err() != nil || time.Since(began) > holdMax && !t.ending && !f.own {
			return nil
		}
	}
}

// isCurrent reports whether the ledger still says of a source what it said when
// it was loaded last: another process may have had the database in between.
func (f *follower) isCurrent(work context.Context, g *growing) bool {
	if g.entry.ID == 0 {
		return true
	}
	known, err := f.loader.db.Candidates(work, g.src.Head())
	if err != nil {
		return false
	}
	for _, k := range known {
		if k.ID == g.entry.ID {
			return k.Bytes == g.entry.Bytes && k.SHA256 == g.entry.SHA256
		}
	}
	return false
}

// drop ends the following of a file; as it is now it counts as read.
func (f *follower) drop(t *tail) {
	if t.info != nil {
		f.settled[t.path] = t.info
	}
	t.source.src.Close()
	f.tails = slices.DeleteFunc(f.tails, func(o *tail) bool { return o == t })
}

// replace ends the following of a content that is no longer in its file: what
// was not read of it may stand in a copy beside, as copytruncate makes one.
func (f *follower) replace(work context.Context, t *tail) error {
	f.seek(t.path, time.Time{}, siblingTime)
	if err := f.lookBeside(work); err != nil {
		return err
	}
	t.source.src.Abandon()
	t.info = nil
	err := f.pull(work, t, nil)
	f.drop(t)
	delete(f.settled, t.path)
	return err
}

// finishPipes loads what a pipe has given when the run is to end.
func (f *follower) finishPipes(work context.Context) error {
	for _, t := range slices.Clone(f.tails) {
		if t.pipe {
			t.ending = true
			t.source.src.Finish()
			if err := f.pull(work, t, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// seek has what a file's content has become looked for, for a while.
func (f *follower) seek(path string, since time.Time, patience time.Duration) {
	if old, ok := f.seekers[path]; ok && !old.since.IsZero() && (since.IsZero() || old.since.Before(since)) {
		since = old.since
	}
	f.seekers[path] = seeker{since: since, until: time.Now().Add(patience)}
}

// begin looks for what was rotated away while nobody looked: for each path that
// the ledger has, what was written since its last commit.
func (f *follower) begin(work context.Context) error {
	if err := f.hold(work); err != nil {
		return failedError(err, "")
	}
	all, err := f.loader.db.Sources(work)
	if err != nil {
		return failedError(err, "")
	}
	last := map[string]time.Time{}
	for _, s := range all {
		if abs, err := filepath.Abs(s.Path); err == nil && s.IngestedAt.After(last[abs]) {
			last[abs] = s.IngestedAt
		}
	}
	inputs, _ := ingest.Expand(work, f.paths)
	for _, in := range inputs {
		if abs, err := filepath.Abs(in.Path); err == nil && in.Path != "-" {
			since := last[abs]
			if !since.IsZero() {
				since = since.Add(-siblingSlack)
			}
			f.seek(in.Path, since, beginTime)
		}
	}
	for _, p := range f.paths { // named, and not there at the moment
		if abs, err := filepath.Abs(p); err == nil && !last[abs].IsZero() {
			f.seek(p, last[abs].Add(-siblingSlack), beginTime)
		}
	}
	return nil
}

// lookBeside reads the rotated siblings of the files that are sought.
func (f *follower) lookBeside(work context.Context) error {
	for path, s := range f.seekers {
		waits := false
		for _, in := range ingest.Rotated(path) {
			rests, err := f.sibling(work, in, s.since)
			if err != nil {
				return err
			}
			waits = waits || !rests
		}
		if !waits && time.Now().After(s.until) {
			delete(f.seekers, path)
		}
	}
	return nil
}

// sibling loads the rest of a rotated file whose beginning is known, or all of
// one that was written later than since. It reports false where the file may
// still be written, and has to be looked at again.
func (f *follower) sibling(work context.Context, in ingest.Input, since time.Time) (rests bool, err error) {
	info, err := os.Stat(in.Path)
	if err != nil || info.Size() == 0 || f.tailOf(info) != nil || isSettled(f.beside, in.Path, info) || isSettled(f.settled, in.Path, info) {
		return true, nil
	}
	src, err := ingest.Open(work, f.loader.cfg, in, nil)
	if err != nil {
		return true, nil // no log; where it is asked for, scan says so
	}
	defer src.Close()
	if src.Detection().Compression != "" && !f.rests(in.Path, info, 0) ||
		f.mayBeCopy(work, src, info) && !f.rests(in.Path, info, copyWaitMax) {
		return false, nil
	}
	if err := f.hold(work); err != nil {
		return true, failedError(err, "")
	}
	g, err := f.loader.take(work, src)
	if err != nil {
		return true, f.tell(in.Path, err)
	}
	f.beside[in.Path] = info
	if g.entry.ID == 0 && (since.IsZero() || info.ModTime().Before(since)) {
		return true, nil // older than what is followed
	}
	for {
		end, err := f.loader.advance(work, g)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return true, f.tell(in.Path, err)
		}
		f.note(g, end)
		if f.ctx.Err() != nil {
			return true, nil
		}
	}
}
