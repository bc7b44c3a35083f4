package ingest

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/errscope/errscope/record"
)

// protoItems are the messages that items are decoded into.
type protoItems struct {
	span trace.Span
	log  logs.LogRecord
}

var protoDecoding = proto.UnmarshalOptions{AllowPartial: true, DiscardUnknown: true}

// collectProto finds the spans and log records of a group, and is false where
// it is no such message.
func (p *traceParser) collectProto(group []byte) bool {
	return eachField(group, func(tag uint64, scope []byte) bool {
		if tag != tagScopes && tag != tagLibraries {
			return true
		}
		return eachField(scope, func(tag uint64, item []byte) bool {
			if tag == tagItems {
				kind := kindOfItem(item)
				if kind == itemSpan {
					kind = itemProtoSpan // one without an id; reading it says what is wrong
				}
				if len(item) >= traceItemMin {
					p.items = append(p.items, traceItem{raw: item, at: cap(group) - cap(item), kind: kind})
				}
			}
			return true
		})
	})
}

// eachField calls field for every field of bytes, and is false where the bytes
// are no message or field is.
func eachField(b []byte, field func(tag uint64, value []byte) bool) bool {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return false
		}
		m := protowire.ConsumeFieldValue(number, kind, b[n:])
		if m < 0 {
			return false
		}
		if kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(b[n:])
			if !field(protowire.EncodeTag(number, kind), value) {
				return false
			}
		}
		b = b[n+m:]
	}
	return true
}

// protoSpan reads one span.
func (p *traceParser) protoSpan(raw []byte, d *record.Draft) record.Reason {
	m, s := &p.proto.span, &p.span
	if protoDecoding.Unmarshal(raw, m) != nil {
		return record.RejectEncoding
	}
	d.TraceID, d.SpanID = s.arena.hex(m.TraceId), s.arena.hex(m.SpanId)
	s.kind = s.arena.integer(int64(m.Kind))
	s.startNS, s.endNS = unixNano(m.StartTimeUnixNano), unixNano(m.EndTimeUnixNano)
	p.protoAttributes(m.Attributes)
	for _, event := range m.Events {
		if event.GetName() == "exception" {
			p.protoAttributes(event.GetAttributes())
		}
	}
	s.failed = m.Status.GetCode() == trace.Status_STATUS_CODE_ERROR
	s.message = s.arena.copyOf(m.Status.GetMessage())
	return s.exchange(d)
}

// unixNano is a time, 0 where it is beyond what a time can be.
func unixNano(n uint64) int64 {
	if n > 1<<62 {
		return 0
	}
	return int64(n)
}

func (p *traceParser) protoAttributes(list []*common.KeyValue) {
	for _, pair := range list {
		key := p.span.arena.copyOf(pair.GetKey())
		if array := pair.GetValue().GetArrayValue(); array != nil {
			for _, v := range array.GetValues() {
				p.span.set(key, p.protoText(v))
			}
			continue
		}
		p.span.set(key, p.protoText(pair.GetValue()))
	}
}

// protoText is a simple value as text.
func (p *traceParser) protoText(v *common.AnyValue) []byte {
	a := &p.span.arena
	switch x := v.GetValue().(type) {
	case *common.AnyValue_StringValue:
		return a.copyOf(x.StringValue)
	case *common.AnyValue_IntValue:
		return a.integer(x.IntValue)
	case *common.AnyValue_BoolValue:
		if x.BoolValue {
			return a.copyOf("true")
		}
		return a.copyOf("false")
	}
	return nil
}

// protoLog reads one log record.
func (p *traceParser) protoLog(raw []byte, d *record.Draft) record.Reason {
	m, l, s := &p.proto.log, &p.logs, &p.span
	if protoDecoding.Unmarshal(raw, m) != nil {
		return record.RejectEncoding
	}
	l.begin()
	l.trace, l.span = s.arena.hex(m.TraceId), s.arena.hex(m.SpanId)
	if l.timeNS = unixNano(m.TimeUnixNano); l.timeNS == 0 {
		l.timeNS = unixNano(m.ObservedTimeUnixNano)
	}
	l.protoMembers(m.Attributes, 0)
	if list := m.Body.GetKvlistValue(); list != nil {
		l.protoMembers(list.GetValues(), 0)
	} else {
		l.body = s.arena.copyOf(m.Body.GetStringValue())
	}
	return l.exchange(d)
}

func (l *logRecords) protoMembers(list []*common.KeyValue, depth int) {
	for _, pair := range list {
		l.member([]byte(pair.GetKey()))
		l.protoValue(pair.GetValue(), depth)
	}
}

// protoValue writes a value as JSON.
func (l *logRecords) protoValue(v *common.AnyValue, depth int) {
	switch x := v.GetValue().(type) {
	case *common.AnyValue_StringValue:
		l.flat = appendQuoted(l.flat, []byte(x.StringValue))
		return
	case *common.AnyValue_IntValue:
		l.integer(x.IntValue)
		return
	case *common.AnyValue_DoubleValue:
		l.decimal(x.DoubleValue)
		return
	case *common.AnyValue_ArrayValue:
		if depth < logDepthMax {
			l.flat = append(l.flat, '[')
			for i, v := range x.ArrayValue.GetValues() {
				if i > 0 {
					l.flat = append(l.flat, ',')
				}
				l.protoValue(v, depth+1)
			}
			l.flat = append(l.flat, ']')
			return
		}
	case *common.AnyValue_KvlistValue:
		if depth < logDepthMax {
			l.flat = append(l.flat, '{')
			l.protoMembers(x.KvlistValue.GetValues(), depth+1)
			l.flat = append(l.flat, '}')
			return
		}
	}
	l.flat = append(l.flat, "null"...)
}
