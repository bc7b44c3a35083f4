package ingest

import (
	"bytes"
	"fmt"
	"io"

	"github.com/errscope/errscope/record"
)

// bodyFormat is a file that holds one response body. Only a rule of the
// configuration makes a file one, never its content.
var bodyFormat = format{
	info:  FormatInfo{Name: "body", About: "a response body, its name by a rule of the configuration"},
	score: func([]byte) (float64, string) { return 0, "" },
	entries: func(cfg *Config, _ limits, r io.Reader) documentReader {
		return &bodyFile{cfg: cfg, s: textStream{r: r, max: bodyBytesMax}, captured: newCapturedHTTP(cfg)}
	},
}

// bodyFile hands out the one exchange of a file.
type bodyFile struct {
	cfg      *Config
	s        textStream
	captured capturedHTTP
	done     bool
}

func (b *bodyFile) next(d *record.Draft) (record.Reason, error) {
	if b.done {
		return "", io.EOF
	}
	b.done = true
	b.s.skipMark()
	for b.s.more() {
	}
	if b.s.failed {
		return "", fmt.Errorf("reading a body: %w", b.s.err)
	}
	d.Line, d.Offset = 1, 0
	named := b.cfg.named
	if named == nil {
		d.Raw = []byte("no rule of the configuration is for this file")
		return record.RejectDocument, nil
	}
	if !named.rule.fill(named.path, named.modifiedNS, &b.captured, d) {
		resetFields(d)
		d.Raw = sampleOf([]byte("the name " + lastParts(named.path, named.rule.Name) + " is not " + named.rule.Name))
		return record.RejectDocument, nil
	}
	b.content(d)
	// The name knows better than what the file may repeat.
	id, trace := d.RequestID, d.TraceID
	b.captured.finish(d)
	d.RequestID, d.TraceID = firstOf(id, d.RequestID), firstOf(trace, d.TraceID)
	return "", nil
}

// content takes the body, or the whole response where the file holds its head
// too.
func (b *bodyFile) content(d *record.Draft) {
	view := b.s.view()
	line, _ := cutLine(view)
	if _, _, ok := statusLine(line); ok {
		status := d.Status
		b.captured.response(view, b.s.full(), d)
		if status != record.Absent {
			d.Status = status
		}
		return
	}
	d.Body, d.BodyTruncated = capturedBody(nil, bytes.TrimRight(view, "\r\n"))
	d.BodyTruncated = d.BodyTruncated || b.s.full() && b.s.err == nil
}

// namedBody is a file that a rule for bodies is for.
type namedBody struct {
	rule       BodyName
	path       string
	modifiedNS int64
}

// identity goes before the content into its hash: two calls often got the same
// body, and are told apart by their names alone.
func (n *namedBody) identity() []byte {
	return []byte("body " + lastParts(n.path, n.rule.Name) + "\x00")
}

// nameBody finds the rule for an input, unless the format was given.
func (c *Config) nameBody(file string, r *raw) {
	rule, ok := c.bodyRule(file)
	if !ok || c.Format != "" {
		c.named = nil
		return
	}
	c.named = &namedBody{rule: rule, path: file}
	if !rule.ModTime || r.file == nil {
		return
	}
	if info, err := r.file.Stat(); err == nil {
		c.named.modifiedNS = info.ModTime().UnixNano()
	}
}
