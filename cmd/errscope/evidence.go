package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/report"
	"github.com/errscope/errscope/store"
)

// bundleMode keeps a bundle to its owner until it is sent.
const bundleMode = 0o600

// evidenceFlags are the flags of errscope evidence.
type evidenceFlags struct {
	vendor                                 string
	codes, categories, requestIDs, include []string
	windows                                []int64
	supportOnly, full                      bool
	format, out                            string
}

func (a *app) evidenceCommand() *cobra.Command {
	var f evidenceFlags
	cmd := &cobra.Command{
		Use:   "evidence",
		Short: "Make a bundle for a vendor's support: request ids, times, one masked exchange of each failure",
		Long: `Writes what vendors' supports ask for, of the failures in --db: counts by code
and endpoint, the request ids to look up, the outages with a chart, and one
exchange of each distinct failure. The zip holds the summary, JSON, CSV, raw HTTP
and HAR, the question that chose the rows, and a manifest of hashes; the same data
gives the same bytes.

Expected answers never belong. What is not meant for support is kept and marked;
--support-only drops it. Credentials are never shown. VINs, number plates, e-mail
addresses, phone numbers and IP addresses are masked unless --include names them.
The finished bytes are looked through once more, and nothing is written where a
credential is left.`,
		Example: `  errscope evidence --vendor smartcar
  errscope evidence --vendor carsxe --since yesterday --include vin -o carsxe.zip
  errscope evidence --window 7189131740090831 --format json
  errscope evidence verify carsxe.zip`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.format == "" {
				f.format = "md"
				if ending := formatOfEnding(f.out); slices.Contains(report.EvidenceFormats(), ending) {
					f.format = ending
				}
			}
			return a.evidence(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.vendor, "vendor", "", "only this `VENDOR`, or host that no pack knows")
	fl.StringArrayVar(&f.codes, "code", nil, "only failures with this `CODE` or type (repeatable)")
	fl.StringArrayVar(&f.categories, "category", nil, "only failures of this `CATEGORY` (repeatable)")
	fl.StringArrayVar(&f.requestIDs, "request-id", nil, "only calls with this `ID`, the vendor's or ours (repeatable)")
	fl.Int64SliceVar(&f.windows, "window", nil, "only what lies in the outage of this `ID` (repeatable; see errscope report outages --format json)")
	fl.BoolVar(&f.supportOnly, "support-only", false, "drop what is not meant for the vendor's support")
	fl.StringSliceVar(&f.include, "include", nil, "personal data that stays: `KINDS` of vin, plate, email, phone, ip, with commas between")
	fl.BoolVar(&f.full, "full", false, "have Markdown hold everything; without, it fits the form of a ticket")
	fl.StringVar(&f.format, "format", "", "`md|json|zip` (default: by the ending of -o, else md)")
	fl.StringVarP(&f.out, "output", "o", "", "write to `FILE`, readable by you alone")
	a.settings.bindRange(fl)
	cmd.AddCommand(a.evidenceVerifyCommand())
	return cmd
}

func (a *app) evidence(ctx context.Context, f evidenceFlags) error {
	selection, include, err := a.selection(f)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(report.EvidenceFormats(), f.format):
		return usageError(fmt.Errorf("--format %s is none of %s", f.format, strings.Join(report.EvidenceFormats(), ", ")), "")
	case f.format == "zip" && (f.out == "" || f.out == "-") && isTerminal(a.terminal.out):
		return usageError(errors.New("zip is no text: it needs a file"), "add -o FILE")
	}
	policy, err := a.exitPolicy(ctx)
	if err != nil {
		return err
	}
	db, err := a.openForReading(ctx, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	data, err := db.Evidence(ctx, selection)
	if err != nil {
		return err
	}
	bundle, err := report.NewBundle(data, report.BundleOptions{Policy: policy, SecondLook: secondLook(ctx), Include: include, Version: version()})
	if err != nil {
		return err
	}
	a.warnOfEvidence(data, bundle)
	write := func(w io.Writer) error { return bundle.Write(w, f.format, f.full) }
	if f.out == "" || f.out == "-" {
		return leakFailure(a.toOutput("", write))
	}
	return leakFailure(toFile(f.out, bundleMode, write))
}

// leakFailure is the gate that keeps a credential in.
func leakFailure(err error) error {
	var leak *report.LeakError
	if errors.As(err, &leak) {
		return gateError(fmt.Errorf("evidence refused: %w", leak), "nothing was written; leave that call out, or tell the makers of errscope what it is")
	}
	return err
}

// selection reads the flags.
func (a *app) selection(f evidenceFlags) (s queries.Selection, include []report.Personal, err error) {
	if s.Since, s.Until, err = a.settings.timeRange(time.Now()); err != nil {
		return s, nil, err
	}
	s.Vendor, s.Codes, s.RequestIDs, s.Windows, s.SupportOnly = f.vendor, f.codes, f.requestIDs, f.windows, f.supportOnly
	for _, word := range f.categories {
		c := record.Category(word)
		if !slices.Contains(record.Categories(), c) {
			return s, nil, usageError(fmt.Errorf("--category %s is none of %s", word, joined(record.Categories())), "")
		}
		s.Categories = append(s.Categories, c)
	}
	include, err = personals(f.include)
	return s, include, err
}

func personals(words []string) (list []report.Personal, err error) {
	for _, word := range words {
		p := report.Personal(strings.ToLower(strings.TrimSpace(word)))
		if !slices.Contains(report.Personals(), p) {
			return nil, usageError(fmt.Errorf("--include %s is none of %s", word, joined(report.Personals())), "")
		}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list, nil
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// warnOfEvidence says what a reader of the bundle alone would not see.
func (a *app) warnOfEvidence(data queries.Evidence, b *report.Bundle) {
	if b.Empty() {
		a.warn("nothing was selected: the bundle is empty")
	}
	if parts := b.Parts(); len(parts) > 1 {
		names := make([]string, len(parts))
		for i, p := range parts {
			names[i] = p.Name
		}
		a.warn("the bundle is about %d vendors (%s): make one for each with --vendor before sending", len(parts), strings.Join(names, ", "))
	}
	for _, id := range data.Selection.RequestIDs {
		if !b.Empty() && !slices.ContainsFunc(data.Rows, func(r queries.EvidenceRow) bool { return r.RequestID == id || r.ClientRequestID == id }) {
			a.warn("no failure that was selected has the request id %s", id)
		}
	}
	if n := len(data.Groups); n > 0 && data.Groups[0].Of > int64(n) {
		a.warn("%d of %d groups of failures are in the bundle, the largest", n, data.Groups[0].Of)
	}
}

func (a *app) evidenceVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FILE",
		Short: "Check that a bundle is as it was written; exit 1 on any difference",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.verifyBundle(args[0]) },
	}
}

func (a *app) verifyBundle(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return failedError(fmt.Errorf("reading bundle: %w", err), "")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return failedError(fmt.Errorf("reading bundle %s: %w", path, err), "")
	}
	if !info.Mode().IsRegular() {
		return failedError(fmt.Errorf("reading bundle %s: it is no file", path), "")
	}
	differences, files, err := report.VerifyBundle(f, info.Size())
	if err != nil {
		return failedError(fmt.Errorf("reading bundle %s: %w", path, err), "")
	}
	for _, d := range differences {
		fmt.Fprintln(a.out, visible(d))
	}
	if len(differences) > 0 {
		return gateError(errors.New(path+" is not as it was written"), "ask for the bundle again, or make it anew")
	}
	_, err = fmt.Fprintf(a.out, "%s: %d files as in the manifest\n", visible(path), files)
	return err
}
