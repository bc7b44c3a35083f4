package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/store"
)

// sqlFormats are what an answer can be written as.
var sqlFormats = []string{"table", "csv", "json", "jsonl", "md", "parquet"}

// queryBytesMax bounds a query that comes from a file.
const queryBytesMax = 16 << 20

// sqlFlags are the flags of one query.
type sqlFlags struct {
	file, format, out string
	unsafe            bool
}

func (a *app) sqlCommand() *cobra.Command {
	var f sqlFlags
	cmd := &cobra.Command{
		Use:   "sql QUERY|-f FILE",
		Short: "Ask the database in SQL",
		Long: `Runs a query on --db and writes the answer. The query can change nothing and
reach no other file, unless --unsafe says so. Tables and views: requests,
failures, sources, rejects, rules, vendors, outage_windows, quota_status.

A file of -o is looked through for what our masking did not know as a credential,
and refused with exit code 1 where one is left. Rows on standard output are masked
again by our own rules only: what is written there cannot be taken back.`,
		Example: `  errscope sql "SELECT vendor, code, count(*) AS n FROM failures GROUP BY ALL ORDER BY n DESC"
  errscope sql -f nightly.sql --format csv -o nightly.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			query, err := a.queryText(args, f.file)
			if err != nil {
				return err
			}
			if !slices.Contains(sqlFormats, f.format) {
				return usageError(fmt.Errorf("--format %s is none of %s", f.format, strings.Join(sqlFormats, ", ")), "")
			}
			if f.format == "parquet" && (f.out == "" || f.out == "-") {
				return usageError(errors.New("parquet is no text: it needs a file"), "add -o FILE")
			}
			return a.runSQL(cmd.Context(), query, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.file, "file", "f", "", "read the query from `FILE`, - for standard input")
	fl.StringVar(&f.format, "format", "table", "`table|csv|json|jsonl|md|parquet`")
	fl.StringVarP(&f.out, "output", "o", "", "write to `FILE`")
	fl.BoolVar(&f.unsafe, "unsafe", false, "let the query change the database and reach files")
	return cmd
}

// queryText takes the query from the argument or the file, one of the two.
func (a *app) queryText(args []string, file string) (string, error) {
	switch {
	case len(args) == 1 && file != "":
		return "", usageError(errors.New("a QUERY and -f FILE are given"), "give one of them")
	case len(args) == 1:
		return args[0], nil
	case file == "":
		return "", usageError(errors.New("no QUERY given"), `errscope sql "SELECT * FROM failures LIMIT 10"`)
	case file == "-":
		text, err := io.ReadAll(io.LimitReader(a.in, queryBytesMax))
		return string(text), err
	}
	text, err := readFileLimited(file, queryBytesMax)
	if err != nil {
		return "", failedError(fmt.Errorf("reading the query: %w", err), "")
	}
	return string(text), nil
}

func (a *app) runSQL(ctx context.Context, query string, f sqlFlags) error {
	if err := a.notDatabase(f.out); err != nil {
		return err
	}
	if f.format != "parquet" {
		return a.askSQL(ctx, query, f)
	}
	return inPlace(f.out, rowsMode, func(temp string) error {
		f.out = temp
		return a.askSQL(ctx, query, f)
	})
}

// askSQL runs the query; an answer as Parquet is written to the output itself.
func (a *app) askSQL(ctx context.Context, query string, f sqlFlags) error {
	o := store.Options{ReadOnly: !f.unsafe, Files: f.unsafe, Wait: a.settings.wait}
	if f.format == "parquet" {
		o.Output = f.out
	}
	if f.unsafe {
		// Writing would make the file; a query needs one that is there.
		if _, err := os.Stat(a.settings.db); err != nil {
			return failedError(fmt.Errorf("opening database %s: %w", a.settings.db, store.ErrMissing), "")
		}
	}
	db, err := store.Open(ctx, a.settings.db, o)
	if err != nil {
		return err
	}
	err = a.answer(ctx, db, query, f)
	return errors.Join(err, db.Close())
}

func (a *app) answer(ctx context.Context, db *store.DB, query string, f sqlFlags) error {
	if f.format == "parquet" {
		return sqlFailure(a.exportParquet(ctx, db, query, f.out))
	}
	rows, err := db.Query(ctx, query)
	if err != nil {
		return sqlFailure(err)
	}
	defer rows.Close()
	looked := &answerRows{Rows: rows, policy: a.exitMask(ctx)}
	write := lookedAt(ctx, f.out, func(w io.Writer) error { return writeRows(w, looked, f.format) })
	if f.out != "" && f.out != "-" {
		return sqlFailure(leftBehind(toFile(f.out, rowsMode, write)))
	}
	return sqlFailure(a.toOutput(f.out, write))
}

// sqlFailure hints at --unsafe where the lock of the database was the reason.
func sqlFailure(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if strings.Contains(text, "disabled by configuration") || strings.Contains(text, "read-only mode") || strings.Contains(text, "Permission Error") {
		return failedError(err, "a query may not write or reach files; if you mean it, add --unsafe")
	}
	return err
}
