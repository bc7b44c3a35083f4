package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/classify"
)

func (a *app) packsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "packs",
		Short: "List, show, check and begin packs: what is known of each vendor",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.listPacks(cmd) },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "list",
			Short: "List the packs",
			Args:  cobra.NoArgs,
			RunE:  func(cmd *cobra.Command, _ []string) error { return a.listPacks(cmd) },
		},
		&cobra.Command{
			Use:     "show NAME",
			Short:   "Show one pack: hosts, rules, advice",
			Example: "  errscope packs show carsxe",
			Args:    cobra.ExactArgs(1),
			RunE:    func(cmd *cobra.Command, args []string) error { return a.showPack(cmd, args[0]) },
		},
		a.packsCheckCommand(),
		a.packsNewCommand(),
		&cobra.Command{
			Use:     "schema",
			Short:   "Print the JSON Schema of pack.yaml, for editors",
			Example: "  errscope packs schema > pack.schema.json",
			Args:    cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				_, err := io.WriteString(a.out, classify.Schema())
				return err
			},
		})
	return cmd
}

func (a *app) listPacks(cmd *cobra.Command) error {
	rules, err := a.loadRules(cmd.Context())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PACK\tVERSION\tRULES\tHOSTS\tTITLE")
	for _, p := range rules.set.Packs() {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", visible(p.Name()), visible(p.Version()), len(p.Rules()), visible(hostList(p)), visible(p.Title()))
	}
	return w.Flush()
}

func hostList(p *classify.Pack) string {
	var hosts []string
	for _, h := range p.Hosts() {
		hosts = append(hosts, h.Host+h.PathPrefix)
	}
	return strings.Join(hosts, " ")
}

func (a *app) showPack(cmd *cobra.Command, name string) error {
	rules, err := a.loadRules(cmd.Context())
	if err != nil {
		return err
	}
	for _, p := range rules.set.Packs() {
		if p.Name() == name {
			return a.printPack(p)
		}
	}
	return usageError(fmt.Errorf("no pack is named %q", name), "errscope packs list")
}

func (a *app) printPack(p *classify.Pack) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	row := func(name string, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, visible(value))
		}
	}
	row("pack", p.Name()+" "+p.Version())
	row("title", p.Title())
	row("docs", p.Docs())
	row("hosts", hostList(p))
	row("support asks for", strings.Join(p.SupportFields(), ", "))
	row("support", p.SupportURL())
	row("from", p.Source())
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(a.out)
	fmt.Fprintln(w, "RULE\tCATEGORY\tRETRY\tFAULT\tADVICE")
	for _, r := range p.Rules() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", visible(r.Rule), r.Category, r.Retry, r.Fault, visible(r.Action))
	}
	return w.Flush()
}
