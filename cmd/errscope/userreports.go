package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/report"
	"github.com/errscope/errscope/store"
)

// userReport is a report of the users' own: a SQL file of --reports DIR.
type userReport struct {
	name, file string
	raw        string // the file as it is, so that lines of errors are the file's
	text       queries.Text
}

// The files of --reports.
const (
	userReportEnding   = ".sql"
	userReportBytesMax = 1 << 20
)

var userReportName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// userReports reads the folder of --reports, in the order of names. Those that
// are sound are given beside the error of those that are not.
func (a *app) userReports() ([]userReport, error) {
	if a.settings.reports == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(a.settings.reports)
	if err != nil {
		return nil, failedError(fmt.Errorf("reading the reports of %s: %w", a.settings.reports, withoutPath(err)), "")
	}
	var list []userReport
	var broken []error
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), userReportEnding)
		if !ok || e.IsDir() {
			continue
		}
		r, err := readUserReport(a.settings.reports, name)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		list = append(list, r)
	}
	if len(broken) > 0 {
		return list, failedError(errors.Join(broken...), userReportHint)
	}
	return list, nil
}

const userReportHint = `a report begins with "-- question: …" and "-- parameters: since, until", as errscope report failures --sql shows`

// userReport finds one report of the users'; their others may be broken.
func (a *app) userReport(name string) (userReport, bool, error) {
	if a.settings.reports == "" {
		return userReport{}, false, nil
	}
	if _, err := os.ReadDir(a.settings.reports); err != nil {
		return userReport{}, false, failedError(fmt.Errorf("reading the reports of %s: %w", a.settings.reports, withoutPath(err)), "")
	}
	if !userReportName.MatchString(name) {
		return userReport{}, false, nil
	}
	r, err := readUserReport(a.settings.reports, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return userReport{}, false, nil
	case err != nil:
		return userReport{}, false, failedError(err, userReportHint)
	}
	return r, true, nil
}

func readUserReport(dir, name string) (userReport, error) {
	file := filepath.Join(dir, name+userReportEnding)
	raw, err := readFileLimited(file, userReportBytesMax)
	if err != nil {
		return userReport{}, fmt.Errorf("reading report %s: %w", file, err)
	}
	if !userReportName.MatchString(name) {
		return userReport{}, &queries.FileError{File: file, Line: 1, Err: fmt.Errorf("%q cannot be the name of a report: letters a to z, digits, - and _ only", name)}
	}
	if slices.ContainsFunc(report.Names(), func(i report.Info) bool { return i.Name == name }) {
		return userReport{}, &queries.FileError{File: file, Line: 1, Err: fmt.Errorf("there is a report %s already: give the file another name", name)}
	}
	text, err := queries.ParseUser(file, string(raw))
	return userReport{name: name, file: file, raw: string(raw), text: text}, err
}

// printReportSQL prints what a report asks, ours or the users' own.
func (a *app) printReportSQL(name string) error {
	own, ok, err := a.userReport(name)
	if err != nil {
		return err
	}
	text := own.raw
	if !ok {
		if text, err = queries.ReportSQL(name); err != nil {
			return usageError(err, "errscope report --list")
		}
	}
	_, err = io.WriteString(a.out, text)
	return err
}

func (a *app) writeUserReport(ctx context.Context, r userReport, scope queries.Scope, format, out string) error {
	if !slices.Contains(report.Formats(), format) {
		return usageError(&report.NameError{Kind: report.ErrUnknownFormat, Name: format, Valid: report.Formats()}, "")
	}
	db, err := a.openForReading(ctx, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryScope(ctx, r.raw, r.text.Parameters, scope)
	if err != nil {
		return r.failure(err)
	}
	defer rows.Close()
	answer := report.Answer{Name: r.name, Question: r.text.Question, Next: rows.Next}
	for _, c := range rows.Columns {
		answer.Columns = append(answer.Columns, report.AnswerColumn{Name: c.Name, Type: c.Type})
	}
	o := a.reportOptions(scope, out)
	err = leftBehind(a.toOutput(out, lookedAt(ctx, out, a.lastLook(ctx, out, func(w io.Writer) error { return report.WriteAnswer(w, answer, format, o) }))))
	if err == nil {
		a.hintStale(ctx, db)
	}
	return r.failure(err)
}

var errorLine = regexp.MustCompile(`LINE (\d+):`)

// failure names file and line of what the database did not like.
func (r userReport) failure(err error) error {
	if err == nil {
		return nil
	}
	line := 1
	if m := errorLine.FindStringSubmatch(err.Error()); m != nil {
		if n, bad := strconv.Atoi(m[1]); bad == nil {
			line = n
		}
	} else if errors.Is(err, context.Canceled) {
		return err
	}
	return sqlFailure(&queries.FileError{File: r.file, Line: line, Err: err})
}
