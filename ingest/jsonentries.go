package ingest

import (
	"errors"
	"io"

	"github.com/errscope/errscope/record"
)

// jsonEntries hands out the elements of a list inside a JSON document.
type jsonEntries struct {
	scan    documentScanner
	keys    []string // that lead to the list
	read    func(entry []byte, d *record.Draft) record.Reason
	started bool
	done    bool
}

func newJSONEntries(lim limits, r io.Reader, read func([]byte, *record.Draft) record.Reason, keys ...string) *jsonEntries {
	return &jsonEntries{scan: documentScanner{r: r, entryMax: lim.entryBytes}, keys: keys, read: read}
}

// next reads the next entry. A file that is no such document, is cut off or
// goes wrong in the middle gives one reject at that place, and the end.
func (e *jsonEntries) next(d *record.Draft) (record.Reason, error) {
	if e.done {
		return "", io.EOF
	}
	if !e.started {
		e.started = true
		if err := e.scan.open(e.keys...); err != nil {
			return e.fail(err, d)
		}
	}
	entry, err := e.scan.element()
	d.Line, d.Offset = e.scan.startLine, e.scan.startOffset
	switch {
	case err == io.EOF:
		e.done = true
		if err = e.scan.closing(); err != nil && !errors.Is(err, errLargeEntry) {
			return e.fail(err, d)
		}
		return "", io.EOF
	case errors.Is(err, errLargeEntry):
		d.Raw = sampleOf(entry)
		return record.RejectTooLong, nil
	case err != nil:
		return e.fail(err, d)
	}
	entry = storable(entry) // no text of a database holds anything else
	reason := e.read(entry, d)
	if reason != "" {
		resetFields(d)
		d.Raw = sampleOf(entry)
	}
	return reason, nil
}

// fail ends the reading.
func (e *jsonEntries) fail(err error, d *record.Draft) (record.Reason, error) {
	e.done = true
	return e.scan.fault(err, d)
}
