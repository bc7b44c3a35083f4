package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
	"github.com/errscope/errscope/tui"
)

// TestEvidenceOfTheScreens makes what is proposed on the demonstration into
// bundles, as the screen asks for them.
func TestEvidenceOfTheScreens(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	database := filepath.Join(dir, "t.duckdb")
	quiet := terminal{out: io.Discard, err: io.Discard}
	for _, args := range [][]string{{"demo", "--out", filepath.Join(dir, "demo")}, {"ingest", "--db", database, filepath.Join(dir, "demo", "logs")}} {
		if code := run(ctx, args, quiet); code != exitDone {
			t.Fatalf("%v ended with %d", args, code)
		}
	}
	l := &lease{path: database}
	proposals, err := l.EvidenceProposals(ctx, queries.Scope{})
	if err != nil || len(proposals.Windows) != 2 || len(proposals.Groups) < 20 {
		t.Fatalf("%d windows, %d groups, error %v", len(proposals.Windows), len(proposals.Groups), err)
	}
	bundle := (&app{terminal: quiet}).evidenceOf(l.Evidence)
	ask := tui.EvidenceAsk{}
	for _, w := range proposals.Windows {
		ask.Selection.Windows = append(ask.Selection.Windows, w.WindowID)
	}
	preview, err := bundle(ctx, ask)
	if err != nil || len(preview.Parts) != 2 {
		t.Fatalf("%+v, error %v", preview, err)
	}
	vision := preview.Parts[0]
	if vision.Vendor != "aionvision" || vision.Failures != 31 || vision.ForSupport != 31 || vision.FileName != "aionvision-2026-11-16.zip" || len(vision.RequestIDs) < 6 ||
		!strings.HasPrefix(vision.Markdown, "# Failed calls to aionvision") || len(vision.Redactions) < 5 {
		t.Errorf("the first part is %+v", vision)
	}
	for _, c := range vision.Checks {
		if !c.OK {
			t.Errorf("a check fails: %s", c.Text)
		}
	}
	// What is written is what was shown, of that vendor only.
	ask.Vendor, ask.Path = "aionvision", filepath.Join(dir, vision.FileName)
	if _, err := bundle(ctx, ask); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(ask.Path); err != nil || info.Size() != vision.SizeBytes || info.Mode().Perm() != bundleMode {
		t.Errorf("the file is %v, error %v, want %d bytes", info, err, vision.SizeBytes)
	}
	if code := run(ctx, []string{"evidence", "verify", ask.Path}, quiet); code != exitDone {
		t.Errorf("verify ended with %d", code)
	}
	if _, err := bundle(ctx, ask); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time the error is %v", err)
	}
	ask.Replace, ask.Include = true, []string{"ip"}
	if _, err := bundle(ctx, ask); err != nil {
		t.Error(err)
	}
	if _, err := bundle(ctx, tui.EvidenceAsk{Include: []string{"name"}}); err == nil {
		t.Error("an unknown kind of personal data was left in")
	}
	leaves(t, ctx, database, bundle)
}

// leaves plants a credential where no mask looks: the preview says so, and no
// file comes of it.
func leaves(t *testing.T, ctx context.Context, database string, bundle func(context.Context, tui.EvidenceAsk) (tui.EvidencePreview, error)) {
	db, err := store.Open(ctx, database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(ctx, "UPDATE requests_full SET request_id = concat('AKIA', 'IOSFODNN7EXAMPLE') WHERE code = 'CV-001'")
	if err == nil {
		err = rows.Close()
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	ask := tui.EvidenceAsk{Selection: queries.Selection{Codes: []string{"CV-001"}}}
	preview, err := bundle(ctx, ask)
	if err != nil || len(preview.Parts) != 1 || preview.Parts[0].Checks[0].OK || !strings.Contains(preview.Parts[0].Checks[0].Text, "a credential is left at carsxe/") {
		t.Errorf("%+v, error %v", preview, err)
	}
	if p := preview.Parts[0]; strings.Contains(p.Markdown+strings.Join(p.RequestIDs, ""), "IOSFODNN7") {
		t.Errorf("the preview shows it: %s", p.Markdown)
	}
	ask.Path = filepath.Join(t.TempDir(), "leak.zip")
	if _, err := bundle(ctx, ask); err == nil || strings.Contains(err.Error(), "IOSFODNN7") {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Stat(ask.Path); err == nil {
		t.Error("a file was written")
	}
}
