package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

func (a *app) dbCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "db",
		Short: "Look after the database",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.reclassifyCommand())
	return cmd
}

func (a *app) reclassifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reclassify",
		Short: "Label the stored rows anew, when packs have changed",
		Long: `Labels every stored row by the packs and --bind of now and says how many rows
went from which rule to which. Doing it twice changes nothing more, and a run that
is killed leaves the labels as they were.

A failure is stored with all that its label depends on, so it comes out as if it
had just been ingested. Of a success neither headers nor body are kept (unless with
ingest --keep full): its vendor follows its host, and what it said of quotas stays.
What a pack newly masks is masked in rows to come, not in stored ones.`,
		Example: `  errscope db reclassify --dry-run
  errscope db reclassify --packs ./packs --bind api.acme.example=acme
  errscope db reclassify --vendor stripe`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.reclassify(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&a.settings.vendor, "vendor", "", "only rows whose vendor it is, or becomes (`VENDOR`)")
	f.BoolVar(&a.settings.dryRun, "dry-run", false, "say what would change, change nothing")
	return cmd
}

func (a *app) reclassify(ctx context.Context) error {
	rules, err := a.loadRules(ctx)
	if err != nil {
		return err
	}
	if v := a.settings.vendor; v != "" && v != record.VendorUnknown && v != record.VendorGeneric && rules.set.Pack(v) == nil {
		return usageError(fmt.Errorf("--vendor %s: no pack is named so", v), "errscope packs list")
	}
	if _, err := os.Stat(a.settings.db); errors.Is(err, os.ErrNotExist) {
		// Writing would make the file; there is nothing in it to label.
		return failedError(fmt.Errorf("opening database %s: %w", a.settings.db, store.ErrMissing), "")
	}
	db, err := store.Open(ctx, a.settings.db, store.Options{Wait: a.settings.wait})
	if err != nil {
		return err
	}
	vendors, advice := packAdvice(rules.set)
	done, err := db.Relabel(ctx, store.Relabelling{
		Judge: newJudge(rules).label, Vendor: a.settings.vendor, Vendors: vendors, Rules: advice, DryRun: a.settings.dryRun,
		Versions: func(before string) string { return versionsAfter(before, rules.set, a.settings.vendor) },
	})
	if err == nil && !a.settings.dryRun {
		err = a.analyse(ctx, db, rules)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		if ctx.Err() != nil {
			return failedError(errors.New("interrupted"), "run it again: it goes on where it stopped")
		}
		return err
	}
	return a.tellRelabelled(done)
}

// judge labels stored exchanges by the packs and bindings of now.
type judge struct {
	rules   *rules
	sealer  *record.Sealer
	labeler *classify.Labeler
}

func newJudge(r *rules) *judge {
	return &judge{rules: r, sealer: record.NewPolicy(r.secrets, nil).NewSealer(),
		labeler: classify.NewEngine(r.set, r.bindings, false).NewLabeler()}
}

// label is a [store.Judge].
func (j *judge) label(s *store.Stored, out *record.Label) {
	d := &s.Draft
	d.Direction = ingest.Redirect(j.rules.bindings, d.Direction, d.Host, d.Path, s.Format)
	j.labeler.Label(j.sealer.Seal(d), out)
	if s.Whole || !s.Answered || out.Vendor != record.VendorUnknown {
		return
	}
	// Headers that were not kept told the vendor, or a host that was bound.
	if p := j.rules.set.Pack(s.Label.Vendor); p != nil && p.Name() != classify.GlobalPack {
		out.Vendor = s.Label.Vendor
	}
}

// relabelRowsMax is how many kinds of change are listed one by one.
const relabelRowsMax = 60

// tellRelabelled says what changed, or would.
func (a *app) tellRelabelled(done store.Relabelled) error {
	would := ""
	if a.settings.dryRun {
		would = "would "
	}
	if done.Changed == 0 {
		if done.Sources == 0 {
			_, err := fmt.Fprintf(a.out, "nothing to do: %s are labelled by the packs of now\n", counted(done.Rows, "row"))
			return err
		}
		_, err := fmt.Fprintf(a.out, "no label %schanges: %s, packs of %s noted anew\n", would, counted(done.Rows, "row"), counted(done.Sources, "source"))
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROWS\tFROM\tTO")
	rest := int64(0)
	for i, c := range done.Changes {
		if i >= relabelRowsMax {
			rest += c.Rows
			continue
		}
		from, to := ruleOrVendor(c.OldVendor, c.OldRule), ruleOrVendor(c.NewVendor, c.NewRule)
		if from == to {
			to += " (says otherwise now)"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\n", c.Rows, visible(from), visible(to))
	}
	if rest > 0 {
		fmt.Fprintf(w, "%d\t… %d more kinds of change\t\n", rest, len(done.Changes)-relabelRowsMax)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(a.out, "%d of %s %schange label\n", done.Changed, counted(done.Rows, "row"), would); err != nil {
		return err
	}
	if done.Thin > 0 {
		fmt.Fprintf(a.err, "errscope: hint: of %s neither query nor headers nor body were kept, as of all successes; a load into a new database may tell more of them\n",
			counted(done.Thin, "row"))
	}
	return nil
}

// ruleOrVendor names a label: by its rule with the vendor where that is
// another, by the vendor for a success.
func ruleOrVendor(vendor, rule string) string {
	switch {
	case vendor == "" && rule == "":
		return "a call to us"
	case rule == "":
		return vendor + ", no failure"
	case strings.HasPrefix(rule, vendor+"/"):
		return rule
	}
	return rule + " (" + vendor + ")"
}

// counted writes a number with its noun.
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// versionsAfter is what the ledger says of a source's packs after its rows were
// labelled anew: all of them, or only those of one vendor.
func versionsAfter(before string, set *classify.Set, vendor string) string {
	if vendor == "" {
		return packVersions(set)
	}
	p := set.Pack(vendor)
	if p == nil {
		return before
	}
	list := slices.DeleteFunc(splitVersions(before), func(v string) bool { return strings.HasPrefix(v, vendor+"@") })
	list = append(list, p.Name()+"@"+p.Version())
	return orderVersions(list)
}

// splitVersions takes apart what packVersions wrote; a version may have spaces.
func splitVersions(text string) (list []string) {
	for word := range strings.FieldsSeq(text) {
		if len(list) > 0 && !strings.Contains(word, "@") {
			list[len(list)-1] += " " + word
			continue
		}
		list = append(list, word)
	}
	return list
}

// orderVersions writes versions in the order of packVersions: by name, the
// global pack last.
func orderVersions(list []string) string {
	slices.SortFunc(list, func(x, y string) int {
		a, b := strings.HasPrefix(x, classify.GlobalPack+"@"), strings.HasPrefix(y, classify.GlobalPack+"@")
		switch {
		case a && !b:
			return 1
		case b && !a:
			return -1
		}
		name, _, _ := strings.Cut(x, "@")
		other, _, _ := strings.Cut(y, "@")
		return strings.Compare(name, other)
	})
	return strings.Join(list, " ")
}
