package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

func (a *app) demoCommand() *cobra.Command {
	out, simulate := "", false
	simulation := demo.SimulateOptions{Seed: 1}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Write a demonstration data set and open the screens on it",
		Long: `Writes several days of invented traffic to five vendors: access logs, JSON
lines, a HAR file, an outage, a quota that runs out, and some broken lines. With
--out DIR it is kept: DIR/logs is what to read, DIR/truth.json what is in it.
Without, it goes to a temporary folder. On a terminal the screens open.`,
		Example: "  errscope demo\n  errscope demo --out /tmp/demo && errscope ingest /tmp/demo/logs",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if simulate {
				return a.simulate(cmd.Context(), out, simulation)
			}
			dir, keep := out, out != ""
			if !keep {
				temp, err := os.MkdirTemp("", "errscope-demo-")
				if err != nil {
					return failedError(fmt.Errorf("making a temporary folder: %w", err), "name one with --out DIR")
				}
				defer os.RemoveAll(temp)
				dir = temp
			}
			if _, err := demo.Write(cmd.Context(), dir, demo.Options{}); err != nil {
				return failedError(fmt.Errorf("writing the demonstration: %w", err), "")
			}
			logs := filepath.Join(dir, "logs")
			if keep {
				fmt.Fprintf(a.err, "errscope: wrote %s and %s\n", visible(logs), visible(filepath.Join(dir, "truth.json")))
				if !isTerminal(a.terminal.out) {
					return nil
				}
			}
			return a.look(cmd.Context(), []string{logs}, "demonstration")
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "keep the data in `DIR`")
	bindSimulation(cmd.Flags(), &simulate, &simulation)
	a.settings.bindScreen(cmd.Flags())
	return cmd
}
