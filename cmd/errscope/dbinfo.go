package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/store"
)

// dbInfo is what `errscope db info` says, as JSON.
type dbInfo struct {
	Path        string           `json:"path"`
	SizeBytes   int64            `json:"size_bytes"`
	LogBytes    int64            `json:"log_bytes"` // left by a process that died, or of one that writes
	Holder      *dbHolder        `json:"holder,omitempty"`
	Salt        dbSalt           `json:"salt"`
	Schema      int              `json:"schema,omitempty"`
	SchemaKnown int              `json:"schema_known,omitempty"`
	DuckDB      string           `json:"duckdb,omitempty"`
	Storage     string           `json:"storage,omitempty"`
	FirstTS     string           `json:"first_ts,omitempty"`
	LastTS      string           `json:"last_ts,omitempty"`
	Rows        map[string]int64 `json:"rows,omitempty"`
	Sources     *dbSources       `json:"sources,omitempty"`
	Packs       []packVersion    `json:"packs_differ,omitempty"`

	tables []store.TableInfo
}

type dbHolder struct {
	PID     int    `json:"pid"`
	Program string `json:"program"`
}

type dbSalt struct {
	Path  string `json:"path"`
	Found bool   `json:"found"`
	Mode  string `json:"mode,omitempty"`
}

type dbSources struct {
	Count      int64 `json:"count"`
	Bytes      int64 `json:"bytes"`
	Lines      int64 `json:"lines"`
	Records    int64 `json:"records"`
	Pruned     int64 `json:"pruned"`
	Unfinished int64 `json:"unfinished"`
	Stale      int64 `json:"stale"` // labelled by other packs than those of now
}

// packVersion is a pack of which sources were labelled by another version than
// that of now.
type packVersion struct {
	Pack    string `json:"pack"`
	Labels  string `json:"labels,omitempty"` // "" where the pack was not there then
	Now     string `json:"now,omitempty"`    // "" where it is not here now
	Sources int64  `json:"sources"`
}

func (a *app) infoCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Say what the database is and holds",
		Long: `Says of the database: size, version of schema and DuckDB, rows by table, time
span, sources, which packs labelled it, the salt beside it. It changes nothing, an
older schema included. Where another process holds the file it says which one,
and what can be said without opening it; the exit code is 3 then.`,
		Example: `  errscope db info
  errscope db info --format json | jq .sources`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkTextOrJSON(format); err != nil {
				return err
			}
			return a.dbInfo(cmd.Context(), format)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`text|json`")
	return cmd
}

func checkTextOrJSON(format string) error {
	if format == "text" || format == "json" {
		return nil
	}
	return usageError(fmt.Errorf("--format %s is neither text nor json", format), "")
}

func (a *app) dbInfo(ctx context.Context, format string) error {
	info := dbInfo{Path: a.settings.db}
	if err := info.look(); err != nil {
		return err
	}
	db, err := store.Open(ctx, a.settings.db, store.Options{ReadOnly: true, AsIs: true, Wait: a.settings.wait})
	var locked *store.LockedError
	if errors.As(err, &locked) {
		info.Holder = &dbHolder{locked.PID, locked.Program}
		return errors.Join(a.tellInfo(&info, format), err)
	}
	if err != nil {
		return err
	}
	found, err := db.Info(ctx)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	packs, err := classify.Load(ctx, a.settings.packs)
	if err != nil {
		return err
	}
	info.fill(found, packs)
	if err := a.tellInfo(&info, format); err != nil {
		return err
	}
	if info.Schema < info.SchemaKnown {
		fmt.Fprintln(a.err, "errscope: hint: this schema is an older one; errscope db migrate brings it up to date, and so does every ingest")
	}
	return nil
}

// look says what the files themselves tell.
func (i *dbInfo) look() error {
	st, err := os.Stat(i.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return failedError(fmt.Errorf("opening database %s: %w", i.Path, store.ErrMissing), "")
	}
	if err != nil {
		return failedError(fmt.Errorf("opening database: %w", err), "")
	}
	i.SizeBytes = st.Size()
	if log, err := os.Stat(i.Path + ".wal"); err == nil {
		i.LogBytes = log.Size()
	}
	i.Salt.Path = i.Path + ".salt"
	if salt, err := os.Stat(i.Salt.Path); err == nil {
		i.Salt.Found, i.Salt.Mode = true, fmt.Sprintf("%04o", salt.Mode().Perm())
	}
	return nil
}

func (i *dbInfo) fill(found store.Info, packs *classify.Set) {
	i.Schema, i.SchemaKnown = found.Schema, found.SchemaKnown
	i.DuckDB, i.Storage = found.Engine.Version, found.Engine.Storage
	i.tables, i.Rows = found.Tables, map[string]int64{}
	for _, t := range found.Tables {
		i.Rows[t.Name] = t.Rows
	}
	if found.Schema < found.SchemaKnown {
		return
	}
	i.FirstTS, i.LastTS = utcText(found.Span.FirstTS), utcText(found.Span.LastTS)
	i.Sources = &dbSources{}
	for _, s := range found.Sources {
		i.Sources.Count++
		i.Sources.Bytes += s.Bytes
		i.Sources.Lines += s.Lines
		i.Sources.Records += s.Records
		i.Sources.Pruned += s.Pruned
		if !s.Complete || s.Err != "" {
			i.Sources.Unfinished++
		}
		if s.Records > 0 && isStale(s.PackVersions, packs) {
			i.Sources.Stale++
		}
	}
	i.Packs = differingPacks(found.Sources, packs)
}

func utcText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// differingPacks lists the packs that labelled sources in another version than
// that of now, by name.
func differingPacks(sources []store.Source, now *classify.Set) (list []packVersion) {
	add := func(pack, labels, here string) {
		k := slices.IndexFunc(list, func(p packVersion) bool { return p.Pack == pack && p.Labels == labels })
		if k < 0 {
			list, k = append(list, packVersion{Pack: pack, Labels: labels, Now: here}), len(list)
		}
		list[k].Sources++
	}
	for _, s := range sources {
		if s.Records == 0 {
			continue
		}
		then := map[string]string{}
		for _, v := range splitVersions(s.PackVersions) {
			name, version, _ := strings.Cut(v, "@")
			then[name] = version
		}
		for _, p := range now.Packs() {
			if then[p.Name()] != p.Version() {
				add(p.Name(), then[p.Name()], p.Version())
			}
			delete(then, p.Name())
		}
		for name, version := range then {
			add(name, version, "")
		}
	}
	slices.SortFunc(list, func(x, y packVersion) int {
		return strings.Compare(x.Pack+"\x00"+x.Labels, y.Pack+"\x00"+y.Labels)
	})
	return list
}

func (a *app) tellInfo(i *dbInfo, format string) error {
	if format == "json" {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(i)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	line := func(name, text string, values ...any) {
		fmt.Fprintf(w, "%s\t%s\n", name, visible(fmt.Sprintf(text, values...)))
	}
	line("database", "%s", i.Path)
	line("size", "%s", sizeText(i.SizeBytes))
	if i.LogBytes > 0 {
		line("log", "%s that are not in the file yet", sizeText(i.LogBytes))
	}
	switch {
	case !i.Salt.Found:
		line("salt", "%s is not there", i.Salt.Path)
	default:
		line("salt", "%s, mode %s", i.Salt.Path, i.Salt.Mode)
	}
	if i.Holder != nil {
		line("held by", "%s (PID %d)", filepath.Base(i.Holder.Program), i.Holder.PID)
		return w.Flush()
	}
	line("schema", "version %d, this program knows %d", i.Schema, i.SchemaKnown)
	line("DuckDB", "%s; the file can be read from %s on", i.DuckDB, i.Storage)
	if i.Sources != nil {
		i.tellSources(line)
	}
	for _, t := range i.tables {
		line("rows of "+t.Name, "%d", t.Rows)
	}
	return w.Flush()
}

func (i *dbInfo) tellSources(line func(name, text string, values ...any)) {
	if i.FirstTS != "" {
		line("calls", "from %s to %s", i.FirstTS, i.LastTS)
	}
	s := i.Sources
	line("sources", "%d, with %s in %d lines; %d unfinished", s.Count, sizeText(s.Bytes), s.Lines, s.Unfinished)
	line("records", "%d, of which %d were pruned", s.Records, s.Pruned)
	if len(i.Packs) == 0 {
		line("labels", "by the packs of now")
		return
	}
	line("labels", "of %d sources by other packs than those of now", s.Stale)
	for _, p := range i.Packs {
		line("pack "+p.Pack, "%s, now %s: %s", cmp.Or(p.Labels, "not there"), cmp.Or(p.Now, "not here"), counted(p.Sources, "source"))
	}
}

// sizeText writes a size for people, the exact number with it.
func sizeText(n int64) string {
	const exact = 1024 // below it the unit is the byte itself
	if n < exact {
		return bytesText(n)
	}
	return fmt.Sprintf("%s (%d bytes)", bytesText(n), n)
}
