package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/store"
)

// errNoFollow is a pipe or a device that is followed by its name.
var errNoFollow = errors.New("not a file; pipe it into errscope ingest --follow -")

// file takes up a file that is not followed yet.
func (f *follower) file(work context.Context, in ingest.Input, info fs.FileInfo) error {
	if info.Size() == 0 || isSettled(f.settled, in.Path, info) {
		return nil
	}
	if !info.Mode().IsRegular() {
		f.fault(in.Path, errNoFollow)
		return nil
	}
	bundle, err := ingest.Unpack(work, f.loader.cfg, in, nil)
	if err != nil {
		f.settled[in.Path] = info
		f.fault(in.Path, err)
		return nil
	}
	src, err := bundle.Next()
	if err != nil || !src.Follow() {
		if src != nil {
			err = src.Close()
		}
		if err = errors.Join(err, bundle.Close()); err != nil && !isProblem(err) {
			f.fault(in.Path, err)
		}
		return f.wholeFile(work, in, info)
	}
	if f.mayBeCopy(work, src, info) && !f.rests(in.Path, info, copyWaitMax) {
		return src.Close()
	}
	return f.adopt(work, src, info)
}

func isProblem(err error) bool {
	var p ingest.Problem
	return errors.As(err, &p)
}

// wholeFile loads what does not grow line by line, once it rests.
func (f *follower) wholeFile(work context.Context, in ingest.Input, info fs.FileInfo) error {
	if !f.rests(in.Path, info, 0) {
		return nil
	}
	if err := f.hold(work); err != nil {
		return failedError(err, "")
	}
	done, err := f.loader.input(f.ctx, in, f.fault)
	for _, o := range done {
		f.done = append(f.done, &o)
	}
	if f.ctx.Err() != nil { // the next run goes on with it
		return nil
	}
	f.settled[in.Path] = info
	return err
}

// isSettled reports whether a file is as it was when it was read last, under
// whatever name.
func isSettled(settled map[string]fs.FileInfo, path string, info fs.FileInfo) bool {
	if old, ok := settled[path]; ok && unchanged(old, info) {
		return true
	}
	for name, old := range settled {
		if unchanged(old, info) {
			delete(settled, name)
			settled[path] = info
			return true
		}
	}
	return false
}

func unchanged(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

// rests reports whether a file has been left alone for a while; a bound over 0
// ends the wait.
func (f *follower) rests(path string, info fs.FileInfo, bound time.Duration) bool {
	w, known := f.waiting[path]
	if !known || !os.SameFile(w.info, info) {
		w.since = time.Now()
	}
	if time.Since(info.ModTime()) > settleTime || known && unchanged(w.info, info) && time.Since(w.since) > settleTime ||
		bound > 0 && time.Since(w.since) > bound {
		delete(f.waiting, path)
		return true
	}
	if !known || !unchanged(w.info, info) {
		if bound == 0 {
			w.since = time.Now()
		}
		w.info = info
		f.waiting[path] = w
	}
	return false
}

// mayBeCopy reports whether a file begins like a longer one that is known: then
// it may be a copy in the making, which is not to be taken for new.
func (f *follower) mayBeCopy(work context.Context, src *ingest.Source, info fs.FileInfo) bool {
	if err := f.hold(work); err != nil {
		return false // adopt will say so
	}
	known, err := f.loader.db.Candidates(work, src.Head())
	return err == nil && slices.ContainsFunc(known, func(s store.Source) bool { return s.Bytes > info.Size() })
}
