package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/ingest"
)

func (a *app) formatsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "formats",
		Short: "List the formats, or say which one a file has and why",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.listFormats() },
	}
	detect := &cobra.Command{
		Use:     "detect FILE|-",
		Short:   "Say which format a file has, and why",
		Example: "  errscope formats detect access.log.2.gz",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, err := a.loadRules(cmd.Context())
			if err != nil {
				return err
			}
			return a.eachInput(cmd.Context(), rules, args, a.sayFormat)
		},
	}
	a.settings.bindLogFormats(detect.Flags())
	cmd.AddCommand(
		&cobra.Command{
			Use:   "list",
			Short: "List the formats that are read",
			Args:  cobra.NoArgs,
			RunE:  func(*cobra.Command, []string) error { return a.listFormats() },
		},
		detect)
	return cmd
}

func (a *app) listFormats() error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, f := range ingest.Formats() {
		fmt.Fprintf(w, "%s\t%s\n", f.Name, f.About)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the list: %w", err)
	}
	return nil
}

func (a *app) sayFormat(_ context.Context, src *ingest.Source) error {
	d := src.Detection()
	fmt.Fprintf(a.out, "%s: %s\n  %s\n", visible(src.Path()), formatWords(d), visible(d.Why))
	if len(d.Columns) > 0 {
		fmt.Fprintf(a.out, "  columns: %s\n", visible(strings.Join(d.Columns, " ")))
	}
	return a.sayKeys(d.Keys)
}

// sayKeys prints which key of JSON lines was taken for what.
func (a *app) sayKeys(keys []ingest.KeyUse) error {
	if len(keys) == 0 {
		return nil
	}
	fmt.Fprintln(a.out, "  keys:")
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, k := range keys {
		fmt.Fprintf(w, "    %s\t%s\n", oneLine(k.Key), oneLine(k.Field))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the keys: %w", err)
	}
	return nil
}

// oneLine keeps a foreign name from breaking the table.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, visible(s))
}
