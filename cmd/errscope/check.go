package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/analysis"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// checkSchema names the version of the JSON of check. Members may be added.
const checkSchema = "errscope.check/v1"

// What check asks for where neither flags nor configuration name a threshold.
const (
	checkFailureRatio = "5%"
	checkQuotaLeft    = "10%"
	checkRejects      = "1%"
	checkCallsMin     = 20
	// checkNewSpan is how far back a code counts as new without --since, from
	// the newest call.
	checkNewSpan = 24 * time.Hour
)

// checkFlags are the thresholds as written; "" and false are not given.
type checkFlags struct {
	failureRatio, quotaLeft []string
	callsMin, newCodes      int64
	rejects                 string
	openOutage              string
	contactSupport          bool
	fresh                   time.Duration
	format                  string
}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "A gate for cron and CI: thresholds in, exit 1 and the reasons out",
		Long: `Holds the database against thresholds and says nothing where all hold; else it
writes one line for each reason and exits with 1. Without a threshold, neither
as a flag nor under check: in the configuration, it is at most 5 % of failures,
10 % of each quota left, no open outage, be it a vendor's or our own (nobody at
all is reached), and at most 1 % of unreadable lines.
What lies in a planned maintenance or a known incident of the configuration
counts for nothing, nor does a code that is acknowledged there, until it grows.
Without new calls everything holds: --fresh 26h says that they must come.`,
		Example: `  errscope check --since 24h
  errscope check --failure-ratio 2% --failure-ratio carsxe=20% --open-outage
  errscope check --since yesterday --new-codes 0 --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.check(cmd.Context(), cmd, f) },
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&f.failureRatio, "failure-ratio", nil, "at most this share of calls may fail: `[VENDOR=]RATIO`, such as 5% or carsxe=0.2 (repeatable)")
	fl.Int64Var(&f.callsMin, "calls-min", checkCallsMin, "a vendor with fewer than `N` calls has no share of failures")
	fl.StringArrayVar(&f.quotaLeft, "quota-left", nil, "at least this share of each limit must be left: `[VENDOR=]RATIO` (repeatable)")
	fl.StringVar(&f.openOutage, "open-outage", "", "no outage may be open: `any|vendors|ours`, where ours is that nobody at all is reached")
	fl.Lookup("open-outage").NoOptDefVal = outageAny
	fl.Int64Var(&f.newCodes, "new-codes", 0, "at most `N` codes may be new since --since, else in the last day of the data")
	fl.StringVar(&a.settings.baseline, "baseline", "", "a code is new where the baseline `NAME` does not have it (errscope db baseline save); without --new-codes none may be")
	fl.StringVar(&f.rejects, "rejects", "", "at most this share of lines may be unreadable: `RATIO`")
	fl.BoolVar(&f.contactSupport, "contact-support", false, "no failure may ask for a vendor's support")
	fl.DurationVar(&f.fresh, "fresh", 0, "the newest call may be so old by the clock, such as 26h: `DURATION`; without it of any age")
	fl.StringVar(&f.format, "format", "text", "`text|json`")
	a.settings.bindScope(fl)
	return cmd
}

func (a *app) check(ctx context.Context, cmd *cobra.Command, f checkFlags) error {
	if f.format != "text" && f.format != "json" {
		return usageError(fmt.Errorf("--format %s is none of text, json", f.format), "")
	}
	t, err := a.thresholds(cmd, f)
	if err != nil {
		return err
	}
	scope, err := a.scope()
	if err != nil {
		return err
	}
	db, err := a.openForReading(ctx, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := a.warnOfStrangers(ctx, db, t, scope.Vendor); err != nil {
		return err
	}
	facts, err := gateFacts(ctx, source{DB: db, baseline: a.settings.baseline, acknowledged: a.config.known(), known: a.config.outageNotes()}, t, scope)
	if err != nil {
		return err
	}
	reasons := analysis.Gate(t, facts)
	if err := a.writeReasons(reasons, f.format); err != nil {
		return err
	}
	switch len(reasons) {
	case 0:
		return nil
	case 1:
		return gateError(errors.New("the gate did not hold, for 1 reason"), "")
	}
	return gateError(fmt.Errorf("the gate did not hold, for %d reasons", len(reasons)), "")
}

// warnOfStrangers says which of the names in flags and configuration nobody knows: a
// gate about a name that is written wrong would hold for ever.
func (a *app) warnOfStrangers(ctx context.Context, db *store.DB, t analysis.Thresholds, vendor string) error {
	names := map[string]bool{vendor: true}
	for _, limits := range []map[string]float64{t.FailureRatio, t.QuotaLeft} {
		for name := range limits {
			names[name] = true
		}
	}
	for _, k := range a.config.known() {
		names[k.Vendor] = true
	}
	for _, n := range a.config.outageNotes() {
		names[n.Vendor] = true
	}
	delete(names, "")
	delete(names, record.VendorUnknown)
	delete(names, record.VendorGeneric)
	if len(names) == 0 {
		return nil
	}
	known, err := db.GateParties(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		delete(names, k.Party)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a.warn("%s is no vendor or host that is known here, so nothing of it is checked or excused", name)
	}
	return nil
}

// gateFacts asks for what the thresholds need and no more.
func gateFacts(ctx context.Context, src source, t analysis.Thresholds, scope queries.Scope) (f analysis.GateFacts, err error) {
	o, err := src.Glance(ctx, scope)
	if err != nil {
		return f, err
	}
	f.Last, f.Now = o.Totals.Last, time.Now()
	if f.Read, err = src.GateRead(ctx, scope); err != nil {
		return f, err
	}
	if err := src.excuse(ctx, &f, scope, o.Totals); err != nil {
		return f, err
	}
	if t.FailureRatio != nil {
		f.Vendors, err = src.Vendors(ctx, scope)
	}
	if err == nil && t.QuotaLeft != nil {
		f.Quotas, err = src.Quotas(ctx, scope)
	}
	if err == nil && (t.OpenOutage || t.FailureRatio != nil) {
		f.Windows, err = src.Windows(ctx, scope)
	}
	if err == nil && t.LocalOutage {
		f.Local, err = src.LocalOutages(ctx, scope)
	}
	if err == nil && t.ContactSupport {
		f.Support, err = src.Support(ctx, scope)
	}
	if err != nil || t.NewCodes < 0 {
		return f, err
	}
	if scope.Since.IsZero() {
		if f.Last.IsZero() {
			return f, nil
		}
		scope.Since = f.Last.Add(-checkNewSpan)
	}
	f.Changes, err = src.Changes(ctx, scope)
	return f, err
}

// thresholds joins flags and configuration: a flag goes before the key of its
// name. Where neither says anything the defaults hold.
func (a *app) thresholds(cmd *cobra.Command, f checkFlags) (t analysis.Thresholds, err error) {
	t = analysis.Thresholds{CallsMin: f.callsMin, NewCodes: -1, Rejects: -1, ContactSupport: f.contactSupport, Fresh: f.fresh}
	given := cmd.Flags().Changed
	if given("new-codes") {
		t.NewCodes = f.newCodes
	}
	if c := a.config.checks(); c != nil {
		if f.failureRatio == nil {
			f.failureRatio = c.FailureRatio
		}
		if f.quotaLeft == nil {
			f.quotaLeft = c.QuotaLeft
		}
		if f.rejects == "" {
			f.rejects = c.Rejects
		}
		if c.CallsMin != nil && !given("calls-min") {
			t.CallsMin = *c.CallsMin
		}
		if c.NewCodes != nil && !given("new-codes") {
			t.NewCodes = *c.NewCodes
		}
		if !given("baseline") {
			a.settings.baseline = c.Baseline
		}
		if !given("open-outage") {
			f.openOutage = string(c.OpenOutage)
		}
		if c.Fresh != "" && !given("fresh") {
			if t.Fresh, err = time.ParseDuration(c.Fresh); err != nil {
				return t, usageError(fmt.Errorf("fresh: %q is no duration", c.Fresh), "write 26h or 90m")
			}
		}
		if c.ContactSupport != nil && !given("contact-support") {
			t.ContactSupport = *c.ContactSupport
		}
	}
	if f.failureRatio == nil && f.quotaLeft == nil && f.rejects == "" && t.NewCodes < 0 && f.openOutage == "" && !t.ContactSupport {
		f.failureRatio, f.quotaLeft, f.rejects, f.openOutage = []string{checkFailureRatio}, []string{checkQuotaLeft}, checkRejects, outageAny
	}
	if a.settings.baseline != "" && t.NewCodes < 0 {
		t.NewCodes = 0
	}
	if t.OpenOutage, t.LocalOutage, err = whoseOutage(f.openOutage); err != nil {
		return t, err
	}
	if t.FailureRatio, err = ratiosByVendor("failure-ratio", f.failureRatio); err != nil {
		return t, err
	}
	if t.QuotaLeft, err = ratiosByVendor("quota-left", f.quotaLeft); err != nil {
		return t, err
	}
	if f.rejects != "" {
		t.Rejects, err = parseRatio("rejects", f.rejects)
	}
	return t, err
}

// The outages that --open-outage may ask about.
const (
	outageAny     = "any"
	outageVendors = "vendors"
	outageOurs    = "ours"
)

// whoseOutage reads any, vendors or ours; true and false are any and none.
func whoseOutage(text string) (vendors, ours bool, err error) {
	switch text {
	case "", "false":
		return false, false, nil
	case outageAny, "true":
		return true, true, nil
	case outageVendors:
		return true, false, nil
	case outageOurs:
		return false, true, nil
	}
	return false, false, usageError(fmt.Errorf("open-outage: %q is none of any, vendors, ours", text), "write --open-outage=vendors, or --open-outage alone for any")
}

// ratiosByVendor reads RATIO and VENDOR=RATIO.
func ratiosByVendor(flag string, list []string) (map[string]float64, error) {
	if list == nil {
		return nil, nil
	}
	limits := map[string]float64{}
	for _, text := range list {
		vendor, ratio := "", text
		if v, r, ok := strings.Cut(text, "="); ok {
			vendor, ratio = strings.TrimSpace(v), r
		}
		limit, err := parseRatio(flag, ratio)
		if err != nil {
			return nil, err
		}
		limits[vendor] = limit
	}
	return limits, nil
}

// parseRatio reads 5%, 5 % or 0.05.
func parseRatio(flag, text string) (float64, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	r, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		r /= 100
	}
	if err != nil || !(r >= 0 && r <= 1) {
		return 0, usageError(fmt.Errorf("%s: %q is no share", flag, text), "write 5% or 0.05")
	}
	return r, nil
}

// checkConfig is check: of the configuration, in the words of the flags.
type checkConfig struct {
	FailureRatio   ratioList `yaml:"failure_ratio"`
	QuotaLeft      ratioList `yaml:"quota_left"`
	CallsMin       *int64    `yaml:"calls_min"`
	Rejects        string    `yaml:"rejects"`
	NewCodes       *int64    `yaml:"new_codes"`
	OpenOutage     whichWord `yaml:"open_outage"`
	ContactSupport *bool     `yaml:"contact_support"`
	Fresh          string    `yaml:"fresh"`
	Baseline       string    `yaml:"baseline"`
}

// whichWord is a word; true and false are words, too.
type whichWord string

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (w *whichWord) UnmarshalYAML(read func(any) error) error {
	var yes bool
	if err := read(&yes); err == nil {
		*w = whichWord(strconv.FormatBool(yes))
		return nil
	}
	var word string
	if err := read(&word); err != nil {
		return err
	}
	*w = whichWord(word)
	return nil
}

// ratioList is one ratio, or one for each vendor; "default" is everybody else.
type ratioList []string

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (l *ratioList) UnmarshalYAML(read func(any) error) error {
	var one string
	if err := read(&one); err == nil {
		*l = ratioList{one}
		return nil
	}
	var each map[string]string
	if err := read(&each); err != nil {
		return err
	}
	for vendor, ratio := range each {
		if vendor == "default" {
			*l = append(*l, ratio)
		} else {
			*l = append(*l, vendor+"="+ratio)
		}
	}
	slices.Sort(*l)
	return nil
}
