package ingest

import (
	"bytes"

	"github.com/errscope/errscope/record"
)

// apacheErrorFormat is Apache's error log. What its proxy says about a backend
// that failed is an exchange without a response; another error in the course
// of a request is one that states no status.
var apacheErrorFormat = format{
	info: FormatInfo{
		Name:  "apache_error",
		About: "Apache's error log (2.2 and 2.4; why a backend failed)",
		Sample: `[Wed Mar 04 09:15:02.118203 2026] [proxy:error] [pid 71:tid 140] (111)Connection refused: AH00957: HTTPS: attempt to connect to` +
			` 198.51.100.4:443 (api.example.com) failed`,
	},
	score: func(sample []byte) (float64, string) {
		return scoreLines(sample, newApacheError(sampleConfig()), func(r record.Reason) bool {
			return r == "" || r == record.IgnoreNoHTTP || r == record.IgnoreContinued
		})
	},
	lines: func(cfg *Config) lineParser { return newApacheError(cfg) },
	stray: func(line []byte) bool {
		return len(line) > 30 && line[0] == '[' && bytes.Contains(line[:min(len(line), 64)], []byte("] ["))
	},
	loose: true, // modules and scripts write lines of their own
}

// apacheError parses one line after the other; it belongs to one goroutine.
type apacheError struct{ combined }

func newApacheError(cfg *Config) *apacheError { return &apacheError{*newCombined(cfg)} }

// apacheLevels are the levels of the log; those up to apacheLast are errors.
var apacheLevels = []string{"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"}

const apacheLast = 3

// apacheLevel is the place of a level in that list, -1 where it is none.
func apacheLevel(b []byte) int {
	for i, name := range apacheLevels {
		if string(b) == name {
			return i
		}
	}
	if len(b) == 6 && string(b[:5]) == "trace" {
		return len(apacheLevels)
	}
	return -1
}

// parse reads
//
//	[time] [module:level] [pid n:tid n] (code)reason: [client address] AHnnnnn: message, referer: URL
//
// of 2.4, and "[time] [level] [client address] message" of 2.2.
func (p *apacheError) parse(line []byte, d *record.Draft) record.Reason {
	if len(line) < 30 || line[0] != '[' {
		return record.RejectSyntax
	}
	stamp, rest, ok := bytes.Cut(line[1:], []byte("] ["))
	if !ok || len(stamp) > 40 {
		return record.RejectSyntax
	}
	what, rest, ok := bytes.Cut(rest, []byte{']'})
	colon := bytes.LastIndexByte(what, ':')
	level := apacheLevel(what[colon+1:])
	if !ok || level < 0 {
		return record.RejectSyntax
	}
	if !p.apacheTime(stamp, d) {
		return record.RejectTime
	}
	p.begin(line)
	rest = trimSpace(rest)
	if bytes.HasPrefix(rest, []byte("[pid ")) {
		_, rest, _ = bytes.Cut(rest, []byte("] "))
	}
	client := p.errorClient(rest, colon >= 0, d)
	if i := lastText(rest, []byte(", referer: ")); i >= 0 {
		d.Referer = p.unescape(rest[i+11:])
		rest = rest[:i]
	}
	module := what[:max(colon, 0)]
	switch p.backend(module, rest, level, d) {
	case backendFailed:
		return ""
	case backendRepeated:
		return record.IgnoreContinued
	}
	if !client || level > apacheLast {
		return record.IgnoreNoHTTP
	}
	setDirection(p.bindings, d, false)
	return ""
}

func (p *apacheError) apacheTime(stamp []byte, d *record.Draft) (ok bool) {
	if len(stamp) > 2 && stamp[2] == '/' {
		d.TimeNS, d.TimeDigits, ok = p.clock.commonLog(stamp)
		return ok
	}
	if len(stamp) > 4 && stamp[4] == '-' {
		d.TimeNS, d.TimeDigits, ok = p.clock.iso(stamp)
		return ok
	}
	d.TimeNS, d.TimeDigits, ok = p.clock.cTime(stamp)
	return ok
}

// errorClient takes the address of "[client …]", which from 2.4 on has a port
// behind it, also behind an IPv6 address without brackets.
func (p *apacheError) errorClient(b []byte, port bool, d *record.Draft) bool {
	_, b, found := bytes.Cut(b, []byte("[client "))
	client, _, ok := bytes.Cut(b, []byte{']'})
	if !found || !ok || !isIP(client) {
		return false
	}
	if i := bytes.LastIndexByte(client, ':'); port && i > 0 {
		client = client[:i]
	}
	d.Client = withoutPort(client)
	return true
}

// backend is what a line says about a backend.
type backend uint8

const (
	backendUnknown  backend = iota
	backendFailed           // it failed
	backendRepeated         // it failed, and another line says so better
)

// backend reads what the proxy modules say. The texts are those of 2.2 and 2.4.
func (p *apacheError) backend(module, b []byte, level int, d *record.Draft) backend {
	reason, message := []byte(nil), b
	if i := bytes.Index(b, []byte("[client ")); i >= 0 {
		reason = b[:i]
		_, message, _ = bytes.Cut(b[i:], []byte("] "))
	}
	proxied := bytes.HasPrefix(module, []byte("proxy")) || len(module) == 0 && bytes.Contains(b, []byte("proxy: ")) ||
		bytes.Contains(b, []byte("ap_proxy_connect_backend"))
	if !proxied || level > apacheLast {
		return backendUnknown
	}
	for _, words := range backendAgain {
		if bytes.Contains(b, words) {
			return backendRepeated
		}
	}
	switch string(module) {
	case "proxy_fcgi", "proxy_ajp", "proxy_scgi", "proxy_uwsgi", "proxy_wstunnel":
		return backendUnknown // applications of our own
	}
	known := p.attempt(message, d) || p.remote(message, d)
	if !known && len(d.Client) == 0 {
		return backendUnknown // the configuration, or a worker in the background
	}
	start := len(p.arena.buf) // the words without the caller's address
	p.arena.buf = append(append(p.arena.buf, reason...), message...)
	d.Status, d.Failure = 0, p.arena.buf[start:len(p.arena.buf):len(p.arena.buf)]
	setDirection(p.bindings, d, true)
	return backendFailed
}

// backendAgain are lines that follow one which names the reason.
var backendAgain = [][]byte{
	[]byte("failed to make connection to backend"),
	[]byte("Error reading from remote server returned by"),
	[]byte("disabling worker for"),
	[]byte("from  ()"),
}

// attempt reads "attempt to connect to address (name) failed" and "pass request
// body failed to address (name)".
func (p *apacheError) attempt(b []byte, d *record.Draft) bool {
	_, rest, found := bytes.Cut(b, []byte("attempt to connect to "))
	if !found {
		if _, rest, found = bytes.Cut(b, []byte("pass request body failed to ")); !found {
			return false
		}
	}
	address, rest := word(rest)
	d.UpstreamHost = address
	if name, _, ok := bytes.Cut(bytes.TrimPrefix(rest, []byte{'('}), []byte{')'}); ok && (isHostName(name) || isIP(name)) {
		d.Host = p.arena.host(name)
	}
	return true
}

// remote reads "error reading status line from remote server name:port" and
// "DNS lookup failure for: name returned by path".
func (p *apacheError) remote(b []byte, d *record.Draft) bool {
	_, rest, found := bytes.Cut(b, []byte("from remote server "))
	if !found {
		if _, rest, found = bytes.Cut(b, []byte("DNS lookup failure for: ")); !found {
			return false
		}
	}
	name, rest := word(rest)
	if isHostName(name) || isIP(name) {
		d.Host = p.arena.host(name)
		d.UpstreamHost = name
	}
	if _, path, ok := bytes.Cut(rest, []byte("returned by ")); ok && len(path) > 0 && path[0] == '/' {
		p.arena.setTarget(d, path)
	}
	return true
}
