package ingest

import (
	"bytes"
	"fmt"
	"io"

	"github.com/errscope/errscope/record"
)

// yamlCassette hands out the interactions of a YAML document: the items of the
// list under the root's key "http_interactions" or "interactions", or of the
// list that is the root. An item ends where the next line stands as far to the
// left as its own sign, for everything inside it is indented more.
type yamlCassette struct {
	s      *textStream
	fields *cassetteFields
	yaml   yamlReader
	listed bool // s stands before an item of the list, at column
	column int
	done   bool
	count  int64 // items seen
}

func newYAMLCassette(s *textStream, fields *cassetteFields) *yamlCassette {
	c := &yamlCassette{s: s, fields: fields}
	c.yaml.arena, c.yaml.leaf = &fields.arena, fields.leaf
	return c
}

func (c *yamlCassette) next(d *record.Draft) (record.Reason, error) {
	if c.done {
		return "", io.EOF
	}
	if !c.listed && !c.findList() {
		c.done = true
		if c.s.failed {
			return "", fmt.Errorf("reading a document: %w", c.s.err)
		}
		if c.count > 0 {
			return "", io.EOF
		}
		d.Line, d.Offset, d.Raw = c.s.lines+1, c.s.offset, []byte(errNoEntries.Error())
		return record.RejectDocument, nil
	}
	return c.item(d)
}

// findList passes lines until the next one is the first item of the list. It
// is false at the end of the document.
func (c *yamlCassette) findList() bool {
	under := false // the key of the list has come
	for {
		line := c.s.line(0)
		if len(line) == 0 {
			return false
		}
		col := len(line) - len(bytes.TrimLeft(line, " "))
		text := chomp(line[col:])
		switch {
		case len(text) == 0 || text[0] == '#':
		case isYAMLItem(text) && (under || col == 0):
			c.listed, c.column = true, col
			return true
		default:
			under = col == 0 && isInteractionsKey(text)
			if under && bytes.HasSuffix(text, []byte("[]")) {
				c.count++ // a list without items is a sound one
			}
		}
		c.s.pass(len(line))
	}
}

func isYAMLItem(text []byte) bool {
	return len(text) > 0 && text[0] == '-' && (len(text) == 1 || text[1] == ' ')
}

func isInteractionsKey(text []byte) bool {
	key, rest, ok := bytes.Cut(text, []byte{':'})
	if !ok || !isOneOf(string(bytes.Trim(key, `"'`)), interactionKeys) {
		return false
	}
	rest = bytes.TrimSpace(rest)
	return len(rest) == 0 || rest[0] == '#' || rest[0] == '&' || string(rest) == "[]"
}

// item reads the item that the stream stands before.
func (c *yamlCassette) item(d *record.Draft) (record.Reason, error) {
	d.Line, d.Offset = c.s.lines+1, c.s.offset+int64(c.column)
	c.count++
	size, whole := c.itemEnd()
	if c.s.failed {
		c.done = true
		return "", fmt.Errorf("reading a document: %w", c.s.err)
	}
	if !whole {
		d.Raw = bytes.Clone(sampleOf(c.s.view()[c.column:]))
		c.passLarge()
		return record.RejectTooLong, nil
	}
	c.listed = c.atItem(size)
	entry := c.s.view()[:size]
	last := size == len(c.s.view()) // and the document with it
	c.s.pass(size)
	entry = storable(entry)
	reason := c.read(entry, d)
	if reason == record.RejectDocument && last && entry[len(entry)-1] != '\n' {
		reason = record.RejectTruncated
	}
	if reason != "" {
		resetFields(d)
		d.Raw = sampleOf(entry[c.column:])
	}
	return reason, nil
}

func (c *yamlCassette) read(entry []byte, d *record.Draft) record.Reason {
	c.fields.begin(d)
	switch c.yaml.read(entry, c.column+1) {
	case yamlCut:
		return record.RejectTruncated
	case yamlBroken:
		return record.RejectSyntax
	}
	return c.fields.finish()
}

// itemEnd returns the length of the item, and whether it fits the window.
func (c *yamlCassette) itemEnd() (size int, whole bool) {
	at := len(c.s.line(0))
	for {
		line := c.s.line(at)
		if len(line) == 0 {
			return at, !c.s.full() || c.s.err != nil
		}
		if c.outside(line) {
			return at, true
		}
		if line[len(line)-1] != '\n' && c.s.full() {
			return 0, false
		}
		at += len(line)
	}
}

// outside reports whether a line stands outside of the item.
func (c *yamlCassette) outside(line []byte) bool {
	for i, b := range line {
		switch {
		case b == '\n', b == '\r':
			return false // blank
		case i > c.column:
			return false
		case b != ' ':
			return true
		}
	}
	return false
}

// atItem reports whether another item of the list begins at index at.
func (c *yamlCassette) atItem(at int) bool {
	line := c.s.line(at)
	return len(line) > c.column && c.outside(line) && len(bytes.TrimLeft(line[:c.column], " ")) == 0 && isYAMLItem(chomp(line[c.column:]))
}

// passLarge passes an item that does not fit the window.
func (c *yamlCassette) passLarge() {
	for first := true; ; first = false {
		line := c.s.line(0)
		if len(line) == 0 {
			c.listed = false
			return
		}
		if !first && c.outside(line) {
			c.listed = c.atItem(0)
			return
		}
		for line[len(line)-1] != '\n' { // longer than the window
			c.s.pass(len(line))
			if line = c.s.line(0); len(line) == 0 {
				break
			}
		}
		c.s.pass(len(line))
	}
}

// scoreCassette looks for the list of interactions and a request in it.
func scoreCassette(sample []byte) (float64, string) {
	text := bytes.TrimLeft(sample, " \t\r\n")
	if len(text) == 0 {
		return 0, ""
	}
	if text[0] == '{' || text[0] == '[' {
		return scoreJSONCassette(text)
	}
	if text[0] != '-' && text[0] != 'h' && text[0] != 'i' && text[0] != 'v' && text[0] != 'r' && text[0] != '#' && text[0] != '%' {
		return 0, ""
	}
	c := newYAMLCassette(&textStream{r: bytes.NewReader(sample), max: len(sample)}, newCassetteFields(sampleConfig()))
	if !c.findList() {
		if c.count > 0 {
			return 1, "a list of interactions without any"
		}
		return 0, ""
	}
	end, _ := c.itemEnd()
	item := c.s.view()[:max(end, min(headBytes, len(c.s.view())))]
	if bytes.Contains(item, []byte("request:")) && (bytes.Contains(item, []byte("response:")) || len(sample) >= sampleBytes) {
		return 1.1, "a list of interactions, each with a request and a response"
	}
	return 0, ""
}
