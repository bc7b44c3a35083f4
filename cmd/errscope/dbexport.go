package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
)

func (a *app) exportCommand() *cobra.Command {
	var dir string
	var force bool
	cmd := &cobra.Command{
		Use:   "export -o DIR",
		Short: "Write the calls as Parquet files, by day and vendor",
		Long: `Writes every row of requests, or those of a range or a vendor, as Parquet files
compressed with zstd: DIR/dt=2026-11-13/vendor=carsxe/data_0.parquet. DuckDB,
ClickHouse, Spark, Trino and others read such a folder and know dt (the UTC day)
and vendor from the names. Rows without a time or vendor lie under
__HIVE_DEFAULT_PARTITION__, which reads as NULL.

The files hold what the database holds. Secrets were masked before they were
stored, and each text is looked through again: with a credential left nothing is
exported, and the exit code is 1. Personal data were not, as they are in a report: paths, queries, messages,
bodies and client addresses stand as they came. The salt is not exported.`,
		Example: `  errscope db export -o calls
  errscope db export -o calls-carsxe --since 7d --vendor carsxe
  duckdb -c "SELECT dt, count(*) FROM read_parquet('calls/**/*.parquet', hive_partitioning = true) GROUP BY dt"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usageError(errors.New("-o DIR is not given"), "errscope db export -o calls")
			}
			since, until, err := a.settings.timeRange(time.Now())
			if err != nil {
				return err
			}
			return a.export(cmd.Context(), queries.Scope{Since: since, Until: until, Vendor: a.settings.vendor}, dir, force)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&dir, "output", "o", "", "write into the folder `DIR`, which must be new or empty")
	f.BoolVar(&force, "force", false, "replace an export that is there")
	a.settings.bindRange(f)
	f.StringVar(&a.settings.vendor, "vendor", "", "only this `VENDOR`")
	return cmd
}

func (a *app) export(ctx context.Context, scope queries.Scope, dir string, force bool) error {
	db, err := a.openForReading(ctx, store.Options{Files: true})
	if err != nil {
		return err
	}
	rows, err := db.ExportTree(ctx, scope, dir, force, a.newColumnLook(ctx))
	if err = errors.Join(err, db.Close()); err != nil {
		if ctx.Err() != nil {
			return failedError(errors.New("interrupted"), "nothing was exported")
		}
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s exported to %s\n", counted(rows, "row"), visible(dir))
	return err
}
