package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/errscope/errscope/queries"
)

// sample is one exchange, masked, in the shape in which it went over the wire.
type sample struct {
	at                        time.Time
	method, host, path, query string
	status                    int
	requestHeaders, headers   []headerField
	body, message             string
	cut                       int // bytes of the body that were left out
	durationMS                float64
	requestID, traceID        string
}

// sampleBodyMax bounds the body of a sample, in bytes.
const sampleBodyMax = 64 << 10

func newSample(x *queries.Exchange, e *egress) *sample {
	s := &sample{at: x.TS, method: e.text(x.Method), host: e.text(x.Host), path: e.text(x.Path), query: e.query(x.Query), status: x.Status,
		requestHeaders: e.headers(x.RequestHeaders), headers: e.headers(x.Headers), message: e.text(x.Message), durationMS: x.DurationMS,
		requestID: x.RequestID, traceID: e.text(x.TraceID)}
	if s.path == "" {
		s.path = e.text(x.Route)
	}
	body := x.Body
	if len(body) > sampleBodyMax {
		body = strings.ToValidUTF8(body[:sampleBodyMax], "")
		s.cut = len(x.Body) - len(body)
	}
	s.body = e.body(body)
	return s
}

func (s *sample) target() string {
	target := s.path
	if target == "" {
		target = "/"
	}
	if s.query != "" {
		target += "?" + s.query
	}
	return target
}

// raw writes the exchange as HTTP/1.1, as far as it was logged. Control
// characters stand as escapes, for the file may be shown on a terminal.
func (s *sample) raw(bodyMax int) string {
	var b strings.Builder
	method := s.method
	if method == "" {
		method = "GET"
	}
	b.WriteString(visible(method) + " " + visible(s.target()) + " HTTP/1.1\n")
	if s.host != "" {
		b.WriteString("host: " + visible(s.host) + "\n")
	}
	for _, h := range s.requestHeaders {
		if !strings.EqualFold(h.Name, "host") {
			b.WriteString(visible(h.Name) + ": " + visible(h.Value) + "\n")
		}
	}
	b.WriteByte('\n')
	switch {
	case s.status <= 0:
		b.WriteString("(no response)\n")
		return b.String()
	default:
		b.WriteString(strings.TrimRight("HTTP/1.1 "+strconv.Itoa(s.status)+" "+http.StatusText(s.status), " ") + "\n")
	}
	for _, h := range s.headers {
		b.WriteString(visible(h.Name) + ": " + visible(h.Value) + "\n")
	}
	if s.body == "" {
		return b.String()
	}
	body, cut := s.body, s.cut
	if len(body) > bodyMax {
		body = strings.ToValidUTF8(body[:bodyMax], "")
		cut += len(s.body) - len(body)
	}
	b.WriteByte('\n')
	for line := range strings.SplitSeq(body, "\n") {
		b.WriteString(visible(strings.TrimSuffix(line, "\r")) + "\n")
	}
	if cut > 0 {
		b.WriteString("(" + counted(int64(cut), "more byte") + ")\n")
	}
	return b.String()
}

// The parts of HAR 1.2 that are known of an exchange.
type harLog struct {
	Log struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Entries []harEntry `json:"entries"`
	} `json:"log"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	Started  string      `json:"startedDateTime"`
	TimeMS   float64     `json:"time"`
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  string      `json:"comment,omitempty"`
}

type harRequest struct {
	Method      string     `json:"method"`
	URL         string     `json:"url"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harField `json:"cookies"`
	Headers     []harField `json:"headers"`
	Query       []harField `json:"queryString"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harField `json:"cookies"`
	Headers     []harField `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harContent struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
}

type harField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// har writes one exchange of each kind as HAR 1.2.
func (p *part) har(version string) ([]byte, error) {
	var log harLog
	log.Log.Version, log.Log.Creator = "1.2", harCreator{"errscope", version}
	log.Log.Entries = []harEntry{}
	for _, k := range p.kinds {
		if k.sample != nil {
			log.Log.Entries = append(log.Log.Entries, k.sample.har(k.Name))
		}
	}
	return indented(log)
}

func (s *sample) har(comment string) harEntry {
	took := max(0, s.durationMS)
	e := harEntry{Started: csvTime(s.at.Add(-time.Duration(took * float64(time.Millisecond)))), TimeMS: took, Comment: comment}
	e.Timings.Wait = took
	target := s.target()
	if s.host != "" {
		target = "https://" + s.host + target
	}
	e.Request = harRequest{Method: s.method, URL: target, HTTPVersion: "HTTP/1.1", Cookies: []harField{}, Headers: harFields(s.requestHeaders),
		Query: []harField{}, HeadersSize: -1, BodySize: -1}
	for pair := range strings.SplitSeq(s.query, "&") {
		if name, value, _ := strings.Cut(pair, "="); name != "" {
			e.Request.Query = append(e.Request.Query, harField{unescaped(name), unescaped(value)})
		}
	}
	e.Response = harResponse{Status: max(0, s.status), StatusText: http.StatusText(s.status), HTTPVersion: "HTTP/1.1", Cookies: []harField{}, Headers: harFields(s.headers),
		HeadersSize: -1, BodySize: -1}
	e.Response.Content = harContent{Size: len(s.body) + s.cut, Text: s.body}
	for _, h := range s.headers {
		if strings.EqualFold(h.Name, "content-type") {
			e.Response.Content.MimeType = h.Value
		}
	}
	return e
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil && utf8.ValidString(plain) {
		return plain
	}
	return s
}

func harFields(list []headerField) []harField {
	out := make([]harField, 0, len(list))
	for _, h := range list {
		out = append(out, harField(h))
	}
	return out
}

// indented writes JSON that steers no terminal.
func indented(v any) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(asciiControls(b), '\n'), nil
}

// csv lists the calls, one line each.
func (p *part) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"ts", "request_id", "client_request_id", "trace_id", "host", "method", "route", "path", "query", "status", "category", "code", "type",
		"duration_ms", "account", "for_support", "outage_window_id", "source_sha256", "source_offset"}); err != nil {
		return err
	}
	for _, c := range p.rows {
		row := []string{csvTime(c.TS), csvText(c.RequestID), csvText(c.ClientRequestID), csvText(c.TraceID), csvText(c.Host), csvText(c.Method), csvText(c.Route),
			csvText(c.Path), csvText(c.Query), "", string(c.Category), csvText(c.Code), csvText(c.Type), "", "", strconv.FormatBool(c.ForSupport), "",
			c.SHA256, strconv.FormatInt(c.SourceOffset, 10)}
		for at, value := range map[int]int64{9: int64(c.Status), 16: c.WindowID} {
			if value > 0 || at == 9 && value == 0 {
				row[at] = strconv.FormatInt(value, 10)
			}
		}
		if c.DurationMS >= 0 {
			row[13] = strconv.FormatFloat(c.DurationMS, 'f', -1, 64)
		}
		if c.account > 0 {
			row[14] = strconv.Itoa(c.account)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
