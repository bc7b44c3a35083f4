package classify

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// addToList puts an item at the end of the list under a key of the file's top
// level and leaves every other byte as it is. The item is written for a list
// that is set in by two spaces.
func addToList(source string, data []byte, key, item string) ([]byte, error) {
	bad := &faults{}
	doc := newDocument(source, data)
	root := parseYAML(doc, data, bad)
	if len(bad.list) > 0 {
		return nil, &LoadError{Findings: bad.list}
	}
	m, ok := root.(ast.MapNode)
	if !ok {
		return nil, fmt.Errorf("reading %s: want keys and values", source)
	}
	first, last, indent, found := 0, len(doc.lines), 2, false // lines from 1
	for it := m.MapRange(); it.Next(); {
		at := it.Key().GetToken().Position
		if found {
			last = at.Line - 1
			break
		}
		if it.Key().GetToken().Value != key {
			continue
		}
		seq, ok := it.Value().(*ast.SequenceNode)
		if !ok || seq.IsFlowStyle || len(seq.Values) == 0 {
			return nil, fmt.Errorf("adding to %s: the list under %s: is not written with one dash a line", source, key)
		}
		first, indent, found = at.Line, seq.GetToken().Position.Column-1, true
	}
	if !found {
		item = "\n" + key + ":\n" + item
	} else if last = lastOfList(doc.lines, first, last, indent); indent != 2 {
		item = setIn(item, indent-2)
	}
	return insertAfter(data, last, item), nil
}

// lastOfList is the last line that belongs to the list: comments and blank lines
// behind it go with the key that follows, unless they are set in as items are.
func lastOfList(lines []string, first, last, indent int) int {
	for ; last > first; last-- {
		line := strings.TrimRight(lines[last-1], "\r \t")
		text := strings.TrimLeft(line, " ")
		if text == "" || text[0] == '#' && len(line)-len(text) < max(indent, 1) {
			continue
		}
		break
	}
	return last
}

// setIn moves every line of an item by some spaces, to the left where negative.
func setIn(item string, by int) string {
	lines := strings.SplitAfter(item, "\n")
	for i, line := range lines {
		switch {
		case strings.TrimSpace(line) == "":
		case by >= 0:
			lines[i] = strings.Repeat(" ", by) + line
		default:
			lines[i] = strings.TrimPrefix(line, strings.Repeat(" ", -by))
		}
	}
	return strings.Join(lines, "")
}

// insertAfter puts text behind the line with the number, with the line ends of
// the file.
func insertAfter(data []byte, line int, text string) []byte {
	at := 0
	for ; line > 0 && at < len(data); line-- {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			at = len(data)
			break
		}
		at += i + 1
	}
	eol := "\n"
	if bytes.Contains(data, []byte("\r\n")) {
		eol = "\r\n"
		text = strings.ReplaceAll(text, "\n", eol)
	}
	out := append([]byte(nil), data[:at]...)
	if at > 0 && data[at-1] != '\n' {
		out = append(out, eol...)
	}
	return append(append(out, text...), data[at:]...)
}
