package ingest

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/errscope/errscope/record"
)

// Sizes are the limits of a source that a test lowers.
type Sizes struct {
	Line, Entry, Block, Spool int
	Bomb                      int64
	Members                   int
	Interval                  time.Duration
}

func (z Sizes) limits() limits {
	lim := defaultLimits()
	lim.lineBytes, lim.entryBytes, lim.blockBytes, lim.spoolBytes = z.Line, z.Entry, z.Block, z.Spool
	if z.Bomb > 0 {
		lim.bombBytes = z.Bomb
	}
	if z.Members > 0 {
		lim.members = z.Members
	}
	if z.Interval > 0 {
		lim.liveInterval = z.Interval
	}
	return lim
}

// OpenSized is Open with other limits.
func OpenSized(ctx context.Context, cfg Config, in Input, stdin io.Reader, z Sizes) (*Source, error) {
	return open(ctx, cfg, in, stdin, z.limits())
}

// UnpackSized is Unpack with other limits.
func UnpackSized(ctx context.Context, cfg Config, in Input, stdin io.Reader, z Sizes) (*Bundle, error) {
	return unpack(ctx, cfg, in, stdin, z.limits())
}

// LineParser is the parser of a format's lines, for benchmarks.
func LineParser(name string, cfg Config) func([]byte, *record.Draft) record.Reason {
	return formatNamed(name).lines(&cfg).parse
}

// TemplateParser is the parser of a log format that was given.
func TemplateParser(text string) func([]byte, *record.Draft) record.Reason {
	list, err := compileTemplates([]string{text})
	if err != nil {
		panic(err)
	}
	return newTemplates(&Config{templates: list}).parse
}

// MarksMax and Marks are how many marks of dialects there may be, and are.
const MarksMax = marksMax

// Marks counts the different marks of the dialects.
func Marks() int {
	n := 0
	for _, marks := range jsonMarks {
		n += len(marks)
	}
	return n
}

// IsDocument reports whether a format is read entry by entry.
func IsDocument(name string) bool { return formatNamed(name).document() }

// AllFormatNames are the names of all formats, also of those that people are
// not offered, and of all dialects.
func AllFormatNames() []string {
	var names []string
	for i := range formats {
		names = append(names, formats[i].info.Name)
	}
	for _, d := range dialects {
		names = append(names, d.info.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// BodyFields are the placeholders of naming rules for bodies.
func BodyFields() []string { return bodyFields }
