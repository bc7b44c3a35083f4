package tui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
)

// feedStep is how long news are gathered before they are shown: an ingest may
// tell more often than a person can read.
const feedStep = 100 * time.Millisecond

// feedMsg is what the feed said in one step, as one event.
type feedMsg struct {
	Event
	closed bool
}

// listen waits for the next news. What the screens are waiting for (a database,
// an error, the end) is handed on at once.
func (a *app) listen() tea.Cmd {
	feed := a.o.Feed
	if feed == nil {
		return nil
	}
	done := a.desk.ctx.Done()
	return a.desk.run(func() tea.Msg {
		var m feedMsg
		var step <-chan time.Time
		for {
			select {
			case e, ok := <-feed:
				if !ok {
					m.closed, m.Done = true, true
					return m
				}
				m.join(e)
				if m.Opened != nil || m.Err != nil || m.Done {
					return m
				}
				if step == nil {
					t := time.NewTimer(feedStep)
					defer t.Stop()
					step = t.C
				}
			case <-step:
				return m
			case <-done:
				return nil
			}
		}
	})
}

// join adds a later event. Totals only grow.
func (e *Event) join(later Event) {
	e.DoneBytes = max(e.DoneBytes, later.DoneBytes)
	e.Records = max(e.Records, later.Records)
	e.Rejected = max(e.Rejected, later.Rejected)
	e.DataVersion = max(e.DataVersion, later.DataVersion)
	if later.TotalBytes > 0 {
		e.TotalBytes = later.TotalBytes
	}
	if later.Opened != nil {
		e.Opened = later.Opened
	}
	if later.Note != "" || later.Following {
		e.Note = later.Note
	}
	if later.Err != nil {
		e.Err = errors.Join(e.Err, later.Err)
	}
	e.Following = e.Following || later.Following
	e.Done = e.Done || later.Done
}

// progress is what is known of the ingest.
type progress struct {
	Event
	heard   bool
	begun   time.Time
	version int64 // of the data that the screens were last told of
}

// hear takes news into the state.
func (a *app) hear(m feedMsg) tea.Cmd {
	p := &a.feed
	if !p.heard {
		p.heard, p.begun = true, a.o.Now()
	}
	was := p.Done
	p.join(m.Event)
	var cmds []tea.Cmd
	if m.Opened != nil {
		a.src = m.Opened
		cmds = append(cmds, a.refresh())
	}
	if p.DataVersion > p.version || p.Done && !was {
		p.version = p.DataVersion
		cmds = append(cmds, a.dataChanged())
	}
	if !m.closed {
		cmds = append(cmds, a.listen())
	}
	return tea.Batch(cmds...)
}

// running reports whether data that was there at the start is still being read.
func (a *app) running() bool { return a.o.Feed != nil && !a.feed.Done && !a.feed.Following }

// phrasing is one way to say something.
type phrasing struct {
	kind paint
	text string
}

// words says how the ingest goes, the longest wording first.
func (p *progress) words(a *app) []phrasing {
	dot := " " + a.signs.dot + " "
	switch {
	case a.o.Feed == nil:
		return nil
	case p.Err != nil:
		long := "error: " + clean(p.Err.Error())
		return []phrasing{{a.theme.bad, long}, {a.theme.bad, clip(long, a.width-30, a.signs.more)}}
	case p.Done:
		text := "read " + count(p.Records) + " records"
		if p.Rejected > 0 {
			return []phrasing{{a.theme.warn, text + dot + count(p.Rejected) + " lines not read"}, {a.theme.warn, count(p.Rejected) + " lines not read"}}
		}
		return []phrasing{{a.theme.dim, text}}
	case p.Following:
		return p.followWords(a, dot)
	case p.DoneBytes == 0:
		note := "opening"
		if p.Note != "" {
			note = clean(p.Note)
		}
		return []phrasing{{a.theme.info, note + a.signs.more}, {a.theme.info, "opening" + a.signs.more}}
	}
	done := size(p.DoneBytes)
	if p.TotalBytes > 0 {
		done = percent(min(p.DoneBytes, p.TotalBytes), p.TotalBytes) + " % of " + size(p.TotalBytes)
	}
	rate, left := p.rate(a.o.Now())
	short := done + left
	long := "reading " + done + rate + left
	if p.Records > 0 {
		return []phrasing{{a.theme.info, long + dot + count(p.Records) + " records"}, {a.theme.info, long}, {a.theme.info, short}}
	}
	return []phrasing{{a.theme.info, long}, {a.theme.info, short}}
}

// followWords says what has come so far and, where something is wrong, that first.
func (p *progress) followWords(a *app, dot string) []phrasing {
	short := phrasing{a.theme.info, "following" + dot + plural(p.Records, "record")}
	long := short
	if p.Rejected > 0 {
		long = phrasing{a.theme.warn, short.text + dot + plural(p.Rejected, "line") + " not read"}
	}
	if p.Note == "" {
		return []phrasing{long, short}
	}
	note := clean(p.Note)
	return []phrasing{{a.theme.warn, note + dot + long.text}, {a.theme.warn, note}, {a.theme.warn, clip(note, a.width-30, a.signs.more)}, short}
}

// rate says how fast it goes and how long it still takes, "" where it is too
// early to say.
func (p *progress) rate(now time.Time) (rate, left string) {
	passed := now.Sub(p.begun).Seconds()
	if passed < 0.5 {
		return "", ""
	}
	perSecond := float64(p.DoneBytes) / passed
	rate = " at " + size(int64(perSecond)) + "/s"
	if p.TotalBytes > p.DoneBytes && perSecond > 0 {
		wait := float64(p.TotalBytes-p.DoneBytes) / perSecond
		left = ", " + span(time.Duration((wait+0.5))*time.Second) + " left"
		if wait < 1 {
			left = ", 1 s left"
		}
	}
	return rate, left
}
