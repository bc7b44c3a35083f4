package tui

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// EvidenceSource proposes what should go to vendors' supports.
type EvidenceSource interface {
	// EvidenceProposals gives what belongs into the basket.
	EvidenceProposals(ctx context.Context, s queries.Scope) (EvidenceProposals, error)
}

// EvidenceProposals are the outages of a scope, and its groups of failures.
type EvidenceProposals struct {
	Windows []queries.WindowRow
	Groups  []queries.FailureGroup
}

// EvidenceAsk says what a bundle should be made of.
type EvidenceAsk struct {
	Selection queries.Selection
	// Vendor narrows what is written to one part of the preview, "" is all.
	Vendor string
	// Include lists the personal data that stays: vin, email, phone, plate, ip.
	Include []string
	// Path is the file to write, whose ending names the format; "" is a preview.
	Path string
	// Replace allows a file that is there to be replaced.
	Replace bool
}

// EvidencePreview is a bundle before it is written.
type EvidencePreview struct {
	Parts []EvidencePart
}

// EvidencePart is what one vendor is told.
type EvidencePart struct {
	Vendor     string
	Markdown   string
	RequestIDs []string // to be looked up
	Failures   int64
	ForSupport int64
	FileName   string // of its zip
	Files      int
	SizeBytes  int64
	Redactions []EvidenceRedaction
	Checks     []EvidenceCheck
}

// EvidenceRedaction says what was masked, or left where it was asked for.
type EvidenceRedaction struct {
	Words    string
	Personal string // the kind as Include names it, "" for a credential, which never stays
	Places   int64
	Shown    bool
}

// EvidenceCheck is one look at a bundle before it is sent.
type EvidenceCheck struct {
	OK   bool
	Text string
}

// personalKinds are what Include may list, in the order of the screen.
func personalKinds() []string { return []string{"vin", "plate", "email", "phone", "ip"} }

// selectionOf is what picks select. What is picked carries its own span, so the
// range of the screens plays no part.
func selectionOf(picks []Pick) queries.Selection {
	var s queries.Selection
	for _, p := range picks {
		switch p.Kind {
		case PickWindow:
			s.Windows = append(s.Windows, p.WindowID)
		case PickRequest:
			s.Exchanges = append(s.Exchanges, queries.SelectedExchange{SourceID: p.SourceID, SourceOffset: p.SourceOffset})
		case PickGroup:
			s.Groups = append(s.Groups, queries.SelectedGroup{GroupKey: p.Group, Since: p.Since, Until: p.Until})
		}
	}
	return s
}

// evidenceName tells a preview from others.
func evidenceName(ask EvidenceAsk) string {
	b, err := json.Marshal(ask)
	if err != nil {
		return "" // it is not remembered
	}
	return "evidence\x00" + string(b)
}

// evidenceTwin is the command line that comes closest to the picks of a vendor:
// groups stand by their codes, exchanges by their ids.
func evidenceTwin(picks []Pick, vendor string, include []string) string {
	words := "errscope evidence"
	add := func(flag, value string) {
		if value != "" {
			words += " --" + flag + " " + shellWord(value)
		}
	}
	add("vendor", vendor)
	seen := map[string]bool{}
	once := func(flag, value string) {
		if !seen[flag+value] {
			seen[flag+value] = true
			add(flag, value)
		}
	}
	// Flags narrow each other: those of one kind of pick are all that can be said.
	kinds := map[PickKind]bool{}
	for _, p := range picks {
		kinds[p.Kind] = true
	}
	for _, p := range picks {
		switch {
		case len(kinds) != 1:
		case p.Kind == PickWindow:
			once("window", strconv.FormatInt(p.WindowID, 10))
		case p.Kind == PickRequest:
			once("request-id", p.RequestID)
		case p.Group.Code != "":
			once("code", p.Group.Code)
		default:
			once("code", p.Group.Type)
		}
	}
	for _, k := range include {
		once("include", k)
	}
	return words + " -o " + shellWord(vendor) + ".zip"
}

// proposed are the picks that belong into the basket: outages, the open ones
// first, then what else is the vendor's to mend and asks for support.
func (a *app) proposed(p EvidenceProposals) []Pick {
	var picks []Pick
	windows := slices.Clone(p.Windows)
	slices.SortStableFunc(windows, func(x, y queries.WindowRow) int {
		switch {
		case x.EndedAt.IsZero() == y.EndedAt.IsZero():
			return y.StartedAt.Compare(x.StartedAt)
		case x.EndedAt.IsZero():
			return -1
		}
		return 1
	})
	for _, w := range windows {
		if !w.Planned {
			picks = append(picks, a.pickOfWindow(w))
		}
	}
	for _, g := range p.Groups {
		theirs := g.Fault == record.FaultVendor || g.Fault == record.FaultUpstream
		if !g.ContactSupport && !theirs || a.covered(g, windows) {
			continue
		}
		picks = append(picks, Pick{Kind: PickGroup, Vendor: g.Vendor, Host: g.Host, Label: vendorWords(g.Vendor, g.Host) + " " + codeWords(g.GroupKey),
			Group: g.GroupKey, Since: a.scope.Since, Until: a.scope.Until, Failures: g.Failures})
	}
	return picks
}

// covered reports whether all of a group may lie in an outage that is proposed.
func (a *app) covered(g queries.FailureGroup, windows []queries.WindowRow) bool {
	return g.Outage && slices.ContainsFunc(windows, func(w queries.WindowRow) bool {
		return !w.Planned && vendorWords(w.Vendor, w.Host) == vendorWords(g.Vendor, g.Host) && !g.First.Before(w.StartedAt) &&
			(w.EndedAt.IsZero() || !g.Last.After(w.EndedAt)) && (w.Route == "" || g.Routes == 1 && w.Route == g.Route)
	})
}

func (a *app) pickOfWindow(w queries.WindowRow) Pick {
	label := strings.TrimSpace(vendorWords(w.Vendor, w.Host) + " outage " + w.StartedAt.UTC().Format("01-02 15:04") + " " + clean(w.Route))
	until := w.EndedAt
	if !until.IsZero() {
		until = until.Add(time.Microsecond) // a range is half-open
	}
	return Pick{Kind: PickWindow, Vendor: w.Vendor, Host: w.Host, Label: label, WindowID: w.WindowID, Since: w.StartedAt, Until: until, Failures: w.Failures}
}
