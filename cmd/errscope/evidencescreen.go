package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/report"
	"github.com/errscope/errscope/tui"
)

// evidenceMaker makes bundles for the screens.
type evidenceMaker struct {
	app *app
	// ask gives what a selection holds.
	ask func(context.Context, queries.Selection) (queries.Evidence, error)

	mu     sync.Mutex
	policy *record.Policy // once it was needed
}

// bundle makes a preview, and writes it where the screen says so.
func (m *evidenceMaker) bundle(ctx context.Context, ask tui.EvidenceAsk) (p tui.EvidencePreview, err error) {
	policy, err := m.rules(ctx)
	if err != nil {
		return p, err
	}
	include, err := personals(ask.Include)
	if err != nil {
		return p, err
	}
	data, err := m.ask(ctx, ask.Selection)
	if err != nil {
		return p, err
	}
	bundle, err := report.NewBundle(data, report.BundleOptions{Policy: policy, SecondLook: secondLook(ctx), Include: include, Version: version()})
	if err != nil {
		return p, err
	}
	if ask.Path != "" {
		if ask.Vendor != "" {
			bundle = bundle.Only(ask.Vendor)
		}
		return p, writeBundle(bundle, ask)
	}
	for _, part := range bundle.Parts() {
		one, err := evidencePart(bundle, part)
		if err != nil {
			return p, err
		}
		p.Parts = append(p.Parts, one)
	}
	return p, nil
}

func (m *evidenceMaker) rules(ctx context.Context) (*record.Policy, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.policy == nil {
		policy, err := m.app.exitPolicy(ctx)
		if err != nil {
			return nil, err
		}
		m.policy = policy
	}
	return m.policy, nil
}

func writeBundle(b *report.Bundle, ask tui.EvidenceAsk) error {
	if _, err := os.Lstat(ask.Path); err == nil && !ask.Replace {
		return fmt.Errorf("writing %s: %w", ask.Path, fs.ErrExist)
	}
	return toFile(ask.Path, bundleMode, func(w io.Writer) error { return b.Write(w, formatOfEnding(ask.Path), true) })
}

// evidencePart is what the screen shows of one vendor: the bundle is made as it
// would be written, so that its size and its checks are those of the file.
func evidencePart(b *report.Bundle, part report.Part) (tui.EvidencePart, error) {
	one := b.Only(part.Name)
	p := tui.EvidencePart{Vendor: part.Name, Markdown: one.Markdown(false), RequestIDs: part.RequestIDs, Failures: part.Failures, ForSupport: part.ForSupport, FileName: one.BundleName()}
	check := func(ok bool, format string, args ...any) {
		p.Checks = append(p.Checks, tui.EvidenceCheck{OK: ok, Text: fmt.Sprintf(format, args...)})
	}
	var zip bytes.Buffer
	var leak *report.LeakError
	switch err := one.Write(&zip, "zip", true); {
	case errors.As(err, &leak):
		check(false, "%s: it cannot be written", leak)
		// What may not be written may not be shown or copied either.
		p.Markdown, p.RequestIDs = "# Withheld\n\n"+leak.Error()+"\n\nDrop that call (space), or tell the makers of errscope what it is.\n", nil
	case err != nil:
		return p, err
	default:
		differences, files, err := report.VerifyBundle(bytes.NewReader(zip.Bytes()), int64(zip.Len()))
		if err != nil {
			return p, err
		}
		p.Files, p.SizeBytes = files, int64(zip.Len())
		check(len(differences) == 0, "no credential is left in %d files; each is as in the manifest", files)
	}
	if n := part.Failures - part.ForSupport; n > 0 && part.ForSupport > 0 {
		check(false, "%s of %s failures are not meant for support; they are marked so", spaced(n), spaced(part.Failures))
	} else if part.ForSupport == 0 {
		check(false, "none of these failures asks for this vendor's support")
	}
	for _, r := range one.Redactions() {
		kind := ""
		if r.Kind == report.RedactedPersonal {
			kind = r.Name
		}
		p.Redactions = append(p.Redactions, tui.EvidenceRedaction{Words: r.Words(), Personal: kind, Places: r.Places, Shown: r.Shown})
		if r.Shown && r.Places > 0 {
			check(false, "%s are shown, in %s places", r.Words(), spaced(r.Places))
		}
	}
	if n := part.Failures - int64(part.Listed); n > 0 {
		check(false, "requests.csv lists %s of %s failures: the newest, the oldest and those at the peak", spaced(int64(part.Listed)), spaced(part.Failures))
	} else {
		check(true, "all %s calls are in requests.csv, each with its log's hash and its offset there", spaced(part.Failures))
	}
	return p, nil
}

// spaced writes a number as the screens do: 1 204 551.
func spaced(n int64) string {
	s := strconv.FormatInt(n, 10)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + " " + s[at:]
	}
	return s
}
