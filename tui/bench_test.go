package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/errscope/errscope/queries"
)

// many is a Source with as many groups as one question gives.
func many(n int) *fake {
	f := newFake()
	base := f.groups
	f.groups = nil
	for i := range n {
		g := base[i%len(base)]
		g.Rule += "/" + count(int64(i))
		g.Failures += int64(i)
		f.groups = append(f.groups, g)
	}
	return f
}

func benchView(b *testing.B, keys ...string) {
	d := opened(b, many(200), 120, 36).keys(keys...)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = len(d.m.View().Content)
	}
	b.SetBytes(int64(n))
}

func BenchmarkViewOverview(b *testing.B)  { benchView(b) }
func BenchmarkViewFailures(b *testing.B)  { benchView(b, "3") }
func BenchmarkViewDetail(b *testing.B)    { benchView(b, "3", "enter") }
func BenchmarkViewVendors(b *testing.B)   { benchView(b, "2") }
func BenchmarkViewBars(b *testing.B)      { benchView(b, "tab", "tab", "tab") }
func BenchmarkViewExchanges(b *testing.B) { benchView(b, "3", "i") }
func BenchmarkViewRejects(b *testing.B)   { benchView(b, "R") }
func BenchmarkViewQuota(b *testing.B)     { benchView(b, "4") }
func BenchmarkViewOutages(b *testing.B)   { benchView(b, "5") }

func BenchmarkUpdateView(b *testing.B) {
	d := opened(b, many(200), 120, 36).keys("3")
	down, up := keyPress("j"), keyPress("k")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		k := down
		if i++; i%40 >= 20 {
			k = up
		}
		d.m.Update(k)
		_ = d.m.View()
	}
}

// BenchmarkFilter types one letter over the most groups that there can be.
func BenchmarkFilter(b *testing.B) {
	d := opened(b, many(queries.GroupsMax), 120, 36).keys("3", "/")
	letter, erase := tea.KeyPressMsg{Code: 'c', Text: "c"}, keyPress("backspace")
	b.ReportAllocs()
	for b.Loop() {
		d.m.Update(letter)
		d.m.Update(erase)
	}
}
