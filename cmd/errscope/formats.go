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
	cmd.AddCommand(
		&cobra.Command{
			Use:   "list",
			Short: "List the formats that are read",
			Args:  cobra.NoArgs,
			RunE:  func(*cobra.Command, []string) error { return a.listFormats() },
		},
		&cobra.Command{
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
		})
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
	how := d.Format
	if d.Wrapper != "" {
		how += " in " + d.Wrapper
	}
	if d.Compression != "" {
		how += " (" + d.Compression + ")"
	}
	fmt.Fprintf(a.out, "%s: %s\n  %s\n", visible(src.Path()), how, visible(d.Why))
	if len(d.Columns) > 0 {
		fmt.Fprintf(a.out, "  columns: %s\n", visible(strings.Join(d.Columns, " ")))
	}
	return nil
}
