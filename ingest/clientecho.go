package ingest

import (
	"hash/maphash"
	"time"

	"github.com/errscope/errscope/record"
)

// Limits of the statements that are remembered.
const (
	statementsMax = 256
	// sameMomentNS is how far apart two lines about one failure may be that no
	// retry stands between.
	sameMomentNS = int64(250 * time.Millisecond)
)

// statement is what a line said of a call.
type statement struct {
	call   uint64 // hash of host, path and query
	status int
	bare   bool // it names no call, only the status
	weight weight
	inside bool // it stood behind the line that began its event
	event  int64
	at     int64 // in bytes passed
	timeNS int64
	timed  bool
}

// statements are those of the window. Whether a line speaks of a call that was
// counted depends on them only, so it does not matter where reading began.
type statements struct {
	seed  maphash.Seed
	list  [statementsMax]statement
	count int // that were ever made
}

// again notes what the line says and reports whether it was said before. The
// text of an error comes several times: when it was raised, wrapped and logged
// again, at the end of stack traces, and behind the line that the client itself
// wrote about the attempt. Two lines of clients are two attempts. An error that
// names no call is of any call with its status.
func (s *statements) again(p *clientLines, f finding, d *record.Draft) bool {
	now := statement{call: s.hash(d), status: d.Status, bare: len(d.Host) == 0 && len(d.Path) == 0, weight: f.weight, inside: p.continued, event: p.event, at: p.passed, timeNS: d.TimeNS, timed: d.TimeDigits >= 0}
	echo := f.weight == weightError && s.echoes(&now)
	s.list[s.count%statementsMax] = now
	s.count++
	return echo
}

func (s *statements) echoes(now *statement) bool {
	attempts, errors := 0, 0
	for i := max(0, s.count-statementsMax); i < s.count; i++ {
		old := &s.list[i%statementsMax]
		if old.status != now.status || old.call != now.call && !now.bare && !old.bare || now.at-old.at > clientWindowBytes {
			continue
		}
		switch {
		case old.event == now.event && old.weight != weightAttempt:
			return true
		case old.weight == weightError && now.timed && old.timed && now.timeNS-old.timeNS <= sameMomentNS && now.timeNS >= old.timeNS:
			return true
		case old.weight == weightFirst:
			attempts++
		case old.weight == weightError && !old.inside:
			errors++
		}
	}
	return attempts > 0 && (now.inside || attempts > errors)
}

// hash is of what all libraries say of a call.
func (s *statements) hash(d *record.Draft) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.Write(d.Host)
	_ = h.WriteByte(0)
	_, _ = h.Write(d.Path)
	_ = h.WriteByte(0)
	_, _ = h.Write(d.Query)
	return h.Sum64()
}
