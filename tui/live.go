package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// pollEvery is how often a database that others write to is looked at.
const pollEvery = 2 * time.Second

// pollMsg is the end of the wait between two looks.
type pollMsg struct{}

// versionMsg is what a look found.
type versionMsg struct{ version int64 }

// poll looks whether the database has changed, where no feed tells it.
func (a *app) poll() tea.Cmd {
	if a.o.Feed != nil || a.src == nil {
		return nil
	}
	src, ctx := a.src, a.desk.ctx
	return a.desk.run(func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, questionTimeout)
		defer cancel()
		v, err := src.Version(ctx)
		if err != nil {
			return versionMsg{} // the next question says what is wrong
		}
		return versionMsg{v}
	})
}

func (a *app) polled(m versionMsg) tea.Cmd {
	next := a.after(pollEvery, pollMsg{})
	switch {
	case m.version == 0 || m.version == a.seen:
		return next
	case a.seen == 0: // the first look
		a.seen = m.version
		return next
	}
	a.seen = m.version
	return tea.Batch(next, a.dataChanged())
}

// toggleLive stops following new data, or catches up.
func (a *app) toggleLive() tea.Cmd {
	a.paused = !a.paused
	if a.paused {
		return a.note(a.theme.info, "paused: the screens stay as they are (L: go on)")
	}
	behind := a.behind
	a.behind = 0
	if behind == 0 {
		return a.note(a.theme.info, "live: new data shows up by itself (L: pause)")
	}
	return tea.Batch(a.refresh(), a.note(a.theme.info, "live again"))
}

// liveWords says whether the screens follow the data.
func (a *app) liveWords() (string, paint) {
	switch {
	case a.paused && a.behind > 0:
		return a.signs.paused + " paused +" + count(a.behind), a.theme.warn
	case a.paused:
		return a.signs.paused + " paused", a.theme.warn
	case a.following():
		return a.signs.live + " live", a.theme.good
	}
	return "", ""
}

// following reports whether new data may come.
func (a *app) following() bool {
	if a.o.Feed != nil {
		return !a.feed.Done
	}
	return a.src != nil
}
