package ingest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strconv"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// spanField is what an attribute of a span can mean.
type spanField uint8

const (
	spanMethod spanField = iota
	spanMethodOriginal
	spanURL
	spanScheme
	spanHost // of the request
	spanOwn  // name of the side that made the span
	spanPeer // name of the other side
	spanPeerAddress
	spanTarget
	spanPath
	spanQuery
	spanStatus
	spanBytes
	spanClient
	spanAgent
	spanVersion
	spanKind
	spanErrorType
	spanErrorText
	spanException
	spanExceptionType
	spanFlags
	spanFailed
	spanRequestID
	spanUpstream
	spanBody
	spanRequestBody
	spanFieldCount
)

// spanName is one name of a field; of two that a span has the lower rank
// counts.
type spanName struct {
	field spanField
	rank  uint8
}

// spanNames are the attributes of the OpenTelemetry conventions, the stable
// ones (rank 1) and those before them, of OpenTracing, and of Envoy's spans.
var spanNames = map[string]spanName{
	"http.request.method": {spanMethod, 1}, "http.method": {spanMethod, 2},
	"http.request.method_original": {spanMethodOriginal, 1},
	"url.full":                     {spanURL, 1}, "http.url": {spanURL, 2},
	"url.scheme": {spanScheme, 1}, "http.scheme": {spanScheme, 2},
	"server.address": {spanHost, 1}, "http.host": {spanHost, 2},
	"net.host.name": {spanOwn, 1}, "http.server_name": {spanOwn, 2},
	"net.peer.name": {spanPeer, 1}, "peer.hostname": {spanPeer, 2}, "net.sock.peer.name": {spanPeer, 3},
	"network.peer.address": {spanPeerAddress, 1}, "net.sock.peer.addr": {spanPeerAddress, 2}, "net.peer.ip": {spanPeerAddress, 3},
	"peer.ipv4": {spanPeerAddress, 4}, "peer.address": {spanPeerAddress, 5},
	"http.target": {spanTarget, 1}, "url.path": {spanPath, 1}, "http.path": {spanPath, 2}, "url.query": {spanQuery, 1},
	"http.response.status_code": {spanStatus, 1}, "http.status_code": {spanStatus, 2},
	"http.response.body.size": {spanBytes, 1}, "http.response_content_length": {spanBytes, 2}, "response_size": {spanBytes, 3},
	"client.address": {spanClient, 1}, "http.client_ip": {spanClient, 2},
	"user_agent.original": {spanAgent, 1}, "http.user_agent": {spanAgent, 2}, "user_agent": {spanAgent, 3},
	"network.protocol.version": {spanVersion, 1}, "http.flavor": {spanVersion, 2}, "net.protocol.version": {spanVersion, 3},
	"http.protocol": {spanVersion, 4},
	"span.kind":     {spanKind, 1},
	"error.type":    {spanErrorType, 1}, "error.kind": {spanErrorType, 2},
	"error.message": {spanErrorText, 1}, "otel.status_description": {spanErrorText, 2},
	"error.object": {spanErrorText, 3}, "message": {spanErrorText, 4}, // OpenTracing
	"exception.message": {spanException, 1}, "exception.type": {spanExceptionType, 1},
	"response_flags": {spanFlags, 1}, "error": {spanFailed, 1}, "otel.status_code": {spanFailed, 2},
	"aws.request_id": {spanRequestID, 1}, "aws.requestId": {spanRequestID, 2},
	"upstream_address":           {spanUpstream, 1},
	"http.response.body.content": {spanBody, 1}, "http.response.body": {spanBody, 2},
	"http.request.body.content": {spanRequestBody, 1}, "http.request.body": {spanRequestBody, 2},
}

// Prefixes of the attributes that are header fields.
const (
	spanResponseHeader = "http.response.header."
	spanRequestHeader  = "http.request.header."
)

// span turns the attributes of one span into an exchange. It borrows the
// header fields, ids and texts of JSON lines, where they are the same.
type span struct {
	*jsonLines
	values         [spanFieldCount][]byte
	ranks          [spanFieldCount]uint8
	kind           []byte // as written: 3, SPAN_KIND_CLIENT, client
	startNS, endNS int64  // 0 where not stated
	digits         int8
	failed         bool
	message        []byte // of the span's status
	known          *recall[spanMeaning]
}

// spanMeaning is what an attribute's name says, where it says anything.
type spanMeaning struct {
	spanName
	known bool
}

// begin empties all for the next span.
func (s *span) begin(d *record.Draft) {
	*s = span{jsonLines: s.jsonLines, known: s.known, digits: 9}
	s.known.restart()
	s.arena.reset()
	s.d = d
}

// set takes an attribute. Where it is a list, each value is set.
func (s *span) set(key, value []byte) {
	if len(value) == 0 || len(value) == 1 && value[0] == '-' {
		return
	}
	name, recalled := s.known.meaning(key)
	if !recalled {
		name.spanName, name.known = spanNames[string(key)]
	}
	if name.known {
		if rank := s.ranks[name.field]; rank == 0 || name.rank < rank {
			s.values[name.field], s.ranks[name.field] = value, name.rank
		}
		return
	}
	if name, found := bytes.CutPrefix(key, []byte(spanResponseHeader)); found {
		s.header(fieldResponseHeaders, name, value)
	} else if name, found := bytes.CutPrefix(key, []byte(spanRequestHeader)); found {
		s.header(fieldRequestHeaders, name, value)
	}
}

// header keeps a header field. Jaeger has lists as texts.
func (s *span) header(field jsonField, name, value []byte) {
	if bytes.HasPrefix(value, []byte(`["`)) && jsonscan.Valid(value) {
		s.addHeader(field, name, value, jsonscan.ArrayKind)
		return
	}
	s.putHeader(field, name, value)
}

// exchange fills d, or says that the span speaks of no HTTP call.
func (s *span) exchange(d *record.Draft) record.Reason {
	v := &s.values
	url := v[spanURL]
	if len(v[spanMethod]) == 0 && len(v[spanStatus]) == 0 && !bytes.HasPrefix(url, []byte("http")) {
		return record.IgnoreNoHTTP
	}
	s.where(d)
	if len(v[spanStatus]) > 0 {
		n, ok := number(v[spanStatus])
		if !ok || n > 999 || n > 0 && n < 100 {
			return record.RejectStatus
		}
		d.Status = int(n)
	} else if s.broken() {
		d.Status = 0
	} else {
		return record.IgnoreNoHTTP // how it ended was not recorded
	}
	if d.Status == 0 {
		d.Failure = s.failure()
	}
	s.when(d)
	s.who(d)
	return ""
}

func (s *span) where(d *record.Draft) {
	v := &s.values
	d.Method = v[spanMethod]
	if original := v[spanMethodOriginal]; string(d.Method) == "_OTHER" && len(original) > 0 {
		d.Method = original
	}
	switch {
	case len(v[spanURL]) > 0:
		s.arena.setTarget(d, v[spanURL])
	case len(v[spanTarget]) > 0:
		s.arena.setTarget(d, v[spanTarget])
	default:
		d.Path, d.Query = v[spanPath], bytes.TrimPrefix(v[spanQuery], []byte{'?'})
	}
	if len(d.Scheme) == 0 {
		d.Scheme = v[spanScheme]
	}
	other := v[spanPeer]
	if s.server() {
		other = v[spanOwn]
	}
	if len(d.Host) == 0 && len(v[spanHost]) > 0 {
		d.Host = s.arena.host(v[spanHost])
	} else if len(d.Host) == 0 {
		d.Host = s.arena.host(other)
	}
	d.HTTPVersion = httpVersion(v[spanVersion])
}

func (s *span) client() bool {
	switch string(s.kind) {
	case "3", "SPAN_KIND_CLIENT", "client", "CLIENT", "Client":
		return true
	}
	return false
}

func (s *span) server() bool {
	switch string(s.kind) {
	case "2", "SPAN_KIND_SERVER", "server", "SERVER", "Server":
		return true
	}
	return false
}

// broken reports whether the span says that the call failed.
func (s *span) broken() bool {
	v := &s.values
	word := v[spanFailed]
	return s.failed || len(v[spanErrorType]) > 0 || len(v[spanException]) > 0 || len(v[spanExceptionType]) > 0 ||
		len(word) > 0 && string(word) != "false" && string(word) != "OK" && string(word) != "UNSET"
}

// failure is the kind of error and its text, as far as they are stated.
func (s *span) failure() []byte {
	v := &s.values
	text := firstText(v[spanException], v[spanErrorText], s.message)
	if word := v[spanFailed]; len(text) == 0 && s.ranks[spanFailed] == 1 && string(word) != "true" && string(word) != "false" {
		text = word
	}
	kind := firstText(v[spanExceptionType], v[spanErrorType], v[spanFlags])
	if string(kind) == "_OTHER" {
		kind = nil
	}
	if len(kind) == 0 || len(text) == 0 || bytes.Contains(text, kind) {
		return firstText(text, kind)
	}
	a := &s.arena
	start := len(a.buf)
	a.buf = append(append(append(a.buf, kind...), ": "...), text...)
	return a.buf[start:len(a.buf):len(a.buf)]
}

func firstText(texts ...[]byte) []byte {
	for _, t := range texts {
		if len(t) > 0 {
			return t
		}
	}
	return nil
}

func (s *span) when(d *record.Draft) {
	switch {
	case s.startNS > 0 && s.endNS >= s.startNS:
		d.LoggedNS, d.TimeNS, d.TimeDigits = s.startNS, s.endNS, s.digits
		d.DurationNS = s.endNS - s.startNS
	case s.startNS > 0 || s.endNS > 0:
		d.TimeNS, d.TimeDigits = max(s.startNS, s.endNS), s.digits
	}
}

func (s *span) who(d *record.Draft) {
	v := &s.values
	if n, ok := number(v[spanBytes]); ok {
		d.Bytes = n
	}
	client := v[spanClient]
	if len(client) == 0 && s.server() {
		client = v[spanPeerAddress]
	}
	if isIP(client) {
		d.Client = withoutPort(client)
	}
	d.UserAgent, d.UpstreamHost = v[spanAgent], v[spanUpstream]
	d.Body, d.RequestBody = v[spanBody], v[spanRequestBody]
	setHeaderIDs(d, &s.arena)
	if len(d.RequestID) == 0 {
		d.RequestID = v[spanRequestID]
	}
	setDirection(s.bindings, d, s.client() || !s.server() && bytes.Contains(d.Target, []byte("://")))
}

// hexID is an id in hex, as OTLP has it in JSON; other dumps have base64, as
// JSON of protobuf has bytes. length is that of the hex.
func (a *arena) hexID(id []byte, length int) []byte {
	if len(id) == length || len(id) != base64.StdEncoding.EncodedLen(length/2) {
		return a.lower(id)
	}
	var raw [18]byte
	n, err := base64.StdEncoding.Decode(raw[:], id)
	if err != nil || n != length/2 {
		return id
	}
	return a.hex(raw[:n])
}

func (a *arena) hex(raw []byte) []byte {
	start := len(a.buf)
	a.buf = hex.AppendEncode(a.buf, raw)
	return a.buf[start:len(a.buf):len(a.buf)]
}

// copyOf holds a text; a zero byte, which no text of a database holds, becomes
// a blank.
func (a *arena) copyOf(text string) []byte {
	start := len(a.buf)
	a.buf = append(a.buf, text...)
	return withoutZeros(a.buf[start:len(a.buf):len(a.buf)])
}

func (a *arena) integer(n int64) []byte {
	start := len(a.buf)
	a.buf = strconv.AppendInt(a.buf, n, 10)
	return a.buf[start:len(a.buf):len(a.buf)]
}
