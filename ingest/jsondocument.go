package ingest

import (
	"bytes"
	"io"
	"slices"

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
		return newJSONDocument(cfg, lim, r)
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

// jsonDocument hands out the entries of one list.
type jsonDocument struct {
	*jsonEntries
	looked bool // for the list
}

func newJSONDocument(cfg *Config, lim limits, r io.Reader) *jsonDocument {
	lines := newJSONLines(cfg)
	return &jsonDocument{jsonEntries: newJSONEntries(lim, r, func(entry []byte, d *record.Draft) record.Reason {
		if entry[0] != '{' {
			return record.RejectDocument
		}
		return lines.first(entry, d)
	})}
}

// next implements documentReader. Where the list is shows in the first bytes.
func (j *jsonDocument) next(d *record.Draft) (record.Reason, error) {
	if !j.looked {
		j.looked = true
		if !j.scan.fill() {
			return j.fail(j.scan.cutOff(), d)
		}
		root := bytes.TrimLeft(bytes.TrimPrefix(j.scan.window[:j.scan.end], byteOrderMark), " \t\r\n")
		if key, _ := listIn(root); key != "" {
			j.keys = []string{key}
		}
	}
	return j.jsonEntries.next(d)
}
