package ingest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/errscope/errscope/record"
)

// otlpProtoFormat is TracesData and LogsData as bytes, on their own or behind
// one another, each behind its length, as the collector's file exporter writes
// them.
var otlpProtoFormat = format{
	info: FormatInfo{
		Name:   "otlp_proto",
		About:  "OpenTelemetry spans and log records as protobuf, with or without lengths in front",
		Sample: otlpProtoSample,
	},
	score:  scoreOTLPProto,
	bodies: true,
	entries: func(cfg *Config, lim limits, r io.Reader) documentReader {
		return &protoDocument{r: bufio.NewReaderSize(r, scanBytes), entryMax: lim.entryBytes, parser: newTraceParser(cfg)}
	},
}

// otlpProtoSample is one client span.
const otlpProtoSample = "\n\xab\x01\x12\xa8\x01\x12\xa5\x01\n\x10z\x1c\x0e]\x9b?H&\x8a-o\v\x1c>Zy\x12\bQ\xb2\xc3\xd4\xe5\xf6\a\x180\x039\x80\xe5\x05\xe0\x96\x98\x99\x18A\x80¨얘\x99\x18J\x1c\n\x13http.request.method" +
	"\x12\x05\n\x03GETJ3\n\b" +
	"url.full\x12'\n%https://api.example.com/v2/vehicles/9J \n\x19http.response.status_code\x12\x03\x18\xad\x03"

// Tags of the messages on the way to a span or log record: a field's number and
// the wire type of bytes.
const (
	tagGroup     = 1<<3 | 2 // TracesData.resource_spans, LogsData.resource_logs
	tagScopes    = 2<<3 | 2 // ResourceSpans.scope_spans, ResourceLogs.scope_logs
	tagLibraries = 1000<<3 | 2
	tagItems     = 2<<3 | 2 // ScopeSpans.spans, ScopeLogs.log_records
)

// lengthBytes is how long a length is that stands in front of a message.
const lengthBytes = 4

// isFramed tells from the first bytes whether each message has its length in
// front. A message begins with the tag of a group; a length that did would be
// larger than any message is.
func isFramed(b []byte) bool {
	return len(b) > lengthBytes && b[0] != tagGroup && b[lengthBytes] == tagGroup
}

// scoreOTLPProto goes down to the first span or log record.
func scoreOTLPProto(sample []byte) (float64, string) {
	if len(sample) == 0 || sample[0] != tagGroup && !isFramed(sample) {
		return 0, ""
	}
	how := "protobuf"
	if isFramed(sample) {
		sample, how = sample[lengthBytes:], "lengths and protobuf"
	}
	group, ok := fieldInside(sample, tagGroup, 0)
	if !ok {
		return 0, ""
	}
	scope, ok := fieldInside(group, tagScopes, tagLibraries)
	if !ok {
		return 0, ""
	}
	item, ok := fieldInside(scope, tagItems, 0)
	if !ok {
		return 0, ""
	}
	switch kindOfItem(item) {
	case itemProtoSpan:
		return 1, how + " that holds spans"
	case itemProtoLog:
		return 1, how + " that holds log records"
	}
	return 0, ""
}

// fieldInside returns the first field with one of two tags; what was sampled
// may end inside it.
func fieldInside(b []byte, tag, other uint64) ([]byte, bool) {
	for len(b) > 0 {
		t, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return nil, false
		}
		if t == tag || t == other && other != 0 {
			size, m := protowire.ConsumeVarint(b[n:])
			if m < 0 || size > EntryBytesMax {
				return nil, false
			}
			b = b[n+m:]
			return b[:min(uint64(len(b)), size)], true
		}
		number, kind := protowire.DecodeTag(t)
		if !number.IsValid() {
			return nil, false
		}
		m := protowire.ConsumeFieldValue(number, kind, b[n:])
		if m < 0 {
			return nil, false
		}
		b = b[n+m:]
	}
	return nil, false
}

// traceIDBytes is how long a trace id is.
const traceIDBytes = 16

// kindOfItem tells a span, whose first field is its trace id, from a log record,
// whose first and eleventh fields are times; itemSpan stands for neither.
func kindOfItem(b []byte) itemKind {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			break
		}
		switch {
		case number == 1 && kind == protowire.BytesType:
			if size, m := protowire.ConsumeVarint(b[n:]); m > 0 && size == traceIDBytes {
				return itemProtoSpan
			}
			return itemSpan
		case (number == 1 || number == 11) && kind == protowire.Fixed64Type:
			return itemProtoLog
		}
		m := protowire.ConsumeFieldValue(number, kind, b[n:])
		if m < 0 {
			break
		}
		b = b[n+m:]
	}
	return itemSpan
}

// protoDocument hands out the spans and log records of a file. One group, which
// is what one process sent at once, is in memory at a time.
type protoDocument struct {
	r        *bufio.Reader
	entryMax int
	parser   *traceParser
	group    []byte
	offset   int64 // behind what was read
	left     int64 // of the message, where it has a length in front
	framed   bool
	started  bool
	done     bool
	start    int64 // of group
	upNext   int   // of the parser's items
	ordinal  int64 // of the item in the file, as there are no lines
}

func (t *protoDocument) next(d *record.Draft) (record.Reason, error) {
	for !t.done {
		if p := t.parser; t.upNext < len(p.items) {
			item := p.items[t.upNext]
			t.upNext++
			t.ordinal++
			d.Line, d.Offset = t.ordinal, t.start+int64(item.at)
			reason := p.read(item, d)
			if reason != "" {
				resetFields(d)
				d.Raw = sampleOf(item.raw)
			}
			return reason, nil
		}
		err := t.readGroup()
		d.Line, d.Offset = t.ordinal+1, t.start
		switch {
		case err == nil:
		case err == io.EOF:
			t.done = true
		case errors.Is(err, errLargeEntry):
			d.Raw = []byte(err.Error())
			return record.RejectTooLong, nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			t.done = true
			d.Raw = []byte("the file ends too early")
			return record.RejectTruncated, nil
		case errors.Is(err, errNoMessage):
			t.done = true
			d.Raw = []byte(err.Error())
			return record.RejectDocument, nil
		default:
			return "", fmt.Errorf("reading protobuf: %w", err)
		}
	}
	return "", io.EOF
}

var errNoMessage = errors.New("what follows is no message of OpenTelemetry")

// readGroup reads the next group and finds its items; io.EOF at the end.
func (t *protoDocument) readGroup() error {
	p := t.parser
	p.items, t.upNext, t.start = p.items[:0], 0, t.offset
	if err := t.enterMessage(); err != nil {
		return err
	}
	tag, err := t.varint()
	if err != nil {
		return err
	}
	if tag != tagGroup {
		return errNoMessage
	}
	size, err := t.varint()
	if err == io.EOF && t.ordinal > 0 {
		return io.EOF // a line break that somebody put behind the last message
	}
	if err != nil {
		return unexpected(err)
	}
	t.start = t.offset
	if t.framed {
		if t.left -= int64(size); t.left < 0 || size > 1<<40 {
			return errNoMessage
		}
	}
	if size > uint64(t.entryMax) {
		if size > 1<<40 {
			return errNoMessage
		}
		n, err := io.CopyN(io.Discard, t.r, int64(size))
		t.offset += n
		if err != nil {
			return unexpected(err)
		}
		return errLargeEntry
	}
	if err := t.fill(int(size)); err != nil {
		return err
	}
	if !p.collectProto(t.group) {
		return errNoMessage
	}
	return nil
}

// fill reads a group. Its memory grows with what comes, not with what a length
// promises.
func (t *protoDocument) fill(size int) error {
	t.group = t.group[:0]
	for len(t.group) < size {
		want := min(size-len(t.group), scanBytes)
		from := len(t.group)
		t.group = append(t.group, make([]byte, want)...)
		n, err := io.ReadFull(t.r, t.group[from:])
		t.offset += int64(n)
		if err != nil {
			return unexpected(err)
		}
	}
	return nil
}

// enterMessage reads the length in front of a message where there is one.
func (t *protoDocument) enterMessage() error {
	if !t.started {
		t.started = true
		head, err := t.r.Peek(lengthBytes + 1)
		if err != nil && err != io.EOF {
			return err
		}
		t.framed = isFramed(head)
	}
	for t.framed && t.left == 0 { // a message may be empty
		var length [lengthBytes]byte
		n, err := io.ReadFull(t.r, length[:])
		t.offset += int64(n)
		if err != nil {
			return err
		}
		t.left = int64(binary.BigEndian.Uint32(length[:]))
	}
	return nil
}

// varint reads a tag or length; io.EOF where not a byte of it is there.
func (t *protoDocument) varint() (uint64, error) {
	var v uint64
	for i := range binary.MaxVarintLen64 {
		c, err := t.r.ReadByte()
		if err != nil {
			if i > 0 {
				return 0, unexpected(err)
			}
			return 0, err
		}
		t.offset++
		if t.framed {
			t.left--
		}
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return v, nil
		}
	}
	return 0, errNoMessage
}

// unexpected turns the end of a file into one that came too early.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
