package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/report"
)

type jsonGate struct {
	Schema  string           `json:"schema"`
	Held    bool             `json:"held"`
	Reasons []jsonGateReason `json:"reasons"`
}

type jsonGateReason struct {
	Check   string  `json:"check"`
	Vendor  string  `json:"vendor,omitempty"`
	Account string  `json:"account,omitempty"`
	What    string  `json:"what,omitempty"`
	Value   float64 `json:"value"`
	Limit   float64 `json:"limit"`
	Since   string  `json:"since,omitempty"`
	Text    string  `json:"text"`
}

func (a *app) writeReasons(reasons []analysis.GateReason, format string) error {
	if format == "json" {
		j := jsonGate{Schema: checkSchema, Held: len(reasons) == 0, Reasons: []jsonGateReason{}}
		for _, r := range reasons {
			x := jsonGateReason{Check: string(r.Check), Vendor: report.Inert(r.Vendor), Account: report.Inert(r.Account), What: report.Inert(r.What), Value: r.Value, Limit: r.Limit, Text: a.gateText(r)}
			if !r.Since.IsZero() {
				x.Since = r.Since.UTC().Format(time.RFC3339)
			}
			j.Reasons = append(j.Reasons, x)
		}
		text, err := json.MarshalIndent(j, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.out, "%s\n", text)
		return err
	}
	var errs []error
	for _, r := range reasons {
		_, err := fmt.Fprintln(a.out, a.gateText(r))
		errs = append(errs, err)
	}
	if len(reasons) == 0 && isTerminal(a.terminal.out) {
		_, err := io.WriteString(a.out, "All checks hold.\n")
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// gateText says a reason in one line; foreign words are made harmless.
func (a *app) gateText(r analysis.GateReason) string {
	who := report.Inert(r.Vendor)
	if r.What != "" {
		who += " " + report.Inert(r.What)
	}
	if r.Account != "" {
		who += ", account " + report.Inert(r.Account)
	}
	share := func(v float64) string { return strconv.FormatFloat(100*v, 'f', -1, 64) + " %" }
	found := strconv.FormatFloat(100*r.Value, 'f', 2, 64) + " %"
	var text string
	switch r.Check {
	case analysis.GateFailureRatio:
		text = fmt.Sprintf("%s: %s of calls failed (%d of %d), at most %s may", who, found, r.Part, r.Whole, share(r.Limit))
	case analysis.GateQuotaLeft:
		if r.Whole <= 0 {
			text = fmt.Sprintf("%s: nothing of the quota is left%s, at least %s must be", who, since(r), share(r.Limit))
			break
		}
		text = fmt.Sprintf("%s: %s of the quota is left (%d of %d), at least %s must be", who, found, r.Part, r.Whole, share(r.Limit))
	case analysis.GateOpenOutage:
		text = fmt.Sprintf("%s: down since %s, %d of %d calls failed", who, r.Since.UTC().Format(time.RFC3339), r.Part, r.Whole)
	case analysis.GateLocalOutage:
		text = fmt.Sprintf("nobody was reached%s, %d of %d calls failed: look at our own network", since(r), r.Part, r.Whole)
	case analysis.GateNewCodes:
		if a.settings.baseline != "" {
			text = fmt.Sprintf("%s: a code that baseline %s does not have, %s", who, report.Inert(a.settings.baseline), failuresCounted(r.Part))
			break
		}
		text = fmt.Sprintf("%s: a code never seen before %s, %s", who, r.Since.UTC().Format(time.RFC3339), failuresCounted(r.Part))
	case analysis.GateRejects:
		text = fmt.Sprintf("%s of lines could not be read (%d of %d), at most %s may", found, r.Part, r.Whole, share(r.Limit))
	case analysis.GateContactSupport:
		text = fmt.Sprintf("%s: %s that the vendor's support should see, since %s", who, failuresCounted(r.Part), r.Since.UTC().Format(time.RFC3339))
	case analysis.GateFresh:
		text = "no call was ever read"
		if !r.Since.IsZero() {
			text = fmt.Sprintf("the newest call is of %s, %s ago, at most %s may be", r.Since.UTC().Format(time.RFC3339),
				(time.Duration(r.Value) * time.Second).Round(time.Minute), time.Duration(r.Limit)*time.Second)
		}
	}
	return string(r.Check) + ": " + text
}

// failuresCounted is 1 failure, or 7 failures.
func failuresCounted(n int64) string {
	if n == 1 {
		return "1 failure"
	}
	return strconv.FormatInt(n, 10) + " failures"
}

// since says from when on, where that is known.
func since(r analysis.GateReason) string {
	if r.Since.IsZero() {
		return ""
	}
	return " since " + r.Since.UTC().Format(time.RFC3339)
}
