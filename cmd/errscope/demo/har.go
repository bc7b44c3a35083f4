package demo

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// HAR files hold a person's session: few entries, all of them whole.
const (
	harEntries    = 18
	harEntriesMax = 400
)

type harEntry struct {
	Started  string         `json:"startedDateTime"`
	TimeMS   int64          `json:"time"`
	Request  harRequest     `json:"request"`
	Response harResponse    `json:"response"`
	Cache    map[string]any `json:"cache"`
	Timings  harTimings     `json:"timings"`
}

type harTimings struct {
	Send    int64 `json:"send"`
	Wait    int64 `json:"wait"`
	Receive int64 `json:"receive"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Headers     []harPair `json:"headers"`
	QueryString []harPair `json:"queryString"`
	PostData    *harText  `json:"postData,omitempty"`
}

type harResponse struct {
	Status      int       `json:"status"`
	StatusText  string    `json:"statusText"`
	HTTPVersion string    `json:"httpVersion"`
	Headers     []harPair `json:"headers"`
	Content     harText   `json:"content"`
	Error       string    `json:"_error,omitempty"`
}

type harText struct {
	Size     int    `json:"size,omitempty"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
}

// writeHAR writes the session of a developer on the last afternoon. The last
// call but one finds nobody at home.
func writeHAR(ctx context.Context, p *plan, s *sink) error {
	c := &caller{plan: p, random: p.random(streamHAR), captured: true, carsxe: p.secrets.carsxeWeb, shares: []int{0, 20, 30, 40, 20}}
	entries := int(min(harEntriesMax, max(4, harEntries*p.permille/1000)))
	at := p.start.AddDate(0, 0, p.days-1).Add(14*time.Hour + 3*time.Minute)
	s.WriteString(`{"log":{"version":"1.2","creator":{"name":"errscope demo","version":"1"},"pages":[],"entries":[`)
	for i := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		at = at.Add(time.Duration(300+c.random.IntN(4000)) * time.Millisecond)
		x := c.call(at)
		switch {
		case i == entries-2:
			x.nobody(&refused)
		case i%5 == 2 && x.answer == nil:
			// People record a session because something fails in it.
			if a := c.mishap(x.vendor, x.route); a != nil {
				x.answer, x.status, x.body = a, a.status, x.vendor.body(a, x.route, x.id)
				x.bytes = len(x.body)
			}
		}
		p.truth.add(s.truth, x)
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteByte('\n')
		s.WriteString(marshal(c.har(x, int64(i))))
	}
	s.WriteString("\n]}}\n")
	return nil
}

// nobody turns a call into one without a response.
func (x *exchange) nobody(a *answer) {
	x.answer, x.status, x.body, x.id, x.bytes = a, 0, "", "", 0
}

func (c *caller) har(x *exchange, number int64) harEntry {
	started := x.at.Add(-x.took)
	e := harEntry{Started: stamp(started), TimeMS: x.took.Milliseconds(), Cache: map[string]any{},
		Request:  harRequest{Method: x.route.method, URL: fullURL(x), HTTPVersion: "HTTP/2", Headers: pairs(c.requestHeaders(x, number)), QueryString: queryPairs(x.query)},
		Response: harResponse{Status: x.status, HTTPVersion: "HTTP/2", Headers: []harPair{}, Content: harText{MimeType: "application/json"}},
		Timings:  harTimings{Send: 1, Wait: x.took.Milliseconds() - 2, Receive: 1}}
	if body := c.requestBody(x); body != "" {
		e.Request.PostData = &harText{MimeType: "application/json", Text: body}
	}
	if x.status == 0 {
		e.Response.Error, e.Response.Content.MimeType = x.answer.transport, "x-unknown"
		return e
	}
	e.Response.Headers = pairs(responseHeaders(x))
	e.Response.Content.Size = x.bytes
	if number%4 == 2 && x.body != "" { // as some browsers save it
		e.Response.Content.Encoding, e.Response.Content.Text = "base64", base64.StdEncoding.EncodeToString([]byte(x.body))
	} else {
		e.Response.Content.Text = x.body
	}
	return e
}

// pairs sorts headers by name: a map has no order.
func pairs(headers map[string]string) []harPair {
	list := []harPair{}
	for name, value := range headers {
		list = append(list, harPair{name, value})
	}
	slices.SortFunc(list, func(a, b harPair) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func queryPairs(query string) []harPair {
	list := []harPair{}
	for query != "" {
		var part string
		part, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(part, "=")
		list = append(list, harPair{name, value})
	}
	return list
}
