package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
)

func (m *summary) samples(p *part) {
	kinds, bodyMax := p.told(), shortBodyMax
	if m.full {
		kinds, bodyMax = p.kinds, sampleBodyMax
	}
	var texts []string
	written := 0
	for _, k := range kinds {
		if k.sample == nil {
			continue
		}
		raw := k.sample.raw(bodyMax)
		if written += len(raw); !m.full && len(texts) > 0 && written > shortExchangesBytesMax {
			break
		}
		fence := fenceOf(raw)
		head := markdownProse(prose{}.quote(k.Name).and(", %s UTC", millisecondStamp(k.sample.at)))
		texts = append(texts, "\n"+head+"\n\n"+fence+"http\n"+raw+fence)
	}
	switch len(texts) {
	case 0:
		return
	case 1:
		m.heading("One exchange")
	default:
		m.heading("Exchanges, one of each kind")
	}
	for _, t := range texts {
		m.line(t)
	}
}

// told are the kinds whose exchange a short summary shows: those that are meant
// for support, where any is, and of these the ones that say more than a status.
func (p *part) told() []*kind {
	list := p.kinds
	if p.forSupport > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(k *kind) bool { return k.ForSupport == 0 })
	}
	says := func(k *kind) bool { return k.sample != nil && (k.sample.body != "" || len(k.sample.headers) > 0) }
	if slices.ContainsFunc(list, says) {
		list = slices.DeleteFunc(slices.Clone(list), func(k *kind) bool { return !says(k) })
	} else if len(list) > 1 {
		list = list[:1]
	}
	return list
}

// fenceOf is longer than any run of backticks in the text.
func fenceOf(text string) string {
	longest, run := 2, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return strings.Repeat("`", longest+1)
}

// masked says what was taken out, so that nobody takes a stand-in for the value.
func (m *summary) masked(p *part) {
	var parts []string
	for _, r := range p.egress.redactions() {
		if r.Places == 0 {
			continue
		}
		text := r.Words()
		if r.Shown {
			text += " (left in)"
		}
		parts = append(parts, text)
	}
	if len(parts) > 0 {
		m.prose(ours("Masked: %s.", visible(strings.Join(parts, ", "))))
	}
}

// Words names what a rule masks.
func (r Redaction) Words() string {
	switch r.Kind {
	case "header", "query":
		return r.Kind + " " + r.Name
	case "body":
		return "credentials in bodies"
	case "text":
		return "credentials in other texts"
	}
	return map[Personal]string{PersonalEmail: "e-mail addresses", PersonalPhone: "phone numbers", PersonalPlate: "number plates", PersonalVIN: "VINs",
		PersonalIP: "IP addresses"}[Personal(r.Name)]
}

// made says how the same bundle is made again.
func (m *summary) made(b *Bundle) {
	m.heading("How this was made")
	m.prose(prose{}.quote(Command(b.selection, b.options.Include)))
	var rows [][]string
	for _, s := range b.sources {
		rows = append(rows, []string{theirs(s.Path), theirs(s.SHA256), thousands(s.Failures)})
	}
	m.table([]string{"Log", "SHA-256 of its content", "Calls"}, rows)
}

// Command is the command line that makes the same selection. What was picked by
// hand has no flags: groups stand by their codes, exchanges by their ids.
func Command(s queries.Selection, include []Personal) string {
	words := []string{"errscope", "evidence"}
	flag := func(name, value string) {
		if value != "" {
			words = append(words, "--"+name, shellWord(value))
		}
	}
	flag("vendor", s.Vendor)
	for _, c := range s.Codes {
		flag("code", c)
	}
	for _, c := range s.Categories {
		flag("category", string(c))
	}
	for _, id := range s.RequestIDs {
		flag("request-id", id)
	}
	for _, w := range s.Windows {
		flag("window", strconv.FormatInt(w, 10))
	}
	flag("since", csvTime(s.Since))
	flag("until", csvTime(s.Until))
	if s.SupportOnly {
		words = append(words, "--support-only")
	}
	var kinds []string
	for _, p := range include {
		kinds = append(kinds, string(p))
	}
	flag("include", strings.Join(kinds, ","))
	return strings.Join(words, " ")
}
