package ingest

import (
	"bytes"
	"hash/maphash"

	"github.com/errscope/errscope/record"
)

const clientName = "client"

// clientFormat is the log of an application in which the libraries that make
// HTTP calls write too. One file mostly has the lines of several of them, so
// they are one format: each library's grammar is a core that is looked for
// anywhere in a line, whatever the application's logger wrote around it.
var clientFormat = format{
	info: FormatInfo{
		Name: clientName,
		About: "application logs with the lines of HTTP clients (httpx, urllib3, requests, aiohttp, .NET HttpClient, OkHttp, Feign, Spring, axios, " +
			"Go net/http and go-retryablehttp, Faraday, Guzzle, curl)",
		Sample: `2026-03-04 09:15:02,118 INFO httpx: HTTP Request: POST https://api.example.com/v2/orders "HTTP/1.1 429 Too Many Requests"`,
	},
	score:    scoreClient,
	lines:    func(cfg *Config) lineParser { return newClientLines(cfg) },
	bodies:   true,
	lookback: lookLines,
	stray:    mayHoldCore,
	loose:    true,
}

// Limits of what is remembered about earlier lines. The window is smaller than
// what a trail keeps, so that every block is read as if all had been read.
const (
	clientWindowBytes = trailBytes / 2 // from a line to the last one that it may explain
	clientTextBytes   = 512            // of a failure's words
	clientHeadBytes   = 160            // of the line that began an event
)

// scoreClient is less than any real format's score, as most lines of such a log
// speak of something else and a single core is enough.
func scoreClient(sample []byte) (float64, string) {
	if !mayHoldCore(sample) {
		return 0, ""
	}
	score, why := scoreLines(sample, newClientLines(sampleConfig()), func(r record.Reason) bool {
		return r == "" || r == record.IgnoreContinued
	})
	return score / 2, why
}

// mayHoldCore is the cheap part of looking for a core.
func mayHoldCore(line []byte) bool {
	if len(line) == 0 || line[0] == '{' {
		return false
	}
	for _, mark := range coreMarks {
		if bytes.Contains(line, mark) {
			return true
		}
	}
	return false
}

var (
	schemeEnd = []byte("://")
	httpName  = []byte("HTTP")
)

// coreMarks are what the lines with a core that stands for itself have in them.
var coreMarks = [...][]byte{schemeEnd, httpName, sdkErrorMark, retryingMark, unreachableMark, axiosMark, faradayMark, restClientMark,
	springErrorMark, fetchCauseMark}

// library names whose core was found.
type library uint8

const (
	libHTTPX library = iota
	libPythonSDK
	libURLLib3
	libRequests
	libAiohttp
	libBotocore
	libGo
	libRetryable
	libDotnet
	libOkHTTP
	libFeign
	libSpring
	libAxios
	libNode
	libFaraday
	libRestClient
	libGuzzle
	libCurl
	libSymfony
	libReqwest
	libTesla
	libWget
	libASPNet
	libHTTParty
	libraryCount
)

var libraryNames = [libraryCount]string{"httpx", "python_sdk", "urllib3", "requests", "aiohttp", "botocore", "go", "go-retryablehttp", "dotnet", "okhttp",
	"feign", "spring", "axios", "node", "faraday", "rest-client", "guzzle", "curl", "symfony", "reqwest", "tesla", "wget", "asp.net", "httparty"}

// weight says what a core is to the call that it speaks of.
type weight uint8

const (
	// weightFirst is the line that a client writes once for each attempt. Errors
	// that name the same call and status speak of it again.
	weightFirst weight = iota
	// weightAttempt is an attempt of its own, whatever else is said of the call.
	weightAttempt
	// weightError is the text of an error, which programs log again and again.
	weightError
)

// finding is what a core says.
type finding struct {
	library library
	weight  weight
	at      int           // where the core begins: the logger's own prefix stands before it
	reason  record.Reason // as lineParser has it
	inbound bool          // a call to us
}

// clientLines parses one line after the other; it belongs to one goroutine.
type clientLines struct {
	bindings *record.Bindings
	clock    clock
	arena    arena
	seen     [libraryCount]bool

	begun     int64  // bytes of the lines before this one
	passed    int64  // and of this one
	zoneNS    int64  // what the logger's times are off, as other lines tell
	head      []byte // the beginning of the line that began the event
	event     int64  // counts the events
	continued bool   // this line goes on with the event
	stamped   bool   // the line before was the head that java.util.logging writes
	connected keptText
	answer    keptText // the line in which httpcore logged the answer
	// feignEnded is the end of a request of Feign's: its levels that write one
	// write the whole answer too.
	feignEnded keptText
	said       statements
	calls      calls
	held       heldResponse
}

// keptText is a piece of an earlier line.
type keptText struct {
	text []byte
	at   int64 // when it was kept, in bytes passed
}

func (k *keptText) keep(b []byte, at int64) { k.text, k.at = append(k.text[:0], b...), at }

func newClientLines(cfg *Config) *clientLines {
	return &clientLines{bindings: cfg.Bindings, clock: newClock(cfg), said: statements{seed: maphash.MakeSeed()}}
}

func (p *clientLines) columns() []string {
	var names []string
	for l, seen := range p.seen {
		if seen {
			names = append(names, libraryNames[l])
		}
	}
	return names
}

// forget drops all that earlier lines told.
func (p *clientLines) forget() {
	p.begun, p.passed, p.event, p.zoneNS, p.stamped = 0, 0, 0, 0, false
	p.head, p.connected.text, p.answer.text = p.head[:0], p.connected.text[:0], p.answer.text[:0]
	p.feignEnded.at = 0
	p.said.count, p.calls.count = 0, 0
	p.held.open = false
}

func (p *clientLines) parse(line []byte, d *record.Draft) record.Reason {
	p.arena.reset()
	p.begun = p.passed
	p.passed += int64(len(line)) + 1
	if p.held.open {
		if reason, mine := p.hear(line, d); mine {
			return reason
		}
	}
	if text := trimSpace(line); len(text) == 0 || text[0] == '{' {
		return record.RejectSyntax // of the JSON format, or of nothing that could be told from it
	}
	p.follow(line)
	f, ok := p.find(line, d)
	if !ok {
		return record.RejectSyntax
	}
	p.seen[f.library] = true
	if f.reason == "" {
		f.reason = p.complete(f, line, d)
	}
	return f.reason
}

// find looks for the core of a line.
func (p *clientLines) find(line []byte, d *record.Draft) (f finding, ok bool) {
	if bytes.Contains(line, schemeEnd) {
		if f, ok = p.findURL(line, d); ok {
			return f, true
		}
		if touched(d) {
			clearFields(d)
		}
	}
	return p.findMark(line, d)
}

// complete adds what all cores have in common, and tells a call that was
// counted already from one that was not.
func (p *clientLines) complete(f finding, line []byte, d *record.Draft) record.Reason {
	if d.TimeDigits < 0 {
		p.when(line[:f.at], d)
	}
	setDirection(p.bindings, d, !f.inbound)
	if p.said.again(p, f, d) {
		return record.IgnoreContinued
	}
	return ""
}

// when takes the time from what stands before the core, else from the line that
// began the event.
func (p *clientLines) when(prefix []byte, d *record.Draft) {
	ns, digits, ok := p.clock.stamp(prefix)
	if !ok && p.continued {
		ns, digits, ok = p.clock.stamp(p.head)
	}
	if ok {
		d.TimeNS, d.TimeDigits = ns+p.zoneNS, digits
	}
}

// follow notes where an event begins: a logger's line, behind which the lines
// of a stack trace, of a dump or of a wrapped message may come.
func (p *clientLines) follow(line []byte) {
	p.continued = len(p.head) > 0 && (isContinuation(line) || p.stamped && isBareLevel(line))
	if !p.continued {
		p.event++
		p.head = append(p.head[:0], line[:min(len(line), clientHeadBytes)]...)
	}
	p.stamped = !p.continued && bytes.Contains(p.head[:min(len(p.head), 32)], []byte("M "))
}

// isBareLevel recognises "INFO: …", the second line of java.util.logging.
func isBareLevel(line []byte) bool {
	i := bytes.IndexByte(line, ':')
	if i < 4 || i > 7 || i+1 >= len(line) || line[i+1] != ' ' {
		return false
	}
	for _, c := range line[:i] {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// continuations are the beginnings of lines that go on with an event.
var continuations = [...]string{"Traceback (most recent call last)", "During handling of the above exception", "The above exception was the direct cause",
	"Caused by:", "at ", "... ", "}", "--- End of", "For more information check:"}

// isContinuation recognises a line of a stack trace, and the name and text of
// the exception at its end.
func isContinuation(line []byte) bool {
	if line[0] == ' ' || line[0] == '\t' {
		return true
	}
	if line[0]-'0' <= 9 || line[0] == '[' { // the time of a logger
		return false
	}
	for _, c := range continuations {
		if line[0] == c[0] && len(line) >= len(c) && string(line[:len(c)]) == c {
			return true
		}
	}
	colon := 0
	for ; colon < len(line) && line[colon] != ':'; colon++ {
		if c := line[colon]; c-'0' > 9 && (c|0x20 < 'a' || c|0x20 > 'z') && c != '.' && c != '_' && c != '$' {
			return false
		}
	}
	if colon == len(line) {
		return false
	}
	name := line[:colon]
	return bytes.HasSuffix(name, []byte("Error")) || bytes.HasSuffix(name, []byte("Exception")) || bytes.HasSuffix(name, []byte("Timeout"))
}

// core reads a message that came without its logger's prefix, such as a member
// of a JSON line. Nothing that stood before it counts.
func (p *clientLines) core(text []byte, d *record.Draft) bool {
	if len(text) == 0 || !mayHoldCore(text) {
		return false
	}
	p.forget()
	p.arena.reset()
	f, ok := p.find(text, d)
	return ok && f.reason == ""
}

// touched reports whether a core that turned out to be none has set anything.
func touched(d *record.Draft) bool {
	return len(d.Method)+len(d.Target)+len(d.Host)+len(d.Failure) > 0 || d.Status >= 0 || d.DurationNS >= 0 || d.TimeDigits >= 0
}
