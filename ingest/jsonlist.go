package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// recordsKey is what the collectors of clouds put around a batch.
var recordsKey = []byte(`"records"`)

// recordsList is the inside of the list in {"records":[{…},…]}, nil where the
// line is no such batch.
func recordsList(line []byte) []byte {
	b := bytes.TrimLeft(line[1:], " \t")
	if !bytes.HasPrefix(b, recordsKey) {
		return nil
	}
	b = bytes.TrimLeft(b[len(recordsKey):], " \t:")
	if len(b) < 2 || b[0] != '[' {
		return nil
	}
	return b[1:]
}

// list reads the first of the objects in a list; inside is what follows its
// bracket.
func (p *jsonLines) list(line, inside []byte, d *record.Draft) record.Reason {
	p.rest = jsonRest{base: line, left: inside, list: true}
	reason, ok := p.element(d)
	if !ok {
		return record.IgnoreNoHTTP // an empty list
	}
	return reason
}

// more implements manyParser.
func (p *jsonLines) more(d *record.Draft) (record.Reason, bool) {
	if len(p.rest.left) == 0 || p.rest.broken {
		return "", false
	}
	offset := d.Offset
	p.skipSeparator()
	d.Offset += int64(len(p.rest.base) - len(p.rest.left))
	reason, ok := p.element(d)
	if !ok {
		d.Offset = offset
	}
	return reason, ok
}

// skipSeparator stands before the next object.
func (p *jsonLines) skipSeparator() {
	p.rest.left = bytes.TrimLeft(p.rest.left, " \t")
	if p.rest.list && len(p.rest.left) > 0 && p.rest.left[0] == ',' {
		p.rest.left = bytes.TrimLeft(p.rest.left[1:], " \t")
	}
}

// element reads the next object; ok is false where there is none.
func (p *jsonLines) element(d *record.Draft) (reason record.Reason, ok bool) {
	left := bytes.TrimLeft(p.rest.left, " \t")
	switch {
	case len(left) == 0 && p.rest.list:
		p.rest.broken = true
		return record.RejectTruncated, true
	case len(left) == 0 || p.rest.list && left[0] == ']':
		p.rest.left = nil
		return "", false
	}
	rest, err := p.object(left, d)
	switch {
	case err == jsonscan.ErrTruncated:
		p.rest.broken = true
		return record.RejectTruncated, true
	case err != nil:
		p.rest.broken = true
		return record.RejectJSON, true
	}
	p.rest.left = rest
	d.Format = p.voc.info.Name
	return p.exchange(d), true
}
