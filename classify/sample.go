package classify

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
)

// sample is one raw HTTP response of samples.txtar, with what must come out.
// A section reads
//
//	-- RULE/NAME --
//	want: KEY VALUE
//	GET https://host/path?query
//	HTTP/1.1 404 Not Found
//	content-type: application/json
//
//	{"success": false}
//
// The want, request and time lines may be left out. RULE is a rule or status
// row of the pack, or "success" for an answer that is no failure.
type sample struct {
	at       place
	rule     string
	name     string
	wants    []want
	request  text
	time     text
	status   int
	headers  []record.Header
	body     []byte
	bodyLine int
}

type want struct {
	key, value string
	at         place
}

// successSample is the section name of answers that are no failures.
const successSample = "success"

// samplesMax bounds the samples of one file.
const samplesMax = 5000

// readSamples cuts a txtar file into samples. Text before the first section is
// a comment.
func readSamples(doc *document, bad *faults) []*sample {
	var out []*sample
	for i := 0; i < len(doc.lines); {
		name, ok := sectionName(doc.lines[i])
		if !ok {
			i++
			continue
		}
		start := i + 1
		end := start
		for end < len(doc.lines) {
			if _, next := sectionName(doc.lines[end]); next {
				break
			}
			end++
		}
		at := place{doc: doc, line: i + 1, col: 4}
		if len(out) >= samplesMax {
			bad.add(at, "", "more than %d samples", samplesMax)
			return out
		}
		if s := readSample(at, name, start, end, bad); s != nil {
			out = append(out, s)
		}
		i = end
	}
	return out
}

func sectionName(line string) (string, bool) {
	line = strings.TrimRight(line, "\r")
	if !strings.HasPrefix(line, "-- ") || !strings.HasSuffix(line, " --") || len(line) < 7 {
		return "", false
	}
	return strings.TrimSpace(line[3 : len(line)-3]), true
}

// readSample reads the lines from start to end of one section.
func readSample(at place, name string, start, end int, bad *faults) *sample {
	s := &sample{at: at, name: name, status: record.Absent}
	s.rule, _, _ = strings.Cut(name, "/")
	lines := at.doc.lines
	i := start
	for ; i < end && !strings.HasPrefix(lines[i], "HTTP/"); i++ {
		s.preamble(place{doc: at.doc, line: i + 1, col: 1}, strings.TrimSpace(lines[i]), bad)
	}
	if i == end {
		bad.add(at, "a sample is a raw response that begins with HTTP/1.1 and the status", "sample %q has no status line", name)
		return nil
	}
	if fields := strings.Fields(lines[i]); len(fields) > 1 {
		if n, err := strconv.Atoi(fields[1]); err == nil && n >= 0 {
			s.status = n
		}
	}
	if s.status < 0 {
		bad.add(place{doc: at.doc, line: i + 1, col: 1}, "", "status line of sample %q has no status", name)
		return nil
	}
	for i++; i < end && strings.TrimSpace(lines[i]) != ""; i++ {
		key, value, ok := strings.Cut(lines[i], ":")
		if !ok {
			bad.add(place{doc: at.doc, line: i + 1, col: 1}, "an empty line ends the headers", "header of sample %q has no colon", name)
			return nil
		}
		s.headers = append(s.headers, record.Header{Name: []byte(key), Value: []byte(strings.TrimSpace(value))})
	}
	if i+1 < end {
		s.body = bytes.TrimRight([]byte(strings.Join(lines[i+1:end], "\n")), "\r\n")
		s.bodyLine = i + 2
	}
	return s
}

// preamble reads a line that stands before the status line.
func (s *sample) preamble(at place, line string, bad *faults) {
	switch key, rest, _ := strings.Cut(line, " "); {
	case line == "" || line[0] == '#':
	case key == "want:":
		k, v, ok := strings.Cut(strings.TrimSpace(rest), " ")
		if !ok || !knownWant(k) {
			bad.add(at, "the keys are: "+strings.Join(wantKeys, ", "), "want line of sample %q is no known key and value", s.name)
			return
		}
		s.wants = append(s.wants, want{k, strings.TrimSpace(v), at})
	case key == "time:":
		s.time = text{strings.TrimSpace(rest), at}
	case strings.ToUpper(key) == key && strings.Contains(rest, "://"):
		s.request = text{line, at}
	default:
		bad.add(at, "want: KEY VALUE, time: RFC3339, METHOD URL, or the status line", "line of sample %q is none of a sample's", s.name)
	}
}

// record makes the record that the sample stands for. Without a request line
// it goes to host.
func (s *sample) record(host string, bad *faults) *record.Record {
	var d record.Draft
	d.Reset()
	d.Direction, d.Status = record.Outbound, s.status
	d.Headers, d.Body = s.headers, s.body
	method, target, ok := strings.Cut(s.request.s, " ")
	if !ok {
		method, target = "GET", "https://"+host+"/"
	}
	u, err := url.Parse(strings.TrimSpace(target))
	if err != nil {
		bad.add(s.request.at, "", "request of sample %q: %v", s.name, err)
		return nil
	}
	d.Method, d.Host = []byte(method), []byte(strings.ToLower(u.Hostname()))
	d.Path, d.Query = []byte(u.EscapedPath()), []byte(u.RawQuery)
	if s.time.s != "" {
		t, err := time.Parse(time.RFC3339, s.time.s)
		if err != nil {
			bad.add(s.time.at, "", "time of sample %q: %v", s.name, err)
			return nil
		}
		d.TimeNS, d.TimeDigits = t.UnixNano(), 0
	}
	return &record.Record{Exchange: &d.Exchange}
}

// wantKeys are the keys of want lines.
var wantKeys = []string{"failure", "vendor", "category", "code", "type", "message", "retry", "retry_at", "retry_after_s", "retry_source",
	"fault", "benign", "contact_support", "outage", "body_status", "request_id", "confidence",
	"quota.name", "quota.tier", "quota.period", "quota.limit", "quota.used", "quota.remaining"}

func knownWant(key string) bool {
	for _, k := range wantKeys {
		if k == key {
			return true
		}
	}
	return false
}

// labelled is the label's value under a want key, as text.
func labelled(l *record.Label, key string) string {
	switch key {
	case "failure":
		return strconv.FormatBool(l.Failure)
	case "vendor":
		return l.Vendor
	case "category":
		return string(l.Category)
	case "code":
		return l.Code
	case "type":
		return l.Type
	case "message":
		return l.Message
	case "retry":
		return string(l.Retry)
	case "retry_at":
		return l.RetryAt.Format(time.RFC3339)
	case "retry_after_s":
		return strconv.FormatFloat(l.RetryAfterS, 'g', -1, 64)
	case "retry_source":
		return l.RetrySource
	case "fault":
		return string(l.Fault)
	case "benign":
		return strconv.FormatBool(l.Benign)
	case "contact_support":
		return strconv.FormatBool(l.ContactSupport)
	case "outage":
		return strconv.FormatBool(l.Outage)
	case "body_status":
		return strconv.Itoa(l.BodyStatus)
	case "request_id":
		return l.RequestID
	case "confidence":
		return string(l.Confidence)
	}
	return labelledQuota(&l.Quota, key)
}

func labelledQuota(q *record.Quota, key string) string {
	switch key {
	case "quota.name":
		return q.Name
	case "quota.tier":
		return q.Tier
	case "quota.period":
		return q.Period
	case "quota.limit":
		return strconv.FormatInt(q.Limit, 10)
	case "quota.used":
		return strconv.FormatInt(q.Used, 10)
	}
	return strconv.FormatInt(q.Remaining, 10)
}
