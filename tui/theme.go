package tui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/tui/chart"
)

// off ends every colour that a paint began.
const off = ansi.ResetStyle

// paint is the escape sequence that begins a colour, "" for none. Every text
// that is painted ends in [off].
type paint string

func (p paint) on(s string) string {
	if p == "" || s == "" {
		return s
	}
	return string(p) + s + off
}

// theme is how each meaning looks. Colour is never the only sign of a meaning:
// a word or a mark stands beside it.
type theme struct {
	title    paint // where we are
	head     paint // column titles
	rule     paint // lines between panes
	dim      paint // of less weight, or old
	key      paint // a key that can be pressed
	selected paint // the row under the cursor
	bad      paint // outage, error
	warn     paint // quota, rate limit
	mine     paint // ours to fix
	good     paint // all is well
	info     paint // neutral value to look at
	area     paint // failures in a chart
	back     paint // requests in a chart
}

// shade is one colour at each profile: on dark ground, on light ground. The 16
// colours are chosen by hand, because a downsampled hex colour may come out as
// another colour altogether.
type shade struct {
	dark, light     string // hex
	dark8, light8   uint8  // of 256
	dark16, light16 ansi.BasicColor
}

var (
	shadeBad  = shade{"#ff7b72", "#b4232c", 209, 124, ansi.BrightRed, ansi.Red}
	shadeWarn = shade{"#e3b341", "#8a5a00", 179, 94, ansi.BrightYellow, ansi.Magenta}
	shadeMine = shade{"#d2a8ff", "#6f2da8", 183, 91, ansi.BrightMagenta, ansi.Blue}
	shadeGood = shade{"#7ee787", "#1a7f37", 114, 28, ansi.BrightGreen, ansi.Green}
	shadeInfo = shade{"#79c0ff", "#0a5cbf", 117, 25, ansi.BrightCyan, ansi.Blue}
	shadeDim  = shade{"#9aa4af", "#59636e", 247, 241, ansi.White, ansi.BrightBlack}
	shadeRule = shade{"#5c6670", "#8c959f", 241, 245, ansi.White, ansi.BrightBlack}
	shadeArea = shade{"#c9605a", "#d1625c", 167, 167, ansi.Red, ansi.Red}
	shadeBack = shade{"#5a8fc9", "#3273c2", 68, 32, ansi.BrightBlue, ansi.Blue}
)

// newTheme builds the colours for a profile and a ground.
func newTheme(profile colorprofile.Profile, dark bool) theme {
	ink := func(s shade, attrs ...ansi.Attr) paint {
		return inkOf(profile, dark, s, attrs...)
	}
	t := theme{
		title:    ink(shadeInfo, ansi.AttrBold),
		head:     ink(shadeDim, ansi.AttrBold),
		rule:     ink(shadeRule),
		dim:      ink(shadeDim),
		key:      ink(shadeInfo, ansi.AttrBold),
		selected: paint(ansi.NewStyle(ansi.AttrReverse).String()),
		bad:      ink(shadeBad, ansi.AttrBold),
		warn:     ink(shadeWarn),
		mine:     ink(shadeMine),
		good:     ink(shadeGood),
		info:     ink(shadeInfo),
		area:     ink(shadeArea),
		back:     ink(shadeBack),
	}
	if profile <= colorprofile.NoTTY {
		return theme{}
	}
	return t
}

func inkOf(profile colorprofile.Profile, dark bool, s shade, attrs ...ansi.Attr) paint {
	style := ansi.NewStyle(attrs...)
	pick := lipgloss.LightDark(dark)
	var c color.Color
	switch profile {
	case colorprofile.TrueColor:
		c = pick(lipgloss.Color(s.light), lipgloss.Color(s.dark))
	case colorprofile.ANSI256:
		c = pick(ansi.IndexedColor(s.light8), ansi.IndexedColor(s.dark8))
	case colorprofile.ANSI:
		c = pick(s.light16, s.dark16)
	default:
		if len(attrs) == 0 {
			return ""
		}
		return paint(style.String())
	}
	return paint(style.ForegroundColor(c).String())
}

// signs are the characters of our own chrome; none of them is double-width.
type signs struct {
	more   string // text was cut here
	crumb  string // between two steps of the path
	dot    string // between two facts
	rule   string // a horizontal line
	axis   string // a tick of a chart's axis
	down   string // sorted, largest first
	up     string // sorted, smallest first
	times  string // so many times
	live   string // new data is followed
	paused string // it is not
	yes    string // chosen, fulfilled
	no     string // not
	give   string // so much sooner or later
	ahead  string // fills what lies ahead in a chart
}

func newSigns(g chart.Glyphs) signs {
	if g == chart.ASCII {
		return signs{more: "~", crumb: ">", dot: "-", rule: "-", axis: "|", down: "v", up: "^", times: "x", live: "*", paused: "=", yes: "+", no: "-", give: "+-", ahead: "/"}
	}
	return signs{more: "…", crumb: "›", dot: "·", rule: "─", axis: "┤", down: "▼", up: "▲", times: "×", live: "●", paused: "‖", yes: "✓", no: "✗", give: "±", ahead: "░"}
}

// glyphsOf says what the terminal can show: what was asked for, else what its
// name and its locale promise.
func glyphsOf(asked string, env environ) chart.Glyphs {
	switch strings.ToLower(asked) {
	case "ascii":
		return chart.ASCII
	case "blocks":
		return chart.Blocks
	case "braille":
		return chart.Braille
	}
	switch term := env.get("TERM"); {
	case term == "linux", term == "dumb", strings.HasPrefix(term, "vt1"), strings.HasPrefix(term, "vt2"):
		return chart.ASCII
	}
	locale := env.get("LC_ALL")
	for _, name := range [...]string{"LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = env.get(name)
		}
	}
	locale = strings.ToLower(locale)
	if locale != "" && !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8") {
		return chart.ASCII
	}
	return chart.Blocks
}

// environ is a list of NAME=value; of two entries the later counts.
type environ []string

func (e environ) get(name string) string {
	for i := len(e) - 1; i >= 0; i-- {
		if n, v, ok := strings.Cut(e[i], "="); ok && n == name {
			return v
		}
	}
	return ""
}

// of is the colour of a failure: whether to worry, to pay or to work.
func (t *theme) of(c record.Category, f record.Fault) paint {
	switch {
	case c == record.QuotaExhausted || c == record.RateLimit:
		return t.warn
	case f == record.FaultCaller || f == record.FaultAccount:
		return t.mine
	case f == record.FaultVendor || f == record.FaultUpstream:
		return t.bad
	}
	return ""
}
