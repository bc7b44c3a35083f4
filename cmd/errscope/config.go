package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/store"
)

// configName is the file that is looked for in the current folder.
const configName = "errscope.yaml"

// configBytesMax bounds the configuration file.
const configBytesMax = 1 << 20

// configFile is errscope.yaml as written. Each key is the flag of its name.
type configFile struct {
	DB      string   `yaml:"db"`
	Bind    []string `yaml:"bind"`
	Packs   []string `yaml:"packs"`
	Wait    string   `yaml:"wait"`
	TZ      string   `yaml:"tz"`
	Keep    string   `yaml:"keep"`
	Jobs    *int     `yaml:"jobs"`
	Strict  *bool    `yaml:"strict"`
	Theme   string   `yaml:"theme"`
	Glyphs  string   `yaml:"glyphs"`
	NoMouse *bool    `yaml:"no-mouse"`
	Reports string   `yaml:"reports"`
	// LogFormats are several of what the flag log-format says one of.
	LogFormats []string `yaml:"log_formats"`
	// JSONFields has no flag: it gives fields of JSON lines their keys.
	JSONFields map[string]keyList `yaml:"json_fields"`
	// Maintenance and Incidents are times of which somebody knows.
	Maintenance []outageNote `yaml:"maintenance"`
	Incidents   []outageNote `yaml:"incidents"`
	// Check has the thresholds of errscope check.
	Check *checkConfig `yaml:"check"`
	// Bodies says how files that hold one response body each are named.
	Bodies []bodyRule `yaml:"bodies"`
	// Acknowledged lists the codes that nobody need hear of until they grow or change.
	Acknowledged []acknowledgedRule `yaml:"acknowledged"`
	// Limits are quotas that vendors do not state themselves.
	Limits []limitRule `yaml:"limits"`
}

// keyList is one key or a list of them.
type keyList []string

// UnmarshalYAML implements yaml.InterfaceUnmarshaler.
func (l *keyList) UnmarshalYAML(read func(any) error) error {
	var one string
	if err := read(&one); err == nil {
		*l = keyList{one}
		return nil
	}
	var list []string
	if err := read(&list); err != nil {
		return err
	}
	*l = list
	return nil
}

// bodyRule is a rule for files that hold one captured response body each.
type bodyRule struct {
	Files  string `yaml:"files"`
	Name   string `yaml:"name"`
	URL    string `yaml:"url"`
	Host   string `yaml:"host"`
	Method string `yaml:"method"`
	Time   string `yaml:"time"` // "mtime", or nothing
}

// config is the configuration in force; the zero value has nothing to say.
type config struct {
	path   string
	byFlag map[string][]string
	// jsonFields are the keys of fields in JSON lines.
	jsonFields map[string][]string
	bodies     []ingest.BodyName
	limits     []queries.QuotaLimit
	notes      []store.OutageNote
	check      *checkConfig
	// acknowledged are the codes that somebody knows of.
	acknowledged []queries.Acknowledgement
}

// outageNotes are the times of which somebody knows.
func (c *config) outageNotes() []store.OutageNote {
	if c == nil {
		return nil
	}
	return c.notes
}

// outageNote is a time of which somebody knows: a planned maintenance, or an
// incident that is known.
type outageNote struct {
	Vendor string `yaml:"vendor"` // or a host that no pack knows; all of them where it is not named
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	Text   string `yaml:"text"`
}

// outageNotes reads the times, which without a zone are UTC.
func (f *configFile) outageNotes() ([]store.OutageNote, error) {
	var notes []store.OutageNote
	for i, n := range append(slices.Clone(f.Maintenance), f.Incidents...) {
		out := store.OutageNote{Vendor: n.Vendor, Planned: i < len(f.Maintenance), Text: n.Text}
		for _, end := range []struct {
			text string
			at   *time.Time
		}{{n.From, &out.From}, {n.To, &out.To}} {
			at, err := parseDate(end.text, time.UTC)
			if err != nil {
				return nil, fmt.Errorf("maintenance, incidents: %w", err)
			}
			*end.at = at
		}
		if !out.From.Before(out.To) {
			return nil, fmt.Errorf("maintenance, incidents: %s is not before %s", n.From, n.To)
		}
		notes = append(notes, out)
	}
	return notes, nil
}

// checks are the thresholds of errscope check, nil where there are none.
func (c *config) checks() *checkConfig {
	if c == nil {
		return nil
	}
	return c.check
}

// bodyNames are the rules for files of bodies.
func (c *config) bodyNames() []ingest.BodyName {
	if c == nil {
		return nil
	}
	return c.bodies
}

// values gives what the file says of a flag.
func (c *config) values(flag string) ([]string, bool) {
	if c == nil {
		return nil, false
	}
	v, ok := c.byFlag[flag]
	return v, ok
}

// findConfig reads errscope.yaml in the current folder, else the user's own.
// No file is no error.
func findConfig(t terminal) (*config, error) {
	places := []string{configName}
	if dir, ok := t.env("XDG_CONFIG_HOME"); ok && dir != "" {
		places = append(places, filepath.Join(dir, "errscope", "config.yaml"))
	} else if home, ok := t.env("HOME"); ok && home != "" {
		places = append(places, filepath.Join(home, ".config", "errscope", "config.yaml"))
	}
	for _, path := range places {
		c, err := readConfig(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return c, err
	}
	return nil, nil
}

func readConfig(path string) (*config, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, usageError(fmt.Errorf("reading %s: it is no file", path), "")
	}
	text, err := readFileLimited(path, configBytesMax)
	if err != nil {
		return nil, usageError(fmt.Errorf("reading the configuration: %w", err), "")
	}
	if err := checkYAML(text); err != nil {
		return nil, usageError(fmt.Errorf("reading %s: %w", path, err), "")
	}
	var f configFile
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return nil, usageError(fmt.Errorf("reading %s: %s", path, strings.TrimSpace(yaml.FormatError(err, false, true))),
			"the keys are the names of flags: db bind packs wait tz keep jobs strict theme glyphs no-mouse reports; and log_formats, json_fields, bodies, check, acknowledged, maintenance, incidents, limits")
	}
	c := &config{path: path, byFlag: f.flags(), check: f.Check}
	if len(f.JSONFields) > 0 {
		c.jsonFields = map[string][]string{}
		for field, keys := range f.JSONFields {
			c.jsonFields[field] = keys
		}
	}
	if err := ingest.CheckJSONFields(c.jsonFields); err != nil {
		return nil, usageError(fmt.Errorf("reading json_fields of %s: %w", path, err), "json_fields: {status: resp.code, duration_ms: took}")
	}
	if c.bodies, err = f.bodyNames(); err != nil {
		return nil, usageError(fmt.Errorf("reading %s: %w", path, err), `bodies: [{files: "captures/*.json", name: "{host}_{status}_{request_id}.json"}]`)
	}
	if c.acknowledged, err = f.acknowledgements(); err != nil {
		return nil, usageError(fmt.Errorf("reading %s: %w", path, err), `acknowledged: [{vendor: carsxe, code: api_limit_exceeded, per_day: 200, until: 2026-12-01}]`)
	}
	if c.notes, err = f.outageNotes(); err != nil {
		return nil, usageError(fmt.Errorf("reading %s: %w", path, err), `maintenance: [{vendor: smartcar, from: 2026-11-20T02:00:00Z, to: 2026-11-20T04:00:00Z, text: "new data centre"}]`)
	}
	if c.limits, err = f.quotaLimits(); err != nil {
		return nil, usageError(fmt.Errorf("reading limits of %s: %w", path, err), "limits: [{vendor: caravanguide, name: requests, limit: 10000, period: month}]")
	}
	return c, nil
}

// bodyNames checks the rules for files of bodies.
func (f *configFile) bodyNames() ([]ingest.BodyName, error) {
	var rules []ingest.BodyName
	for _, b := range f.Bodies {
		rule := ingest.BodyName{Files: b.Files, Name: b.Name, URL: b.URL, Host: b.Host, Method: b.Method, ModTime: b.Time == "mtime"}
		if b.Time != "" && !rule.ModTime {
			return nil, fmt.Errorf("bodies: time is %q, and may only be mtime", b.Time)
		}
		if err := rule.Check(); err != nil {
			return nil, fmt.Errorf("bodies: %w", err)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// flags lists what the file states, in the words of the flags.
func (f *configFile) flags() map[string][]string {
	out := map[string][]string{}
	for name, v := range map[string]string{"db": f.DB, "wait": f.Wait, "tz": f.TZ, "keep": f.Keep, "theme": f.Theme, "glyphs": f.Glyphs, "reports": f.Reports} {
		if v != "" {
			out[name] = []string{v}
		}
	}
	for name, v := range map[string][]string{"bind": f.Bind, "packs": f.Packs, "log-format": f.LogFormats} {
		if len(v) > 0 {
			out[name] = v
		}
	}
	for name, v := range map[string]*bool{"strict": f.Strict, "no-mouse": f.NoMouse} {
		if v != nil {
			out[name] = []string{strconv.FormatBool(*v)}
		}
	}
	if f.Jobs != nil {
		out["jobs"] = []string{strconv.Itoa(*f.Jobs)}
	}
	return out
}
