package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/classify"
)

func (a *app) packsCheckCommand() *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "check [FILE|DIR…]",
		Short: "Check packs against their samples, with file, line and column",
		Long: `Loads packs exactly as the program does and runs their samples, beside the
packs that are built in. Without arguments it checks those. An error is a fault,
a warning is advice; exit code 1 where any error is found.`,
		Example: `  errscope packs check packs/acme
  errscope packs check --format json packs`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			findings := classify.Check(cmd.Context(), args)
			switch format {
			case "text":
				return a.sayFindings(findings)
			case "json":
				return a.encodeFindings(findings)
			}
			return usageError(fmt.Errorf("--format %s is no format of packs check", format), "the formats are text and json")
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "print the findings as `FORMAT`: text or json")
	return cmd
}

// sayFindings prints the findings for people.
func (a *app) sayFindings(findings []classify.Finding) error {
	if err := printFindings(a.out, findings); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	if err := findingsGate(findings); err != nil {
		return err
	}
	advice := ""
	switch n := len(findings); n {
	case 0:
	case 1:
		advice = "; 1 warning"
	default:
		advice = fmt.Sprintf("; %d warnings", n)
	}
	_, err := fmt.Fprintf(a.out, "every rule has a sample, every sample its rule%s\n", advice)
	return err
}

func printFindings(w io.Writer, findings []classify.Finding) error {
	for _, f := range findings {
		at := f.File + ": "
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Col)
		}
		text := fmt.Sprintf("%s%s: %s\n", at, f.Severity, f.Text)
		if f.Snippet != "" {
			text += f.Snippet + "\n"
		}
		if f.Help != "" {
			text += "  help: " + f.Help + "\n"
		}
		if _, err := io.WriteString(w, visible(text)); err != nil {
			return err
		}
	}
	return nil
}

// findingJSON is one finding for editors and CI.
type findingJSON struct {
	File     string            `json:"file,omitempty"`
	Line     int               `json:"line,omitempty"`
	Column   int               `json:"column,omitempty"`
	Severity classify.Severity `json:"severity"`
	Text     string            `json:"text"`
	Help     string            `json:"help,omitempty"`
	Snippet  string            `json:"snippet,omitempty"`
}

// encodeFindings prints the findings as an array, one object each.
func (a *app) encodeFindings(findings []classify.Finding) error {
	list := make([]findingJSON, 0, len(findings))
	for _, f := range findings {
		list = append(list, findingJSON{File: f.File, Line: f.Line, Column: f.Col, Severity: f.Severity, Text: f.Text, Help: f.Help, Snippet: f.Snippet})
	}
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(list); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	return findingsGate(findings)
}

// findingsGate is the failed gate where any finding is an error.
func findingsGate(findings []classify.Finding) error {
	faults := 0
	for _, f := range findings {
		if f.Severity == classify.SeverityError {
			faults++
		}
	}
	switch faults {
	case 0:
		return nil
	case 1:
		return gateError(fmt.Errorf("1 fault found"), "")
	}
	return gateError(fmt.Errorf("%d faults found", faults), "")
}
