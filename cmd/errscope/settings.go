package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// settings are the values of the flags that several verbs share.
type settings struct {
	db      string
	dbGiven bool // by flag or environment, which stops stdin from being read unasked
	binds   []string
	packs   []string
	wait    time.Duration

	format string
	// logFormats are formats as nginx and Apache are configured with.
	logFormats []string

	since    string
	baseline string
	until    string
	tz       string
	jobs     int
	keep     string
	strict   bool
	resume   bool
	dryRun   bool
	follow   bool

	theme   string
	glyphs  string
	noMouse bool

	vendor  string
	account string
	reports string // folder of the users' own reports
}

// dbDefault is the database where nothing else is said.
const dbDefault = "errscope.duckdb"

func (s *settings) bindGlobal(f *pflag.FlagSet) {
	f.StringVar(&s.db, "db", dbDefault, "database `FILE`")
	f.StringArrayVar(&s.binds, "bind", nil, "which pack a host speaks, or a callback path of our own: `HOST=PACK` (repeatable; also /PATH=PACK)")
	f.StringArrayVar(&s.packs, "packs", nil, "`DIR` with packs of your own (repeatable)")
	f.DurationVar(&s.wait, "wait", 200*time.Millisecond, "how long to wait for a database that another process holds (`DURATION`)")
}

func (s *settings) bindIngest(f *pflag.FlagSet) {
	f.StringVar(&s.format, "format", "", "read as `FORMAT` instead of looking at the content (see errscope formats)")
	s.bindLogFormats(f)
	f.StringVar(&s.keep, "keep", "failures", "whose long text to keep: that of `failures`, or full for all rows")
	f.IntVar(&s.jobs, "jobs", 0, "use `N` CPUs (0: all)")
	s.bindRange(f)
}

func (s *settings) bindLogFormats(f *pflag.FlagSet) {
	f.StringArrayVar(&s.logFormats, "log-format", nil, "also read lines of this log_format of nginx or LogFormat of Apache: `STRING` (repeatable)")
}

func (s *settings) bindRange(f *pflag.FlagSet) {
	f.StringVar(&s.since, "since", "", "from this `TIME` on: RFC 3339, a date, or relative (2h, 3d, yesterday)")
	f.StringVar(&s.until, "until", "", "before this `TIME`")
	f.StringVar(&s.tz, "tz", "UTC", "`ZONE` of times that name none")
}

func (s *settings) bindScope(f *pflag.FlagSet) {
	s.bindRange(f)
	f.StringVar(&s.vendor, "vendor", "", "only this `VENDOR`")
	f.StringVar(&s.account, "account", "", "only this `ACCOUNT`, by its fingerprint")
}

func (s *settings) bindScreen(f *pflag.FlagSet) {
	f.StringVar(&s.theme, "theme", "auto", "colours of the screens: auto, dark or light (`THEME`)")
	f.StringVar(&s.glyphs, "glyphs", "auto", "what charts are drawn with: auto, braille, blocks or ascii (`GLYPHS`)")
	f.BoolVar(&s.noMouse, "no-mouse", false, "leave the mouse to the terminal")
	f.StringVar(&s.reports, "reports", "", "offer the reports of your own in `DIR` on the SQL screen")
}

// location is the zone of --tz.
func (s *settings) location() (*time.Location, error) {
	loc, err := time.LoadLocation(s.tz)
	if err != nil {
		return nil, usageError(fmt.Errorf("reading --tz: %w", err), "a zone of the tz database, such as UTC or Europe/Berlin")
	}
	return loc, nil
}

// timeRange resolves --since and --until against now; a zero time is open.
func (s *settings) timeRange(now time.Time) (since, until time.Time, err error) {
	loc, err := s.location()
	if err != nil {
		return since, until, err
	}
	if since, err = parseWhen(s.since, now, loc); err != nil {
		return since, until, usageError(fmt.Errorf("reading --since: %w", err), whenHint)
	}
	if until, err = parseWhen(s.until, now, loc); err != nil {
		return since, until, usageError(fmt.Errorf("reading --until: %w", err), whenHint)
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return since, until, usageError(fmt.Errorf("--since %s is not before --until %s", s.since, s.until), "")
	}
	return since, until, nil
}

const whenHint = "write 2026-11-20, 2026-11-20T14:00:00Z, 2h, 3d, today or yesterday"

// parseWhen reads a point in time: RFC 3339, a date with or without a time of
// day, or relative to now. An empty text is the zero time.
func parseWhen(text string, now time.Time, loc *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(loc).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, loc)
	}
	switch strings.ToLower(text) {
	case "":
		return time.Time{}, nil
	case "now":
		return now, nil
	case "today":
		return midnight(now), nil
	case "yesterday":
		return midnight(midnight(now).Add(-12 * time.Hour)), nil
	}
	if t, err := parseDate(text, loc); err == nil {
		return t, nil
	}
	if d, err := parseSpan(text); err == nil {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time", text)
}

// parseDate reads RFC 3339 or a date with or without a time of day.
func parseDate(text string, loc *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", text)
}

// parseSpan is time.ParseDuration with days and weeks, "ago" and a leading
// minus allowed.
func parseSpan(text string) (time.Duration, error) {
	text = strings.TrimPrefix(strings.TrimSpace(strings.TrimSuffix(text, "ago")), "-")
	for unit, size := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if n, ok := strings.CutSuffix(text, unit); ok {
			d, err := time.ParseDuration(n + "h")
			return time.Duration(d.Hours() * float64(size)), err
		}
	}
	return time.ParseDuration(text)
}
