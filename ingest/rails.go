package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// railsFormat is the log of Ruby on Rails. A request is several lines:
//
//	Started GET "/orders" for 203.0.113.7 at 2026-03-04 09:15:02 +0000
//	Processing by OrdersController#index as JSON
//	Completed 429 Too Many Requests in 31ms (Views: 0.2ms)
//
// The lines of several requests stand between each other; then tags, such as
// the id of the request, or the process tell which belong together.
var railsFormat = format{
	info: FormatInfo{
		Name:  "rails",
		About: "Ruby on Rails, several lines a request, with tags or the logger's own prefix, and the HTTP clients that write into the same log",
		Sample: `Started GET "/v2/orders?page=2" for 203.0.113.7 at 2026-03-04 09:15:02 +0000` + "\n" +
			`Completed 429 Too Many Requests in 31ms (Views: 0.2ms | ActiveRecord: 1.1ms)`,
	},
	score: func(sample []byte) (float64, string) {
		if !bytes.Contains(sample, railsCompleted) {
			return 0, ""
		}
		return scoreRails(sample, newRails(sampleConfig(), false))
	},
	lines:    func(cfg *Config) lineParser { return newRails(cfg, false) },
	bodies:   true,
	lookback: lookLines,
	loose:    true,
}

// railsStartedFormat is such a log of which only the first line of each request
// was kept: it says who asked for what, and not what came of it.
var railsStartedFormat = format{
	info: FormatInfo{Name: "rails_started", About: "the lines of Ruby on Rails that begin a request, alone"},
	score: func(sample []byte) (float64, string) {
		if bytes.Contains(sample, railsCompleted) {
			return 0, ""
		}
		return scoreRails(sample, newRails(sampleConfig(), true))
	},
	lines:    func(cfg *Config) lineParser { return newRails(cfg, true) },
	lookback: lookLines,
	loose:    true,
}

var (
	railsStarted    = []byte(`Started `)
	railsCompleted  = []byte(`Completed `)
	railsProcessing = []byte(`Processing by `)
	railsParameters = []byte(`  Parameters: {`)
	railsRaised     = []byte(`Error (`)
)

// zoneStep is what zones differ by.
const zoneStep = 15 * time.Minute

func scoreRails(sample []byte, p *rails) (float64, string) {
	if !bytes.Contains(sample, []byte(`Started `)) {
		return 0, ""
	}
	own := false
	score, why := scoreLines(sample, p, func(r record.Reason) bool {
		own = own || p.mine
		return p.mine
	})
	if !own {
		return 0, ""
	}
	return score, why
}

// rails parses one line after the other; it belongs to one goroutine.
type rails struct {
	client *clientLines // remembers the requests too
	alone  bool         // a request is its first line
	mine   bool         // the last line was one of Rails
}

func newRails(cfg *Config, alone bool) *rails {
	return &rails{client: newClientLines(cfg), alone: alone}
}

func (p *rails) columns() []string { return p.client.columns() }

func (p *rails) forget() { p.client.forget() }

func (p *rails) parse(line []byte, d *record.Draft) record.Reason {
	reason, mine := p.request(line, d)
	if p.mine = mine; mine {
		p.client.begun = p.client.passed
		p.client.passed += int64(len(line)) + 1
		return reason
	}
	resetFields(d)
	d.Format = clientName
	return p.client.parse(line, d)
}

// request reads a line of a request to us.
func (p *rails) request(line []byte, d *record.Draft) (reason record.Reason, mine bool) {
	if at := bytes.Index(line, railsStarted); at >= 0 {
		return p.started(line, at, d)
	}
	if at := bytes.Index(line, railsCompleted); at >= 0 {
		return p.completed(line, at, d)
	}
	if bytes.Contains(line, railsProcessing) || bytes.Contains(line, railsParameters) {
		return record.IgnoreContinued, true
	}
	if at := bytes.Index(line, railsRaised); at > 0 && bytes.HasSuffix(line, []byte("):")) {
		// The request ended here, and no line will say so.
		p.client.continued = false
		if c, _ := p.client.answers(callRails, line, at, d); c != nil {
			c.live = false
		}
		return record.IgnoreNoHTTP, true
	}
	return "", false
}

// started reads `Started GET "/path" for 203.0.113.7 at TIME`.
func (p *rails) started(line []byte, at int, d *record.Draft) (record.Reason, bool) {
	method, rest := word(line[at+len(railsStarted):])
	if !isUpper(method) || len(rest) == 0 || rest[0] != '"' {
		return "", false
	}
	i := bytes.LastIndex(rest, []byte(`" for `))
	if i < 1 {
		return record.RejectTruncated, true
	}
	target := rest[1:i]
	client, when := word(rest[i+6:])
	when, ok := bytes.CutPrefix(when, []byte("at "))
	if !ok {
		return record.RejectTruncated, true
	}
	ns, digits, ok := p.client.clock.any(when)
	if !ok {
		return record.RejectTime, true
	}
	d.Method, d.TimeNS, d.TimeDigits = method, ns, digits
	p.client.zoneNS = 0
	if own, ownDigits, ok := p.client.clock.stamp(line[:at]); ok && !p.alone {
		// Ruby's logger states no zone; this line has both times.
		p.client.zoneNS = int64(time.Duration(ns - own).Round(zoneStep))
		d.TimeNS, d.TimeDigits = own+p.client.zoneNS, ownDigits
	}
	if isIP(client) {
		d.Client = withoutPort(client)
	}
	p.client.arena.reset()
	if p.alone {
		p.client.arena.setTarget(d, target)
		setDirection(p.client.bindings, d, false)
		return "", true
	}
	p.client.continued = false
	return p.client.opens(finding{at: at}, callRails, 0, line, target, d).reason, true
}

// completed reads `Completed 429 Too Many Requests in 31ms (…)`. Where an error
// was raised the status may be missing.
func (p *rails) completed(line []byte, at int, d *record.Draft) (record.Reason, bool) {
	rest := line[at+len(railsCompleted):]
	_, took, ok := bytes.Cut(rest, []byte("in "))
	elapsed, _ := word(took)
	if !ok || dotnetElapsed(elapsed) < 0 {
		return "", false
	}
	if p.alone {
		return record.IgnoreContinued, true
	}
	status, stated := statusOf(rest)
	if !stated && !bytes.HasPrefix(trimSpace(rest), []byte("in ")) {
		return "", false
	}
	c := p.client
	c.arena.reset()
	c.continued = false
	d.DurationNS = dotnetElapsed(elapsed)
	call, sure := c.answers(callRails, line, at, d)
	if stated {
		d.Status = status
	}
	if call != nil {
		c.tell(call, sure, d)
		call.live = false
		if sure {
			d.Client = c.arena.hold(call.client)
			call.time(d)
		}
	}
	setDirection(c.bindings, d, false)
	return "", true
}
