package ingest

import (
	"context"
	"io"

	"github.com/errscope/errscope/record"
)

// Sizes are the limits of a source that a test lowers.
type Sizes struct{ Line, Entry, Block, Spool int }

// OpenSized is Open with other limits.
func OpenSized(ctx context.Context, cfg Config, in Input, stdin io.Reader, z Sizes) (*Source, error) {
	return open(ctx, cfg, in, stdin, limits{lineBytes: z.Line, entryBytes: z.Entry, blockBytes: z.Block, spoolBytes: z.Spool})
}

// LineParser is the parser of a format's lines, for benchmarks.
func LineParser(name string, cfg Config) func([]byte, *record.Draft) record.Reason {
	return formatNamed(name).lines(&cfg).parse
}

// IsDocument reports whether a format is read entry by entry.
func IsDocument(name string) bool { return formatNamed(name).document() }
