package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
)

func (a *app) verifyCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that the database holds what it says; exit 1 on any difference",
		Long: `Reads the whole database and looks for differences: schema and views against
those of this program, every value of every table, the ledger against the rows
(each source has the rows it accounts for, and its lines add up), rows that belong
to nothing, labels outside their sets, outage windows and quota periods that
contradict themselves or that no source has calls for, marks of the analysis that
no source agrees with, and the salt beside the file. It changes nothing.

Each difference is named with its place: PLACE: want WHAT, have WHAT.`,
		Example: `  errscope db verify
  errscope db verify --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkTextOrJSON(format); err != nil {
				return err
			}
			return a.verify(cmd.Context(), format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`text|json`")
	return cmd
}

func (a *app) verify(ctx context.Context, format string) error {
	db, err := store.Open(ctx, a.settings.db, store.Options{ReadOnly: true, AsIs: true, Wait: a.settings.wait})
	var damaged *store.DamagedError
	if errors.As(err, &damaged) {
		found := store.Verified{Checks: 1, Differences: []queries.Difference{{Place: a.settings.db, Want: "readable", Have: damaged.Reason}}}
		return a.tellVerified(found, format, "")
	}
	if err != nil {
		return err
	}
	found, err := db.Verify(ctx)
	have, known := db.Schema()
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	hint := ""
	switch log, err := os.Stat(a.settings.db + ".wal"); {
	case have < known:
		hint = "errscope db migrate brings an older schema up to date"
	case err == nil && log.Size() > 0:
		hint = "a process died while it wrote; the next ingest or report puts in order what it left, verify again then"
	}
	return a.tellVerified(found, format, hint)
}

func (a *app) tellVerified(v store.Verified, format, hint string) error {
	differences := int64(len(v.Differences)) + v.Unlisted
	if format == "json" {
		if v.Differences == nil {
			v.Differences = []queries.Difference{}
		}
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		err := e.Encode(struct {
			OK          bool                 `json:"ok"`
			Checks      int64                `json:"checks"`
			Tables      int64                `json:"tables"`
			Rows        int64                `json:"rows"`
			Total       int64                `json:"differences_total"`
			Differences []queries.Difference `json:"differences"`
		}{differences == 0, v.Checks, v.Tables, v.Rows, differences, v.Differences})
		if err != nil {
			return err
		}
	} else {
		for _, d := range v.Differences {
			fmt.Fprintf(a.out, "%s: want %s, have %s\n", visible(d.Place), visible(d.Want), visible(d.Have))
		}
		if v.Unlisted > 0 {
			fmt.Fprintf(a.out, "… and %d more\n", v.Unlisted)
		}
	}
	if differences > 0 {
		return gateError(fmt.Errorf("%s in database %s", counted(differences, "difference"), a.settings.db), hint)
	}
	if format == "text" {
		fmt.Fprintf(a.out, "no difference: %s of %s read\n", counted(v.Rows, "row"), counted(v.Tables, "table"))
	}
	return nil
}
