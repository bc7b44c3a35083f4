package ingest

import (
	"context"
	"io"
	"slices"

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
