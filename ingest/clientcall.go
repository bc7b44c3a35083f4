package ingest

import (
	"bytes"
	"hash/maphash"
	"time"

	"github.com/errscope/errscope/record"
)

// callKind is the grammar of a client that writes a call and its answer on
// different lines.
type callKind uint8

const (
	callDotnet      callKind = iota // one attempt
	callDotnetOuter                 // a call with all its attempts
	callOkHTTP
	callFaraday
	callSpring
	callRestClient
	callWget
	callRails
)

// Limits of the calls that wait for their answer.
const (
	callsMax = 64
	tagsMax  = 8
	// callDurationNS is how long a call may wait where the log has times.
	callDurationNS = int64(5 * time.Minute)
	// elapsedSlackNS is how far a stated duration may be off what lies between
	// the times of the two lines.
	elapsedSlackNS = int64(100 * time.Millisecond)
)

// callTags are the words around a message that have a digit or a # in them: ids
// of processes, threads, requests and traces, by which the lines of one call are
// told from those of others.
type callTags struct {
	of [tagsMax]uint64
	n  int
}

// call is a call whose answer another line tells.
type call struct {
	kind        callKind
	live        bool
	answered    bool // an attempt of it was counted
	method, url []byte
	client      []byte // of a call to us
	tags        callTags
	timeNS      int64
	timeDigits  int8
	at          int64 // in bytes passed
}

// calls are those of the window.
type calls struct {
	list  [callsMax]call
	count int // that were ever noted
}

// opens notes a call.
func (p *clientLines) opens(f finding, kind callKind, l library, line, url []byte, d *record.Draft) finding {
	f.library, f.reason = l, record.IgnoreContinued
	if d.TimeDigits < 0 {
		p.when(line[:f.at], d)
	}
	c := &p.calls.list[p.calls.count%callsMax]
	p.calls.count++
	*c = call{kind: kind, live: true, method: append(c.method[:0], d.Method...), url: append(c.url[:0], url...), client: append(c.client[:0], d.Client...), timeNS: d.TimeNS, timeDigits: d.TimeDigits,
		at: p.passed, tags: p.tags(line[:f.at])}
	return f
}

// tags reads those of a line, and where it goes on with an event those of the
// line that began it too.
func (p *clientLines) tags(prefix []byte) callTags {
	var t callTags
	if p.continued {
		t.read(p.said.seed, p.head)
	}
	t.read(p.said.seed, prefix)
	return t
}

func (t *callTags) read(seed maphash.Seed, b []byte) {
	b = b[:min(len(b), stampBytesMax)]
	for i := 0; i < len(b) && t.n < tagsMax; i++ {
		start, id, colon := i, false, false
		for ; i < len(b) && !tagBreaks[b[i]]; i++ {
			id = id || b[i]-'0' <= 9 || b[i] == '#'
			colon = colon || b[i] == ':'
		}
		word := b[start:i]
		if len(word) > len(dotnetClient) && string(word[:len(dotnetClient)]) == dotnetClient {
			if dot := bytes.LastIndexByte(word, '.'); dot > len(dotnetClient) {
				word = word[len(dotnetClient):dot] // the client's name
			}
		} else if !id || colon && word[0]-'0' <= 9 {
			continue // no id, or the time
		}
		t.of[t.n] = maphash.Bytes(seed, word)
		t.n++
	}
}

// dotnetClient is the category under which .NET's HttpClient logs, up to its name.
const dotnetClient = "System.Net.Http.HttpClient."

// tagBreaks are the bytes around tags.
var tagBreaks = func() (t [256]bool) {
	for _, c := range []byte(" []()|=\"<>\t") {
		t[c] = true
	}
	return t
}()

// common counts the tags that both have.
func (t *callTags) common(o *callTags) int {
	n := 0
	for _, x := range t.of[:t.n] {
		for _, y := range o.of[:o.n] {
			if x == y {
				n++
				break
			}
		}
	}
	return n
}

// answers finds the call that a line of the kind answers, nil where none waits.
// Of those with the most tags in common it is the one that began when the
// stated duration says, else the last. sure is false where another one fits as
// well and was of something else: then only what they share may be told.
func (p *clientLines) answers(kind callKind, line []byte, at int, d *record.Draft) (best *call, sure bool) {
	if d.TimeDigits < 0 {
		p.when(line[:at], d)
	}
	tags := p.tags(line[:at])
	most, bestOff := -1, int64(0)
	sure = true
	for i := max(0, p.calls.count-callsMax); i < p.calls.count; i++ {
		c := &p.calls.list[i%callsMax]
		if !c.live || c.kind != kind || p.passed-c.at > clientWindowBytes {
			continue
		}
		off, timely := c.off(d)
		if !timely {
			continue
		}
		n := tags.common(&c.tags)
		switch {
		case n < most:
			continue
		case n == most && best != nil && off >= 0 && bestOff >= 0 && off != bestOff:
			if off > bestOff {
				continue
			}
			sure = true
		case n == most:
			sure = sure && c.same(best)
		default:
			sure = true
		}
		best, most, bestOff = c, n, off
	}
	return best, sure
}

// off is how far the call began from when the duration of the line says, -1
// where that is not known; timely is false where it cannot be this call.
func (c *call) off(d *record.Draft) (off int64, timely bool) {
	if c.timeDigits < 0 || d.TimeDigits < 0 {
		return -1, true
	}
	passed := d.TimeNS - c.timeNS
	if passed < -secondNS || passed > callDurationNS {
		return 0, false
	}
	if d.DurationNS < 0 {
		return -1, true
	}
	off = max(passed-d.DurationNS, d.DurationNS-passed)
	slack := elapsedSlackNS
	if c.timeDigits < 3 || d.TimeDigits < 3 {
		return -1, off <= slack+secondNS
	}
	return off, off <= slack
}

func (c *call) same(o *call) bool {
	return bytes.Equal(c.url, o.url) && bytes.Equal(c.method, o.method)
}

// tell fills d with what is known of the call that was answered.
func (p *clientLines) tell(c *call, sure bool, d *record.Draft) {
	if c == nil {
		return
	}
	d.Method = p.arena.hold(c.method)
	p.arena.setTarget(d, p.arena.hold(c.url))
	if sure {
		return
	}
	// Another call of the same kind fits as well.
	scheme, host := d.Scheme, d.Host
	d.Path, d.Query, d.Target = nil, nil, nil
	for i := range p.calls.list[:min(p.calls.count, callsMax)] {
		o := &p.calls.list[i]
		if !o.live || o.kind != c.kind || p.passed-o.at > clientWindowBytes {
			continue
		}
		if !bytes.Equal(o.method, c.method) {
			d.Method = nil
		}
		var other record.Draft
		p.arena.setTarget(&other, o.url)
		if !bytes.Equal(other.Host, host) {
			host, scheme = nil, nil
		}
	}
	d.Scheme, d.Host = scheme, host
}

// closes tells of a call's answer, and that it waits no longer.
func (p *clientLines) closes(kind callKind, line []byte, at int, d *record.Draft) *call {
	c, sure := p.answers(kind, line, at, d)
	p.tell(c, sure, d)
	if c == nil {
		return nil
	}
	c.live = false
	if sure {
		c.time(d)
	}
	return c
}

// time gives the exchange the time of the call where its answer has none.
func (c *call) time(d *record.Draft) {
	if d.TimeDigits >= 0 || c.timeDigits < 0 {
		return
	}
	d.TimeNS, d.TimeDigits = c.timeNS, c.timeDigits
	if d.DurationNS > 0 {
		d.LoggedNS = c.timeNS
		d.TimeNS += d.DurationNS
	}
}

// statusOf reads the status that b begins with, three digits and no more.
func statusOf(b []byte) (int, bool) {
	if len(b) < 3 || !isStatus(b[:3]) || len(b) > 3 && b[3]-'0' <= 9 {
		return 0, false
	}
	return int(b[0]-'0')*100 + int(b[1]-'0')*10 + int(b[2]-'0'), true
}
