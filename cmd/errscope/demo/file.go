package demo

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// file is one file below logs.
type file struct {
	path   string
	format string
	gzip   bool
	write  func(context.Context, *plan, *sink) error
}

// files are written in this order; each has a stream of random numbers of its
// own, so that one does not change another.
var files = []file{
	{path: "egress/access.log.1.gz", format: "combined", gzip: true, write: writeEgressRotated},
	{path: "egress/access.log", format: "combined", write: writeEgress},
	{path: "app/valuation.jsonl", format: "jsonl", write: writeECS},
	{path: "app/fleet-sync.jsonl", format: "jsonl", write: writeOTel},
	{path: "app/session.har", format: "har", write: writeHAR},
	{path: "inbound/access.log", format: "combined", write: writeInbound},
}

// sink takes the lines of a file and counts them. Write errors are kept by the
// writer until the end.
type sink struct {
	*bufio.Writer
	truth *FileTruth
}

// broken is a line that is no record, written behind the given record.
type broken struct {
	behind int64
	line   string
	reason string // "" for a line that is ignored
}

// spoil writes the broken lines that are due.
func (s *sink) spoil(list []broken) {
	for _, b := range list {
		if b.behind == s.truth.Records {
			s.WriteString(b.line)
			s.WriteByte('\n')
			s.truth.Lines++
			if b.reason == "" {
				s.truth.Ignored++
			} else {
				s.truth.Rejected++
			}
		}
	}
}

// writeFile streams one file out; nothing of it is kept in memory.
func writeFile(ctx context.Context, p *plan, dir string, f file) (err error) {
	name := filepath.Join(dir, "logs", filepath.FromSlash(f.path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var w io.Writer = out
	if f.gzip {
		z := gzip.NewWriter(out) // without a name and a time, so that bytes stay the same
		defer func() { err = errors.Join(err, z.Close()) }()
		w = z
	}
	s := &sink{bufio.NewWriterSize(w, 1<<16), p.truth.open(f.path, f.format)}
	if err := f.write(ctx, p, s); err != nil {
		return err
	}
	return s.Flush()
}
