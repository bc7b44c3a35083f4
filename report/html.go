package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the style of the page
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

//go:embed page.css
var pageCSS string

// writeHTML writes one file that needs no other: no script, no image, no font.
// The policy in its head allows its own style, by its hash, and nothing else,
// so that markup which slipped in could load nothing.
func writeHTML(w io.Writer, f findings) error {
	p := &pageWriter{bufio.NewWriter(w)}
	d := f.document()
	hash := sha256.Sum256([]byte(pageCSS))
	p.put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
	p.put("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\"/>\n",
		base64.StdEncoding.EncodeToString(hash[:]))
	p.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n")
	p.put("<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%[1]s</h1>\n", html.EscapeString(d.title), pageCSS)
	for _, line := range d.lead {
		p.prose("p", "", line)
	}
	for _, s := range d.sections {
		p.put("<h2>%s</h2>\n", html.EscapeString(s.heading))
		p.section(s)
	}
	p.put("</body>\n</html>\n")
	return p.w.Flush()
}

// pageWriter writes markup of ours; every text passes html.EscapeString first.
type pageWriter struct{ w *bufio.Writer }

func (p *pageWriter) put(format string, args ...any) {
	fmt.Fprintf(p.w, format, args...) // bufio keeps the first error for Flush
}

func (p *pageWriter) words(line prose) {
	for _, s := range line {
		if s.foreign {
			p.put("<code>%s</code>", html.EscapeString(s.text))
		} else {
			p.put("%s", html.EscapeString(s.text))
		}
	}
}

func (p *pageWriter) prose(element, class string, line prose) {
	p.put("<%s%s>", element, class)
	p.words(line)
	p.put("</%s>\n", element)
}

func (p *pageWriter) section(s section) {
	if s.chart != nil {
		p.chart(s.chart)
	}
	if s.timeline != nil {
		p.timeline(s.timeline)
	}
	if s.bars != nil {
		p.bars(s.bars)
	}
	for _, b := range s.burns {
		p.burn(b)
	}
	if len(s.items) > 0 {
		p.put("<ul>\n")
		for _, it := range s.items {
			p.item(it)
		}
		p.put("</ul>\n")
	}
	if s.table != nil {
		p.table(s.table)
	}
	for _, line := range s.notes {
		p.prose("p", ` class="note"`, line)
	}
}

func (p *pageWriter) item(it item) {
	class := ""
	if it.loud {
		class = ` class="loud"`
	}
	p.put("<li%s>", class)
	if it.number > 0 {
		p.put("%s", it.mark())
	}
	p.words(it.head)
	if len(it.lines) > 0 {
		p.put("\n<ul>\n")
		for _, line := range it.lines {
			p.prose("li", "", line)
		}
		if it.command != "" {
			p.prose("li", "", prose{}.quote(it.command))
		}
		p.put("</ul>\n")
	}
	p.put("</li>\n")
}

func (p *pageWriter) table(t *table) {
	p.put("<div class=\"wide\"><table>\n<thead><tr>")
	class := func(c column) string {
		if c.right {
			return ` class="n"`
		}
		return ""
	}
	for _, c := range t.columns {
		p.put("<th scope=\"col\"%s>%s</th>", class(c), html.EscapeString(c.title))
	}
	p.put("</tr></thead>\n<tbody>\n")
	for _, row := range t.rows {
		p.put("<tr>")
		for i, c := range row {
			text := html.EscapeString(cut(c.text, cellColumnsMax))
			if c.foreign {
				text = "<code>" + text + "</code>"
			}
			p.put("<td%s>%s</td>", class(t.columns[i]), text)
		}
		p.put("</tr>\n")
	}
	p.put("</tbody>\n</table></div>\n")
}

// The drawing of calls over time, in its units: failures below, all calls above
// them, each as high as its share of its most.
const (
	chartHeight     = 140
	chartCallsFoot  = 40 // where the calls stand
	chartStep       = 10
	chartFailuresUp = 90 // how high failures may get
)

// chart draws one bar for each bucket, the outages as shades behind them.
func (p *pageWriter) chart(c *chart) {
	var most, mostCalls int64
	for _, b := range c.buckets {
		most, mostCalls = max(most, b.Failures), max(mostCalls, b.Requests)
	}
	wide := chartStep * len(c.buckets)
	p.put("<figure>\n<svg class=\"chart\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">\n",
		wide, chartHeight+1, html.EscapeString(strings.TrimSpace(c.peak.String()+" "+c.shaded.String())))
	for _, s := range c.shades {
		p.put("<rect class=\"shade\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\"/>\n",
			s.from*float64(wide), max((s.to-s.from)*float64(wide), 2), chartHeight)
	}
	for i, b := range c.buckets {
		if b.Requests > 0 {
			high := max(1, float64(b.Requests)*chartCallsFoot/float64(mostCalls))
			p.put("<rect class=\"calls\" x=\"%d\" y=\"%.1f\" width=\"8\" height=\"%.1f\"/>\n", chartStep*i+1, chartCallsFoot-high, high)
		}
		if b.Failures > 0 {
			high := max(1, float64(b.Failures)*chartFailuresUp/float64(most))
			p.put("<rect class=\"bar\" x=\"%d\" y=\"%.1f\" width=\"8\" height=\"%.1f\"/>\n", chartStep*i+1, chartHeight-high, high)
		}
	}
	p.put("<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%[1]d\"/>\n", chartCallsFoot, wide)
	p.put("<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%[1]d\"/>\n</svg>\n", chartHeight, wide)
	p.put("<figcaption><span>%s</span><span>%s</span></figcaption>\n", html.EscapeString(c.first), html.EscapeString(c.end))
	p.put("<p class=\"note\">Above all calls, at most %s in a bar; below the failures. ", thousands(mostCalls))
	p.words(c.peak)
	if len(c.shaded) > 0 {
		p.put(" ")
		p.words(c.shaded)
	}
	p.put("</p>\n</figure>\n")
}
