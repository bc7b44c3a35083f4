package ingest

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// jsonDocumentFormat is a list of log entries that is spread over lines, as the
// consoles and command lines of clouds export it.
var jsonDocumentFormat = format{
	info: FormatInfo{
		Name:  "json_document",
		About: "a JSON list of log entries, spread over lines, as clouds export it",
		Sample: "[\n  {\n    \"time\": \"2026-03-04T09:15:02.118Z\",\n    \"method\": \"GET\",\n    \"url\": \"https://api.example.com/v2/vehicles/9\",\n" +
			"    \"status\": 429\n  }\n]",
	},
	score: scoreJSONDocument,
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader {
		return &jsonDocument{harReader: harReader{scan: documentScanner{r: r, entryMax: lim.entryBytes}}, lines: newJSONLines(cfg)}
	},
}

// listKeys are the members that hold the entries, where the root is an object.
var listKeys = []string{"records", "entries", "events", "logEvents", "logs", "items"}

// scoreJSONDocument wants a list whose first objects are spread over lines, and
// an exchange among them.
func scoreJSONDocument(sample []byte) (float64, string) {
	root := bytes.TrimLeft(sample, " \t\r\n")
	_, list := listIn(root)
	if list == nil {
		return 0, ""
	}
	p := newJSONLines(sampleConfig())
	var d record.Draft
	spread, exchanges, all := false, 0, 0
	_, _ = jsonscan.Array(list, func(_ int, v []byte, k jsonscan.Kind) bool {
		if k != jsonscan.ObjectKind {
			return false
		}
		all++
		spread = spread || bytes.IndexByte(v, '\n') >= 0
		d.Reset()
		if p.first(v, &d) == "" {
			exchanges++
		}
		return spread
	})
	if !spread || exchanges == 0 {
		return 0, ""
	}
	return 0.9, "a list of objects that are spread over lines, exchanges among them"
}

// listIn finds the list of entries in a document's beginning, and the member
// that it is, "" for the root.
func listIn(root []byte) (key string, list []byte) {
	switch {
	case len(root) == 0:
	case root[0] == '[':
		return "", root
	case root[0] == '{':
		_, _ = jsonscan.Object(root, func(k, v []byte, kind jsonscan.Kind) bool {
			if kind == jsonscan.ArrayKind && slices.Contains(listKeys, string(k)) {
				key, list = string(k), v
			}
			return list == nil
		})
	}
	return key, list
}

// jsonDocument hands out the entries of one list. It ends as the reader of
// archives does.
type jsonDocument struct {
	harReader
	lines *jsonLines
}

// next implements documentReader.
func (j *jsonDocument) next(d *record.Draft) (record.Reason, error) {
	if j.done {
		return "", io.EOF
	}
	if !j.started {
		j.started = true
		if err := j.open(); err != nil {
			return j.fail(err, d)
		}
	}
	entry, err := j.scan.element()
	d.Line, d.Offset = j.scan.startLine, j.scan.startOffset
	switch {
	case err == io.EOF:
		j.done = true
		if err = j.scan.closing(); err != nil && !errors.Is(err, errLargeEntry) {
			return j.fail(err, d)
		}
		return "", io.EOF
	case errors.Is(err, errLargeEntry):
		d.Raw = sampleOf(entry)
		return record.RejectTooLong, nil
	case err != nil:
		return j.fail(err, d)
	}
	if !utf8.Valid(entry) {
		entry = bytes.ToValidUTF8(entry, []byte("\uFFFD"))
	}
	if bytes.IndexByte(entry, 0) >= 0 {
		entry = bytes.ReplaceAll(entry, []byte{0}, []byte("\uFFFD")) // no text of a database holds it
	}
	return j.entry(entry, d), nil
}

// open stands before the first entry. What the root is shows in its first bytes.
func (j *jsonDocument) open() error {
	if !j.scan.fill() {
		return j.scan.cutOff()
	}
	root := bytes.TrimLeft(bytes.TrimPrefix(j.scan.window[:j.scan.end], byteOrderMark), " \t\r\n")
	if key, _ := listIn(root); key != "" {
		return j.scan.open(key)
	}
	return j.scan.open()
}

// entry reads one element of the list.
func (j *jsonDocument) entry(entry []byte, d *record.Draft) record.Reason {
	reason := record.RejectDocument
	if entry[0] == '{' {
		reason = j.lines.first(entry, d)
	}
	if reason != "" && !ignored(reason) {
		line, offset := d.Line, d.Offset
		d.Reset()
		d.Line, d.Offset, d.Raw = line, offset, sampleOf(entry)
	}
	return reason
}
