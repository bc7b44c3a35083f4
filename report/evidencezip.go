package report

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
)

// EvidenceFormats lists the formats of [Bundle.Write].
func EvidenceFormats() []string { return []string{"md", "json", "zip"} }

// manifestName is the file of a bundle that lists the others.
const manifestName = "MANIFEST.json"

// ManifestSchema names the layout of the manifest.
const ManifestSchema = "errscope.manifest/v1"

// bundleFile is one file of a bundle.
type bundleFile struct {
	name string
	data []byte
}

// manifest lists what a bundle holds and what it leaves out.
type manifest struct {
	Schema     string               `json:"schema"`
	Version    string               `json:"errscope_version,omitempty"`
	Files      []manifestFile       `json:"files"`
	Included   []Personal           `json:"included"`
	Redactions []jsonRedaction      `json:"redactions"`
	Sources    []jsonEvidenceSource `json:"sources"`
}

type manifestFile struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// LeakError says that a credential is left in a finished bundle, which was
// therefore not written. It names places, never values.
type LeakError struct {
	Places []string // "smartcar/summary.md line 12 column 4"
}

// Error names the first place and how many more there are.
func (e *LeakError) Error() string {
	text := "a credential is left at " + e.Places[0]
	if n := len(e.Places) - 1; n > 0 {
		text += fmt.Sprintf(" and %d more places", n)
	}
	return text
}

// Write writes the bundle as md, json or zip; full has Markdown hold everything.
// The finished bytes are looked through for credentials first, and where one is
// left nothing is written and the error is a [LeakError].
func (b *Bundle) Write(w io.Writer, format string, full bool) error {
	switch format {
	case "md":
		return b.writeScanned(w, bundleFile{"summary.md", []byte(b.Markdown(full))})
	case "json":
		text, err := b.json()
		if err != nil {
			return fmt.Errorf("writing evidence as JSON: %w", err)
		}
		return b.writeScanned(w, bundleFile{"evidence.json", text})
	case "zip":
		files, err := b.files()
		if err != nil {
			return fmt.Errorf("making the files of a bundle: %w", err)
		}
		if err := b.scan(files); err != nil {
			return err
		}
		return writeZip(w, files)
	}
	return &NameError{Kind: ErrUnknownFormat, Name: format, Valid: EvidenceFormats()}
}

func (b *Bundle) writeScanned(w io.Writer, f bundleFile) error {
	if err := b.scan([]bundleFile{f}); err != nil {
		return err
	}
	_, err := w.Write(f.data)
	return err
}

// scan is the last look at what leaves.
func (b *Bundle) scan(files []bundleFile) error {
	var leaks LeakError
	for _, f := range files {
		for _, at := range b.options.Policy.Scan(f.data) {
			before := f.data[:at.Lo]
			line := bytes.Count(before, []byte{'\n'}) + 1
			column := at.Lo - bytes.LastIndexByte(before, '\n')
			leaks.Places = append(leaks.Places, f.name+" line "+strconv.Itoa(line)+" column "+strconv.Itoa(column))
		}
		if b.options.SecondLook == nil {
			continue
		}
		places, err := b.options.SecondLook(f.name, f.data)
		if err != nil {
			return fmt.Errorf("looking through %s a second time: %w", f.name, err)
		}
		leaks.Places = append(leaks.Places, places...)
	}
	if len(leaks.Places) > 0 {
		return &leaks
	}
	return nil
}

// Markdown is the summary, one part after the other.
func (b *Bundle) Markdown(full bool) string {
	if b.Empty() {
		return "# Nothing to report\n\nNo failure was selected.\n"
	}
	texts := make([]string, 0, len(b.parts))
	for _, p := range b.parts {
		texts = append(texts, b.markdown(p, full))
	}
	return strings.Join(texts, "\n---\n\n")
}

// files makes all files of a bundle, a folder for each vendor, by name.
func (b *Bundle) files() ([]bundleFile, error) {
	var files []bundleFile
	taken := map[string]bool{}
	for _, p := range b.parts {
		folder := fileWord(p.name)
		for n := 2; taken[folder]; n++ {
			folder = fileWord(p.name) + "-" + strconv.Itoa(n)
		}
		taken[folder] = true
		list, err := b.partFiles(p)
		if err != nil {
			return nil, fmt.Errorf("of %s: %w", p.name, err)
		}
		for _, f := range list {
			files = append(files, bundleFile{folder + "/" + f.name, f.data})
		}
	}
	sql, err := selectionSQL(b.selection)
	if err != nil {
		return nil, err
	}
	files = append(files, bundleFile{"selection.sql", []byte("-- " + visible(Command(b.selection, b.options.Include)) + "\n" + sql)})
	slices.SortFunc(files, func(x, y bundleFile) int { return strings.Compare(x.name, y.name) })
	listed, err := b.manifest(files)
	if err != nil {
		return nil, err
	}
	return append([]bundleFile{{manifestName, listed}}, files...), nil
}

func (b *Bundle) partFiles(p *part) ([]bundleFile, error) {
	one := b.Only(p.name)
	whole, err := one.json()
	if err != nil {
		return nil, err
	}
	har, err := p.har(b.options.Version)
	if err != nil {
		return nil, err
	}
	var table bytes.Buffer
	if err := p.csv(&table); err != nil {
		return nil, err
	}
	files := []bundleFile{{"summary.md", []byte(one.markdown(p, false))}, {"evidence.json", whole}, {"requests.csv", table.Bytes()}, {"exchanges.har", har}}
	for i, k := range p.kinds {
		if k.sample != nil {
			name := fmt.Sprintf("exchanges/%02d-%s.http", i+1, fileWord(k.Name))
			files = append(files, bundleFile{name, []byte(k.sample.raw(sampleBodyMax))})
		}
	}
	return files, nil
}

func (b *Bundle) manifest(files []bundleFile) ([]byte, error) {
	m := manifest{Schema: ManifestSchema, Version: b.options.Version, Files: []manifestFile{}, Included: append([]Personal{}, b.options.Include...),
		Redactions: b.jsonRedactions(), Sources: []jsonEvidenceSource{}}
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		m.Files = append(m.Files, manifestFile{f.name, int64(len(f.data)), hex.EncodeToString(sum[:])})
	}
	for _, s := range b.sources {
		m.Sources = append(m.Sources, jsonEvidenceSource{s.Path, s.Format, s.SHA256, s.Bytes, s.Failures})
	}
	return indented(m)
}

// fileWordMax bounds a name made of foreign words.
const fileWordMax = 40

// fileWord makes a name that every file system takes, and that leads nowhere.
func fileWord(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case r == '.' && b.Len() > 0:
			b.WriteByte('.')
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= fileWordMax {
			break
		}
	}
	word := strings.TrimRight(b.String(), "-.")
	if word == "" {
		return "unnamed"
	}
	return word
}

// BundleName is the usual name of the file, by vendor and newest failure.
func (b *Bundle) BundleName() string {
	if b.Empty() {
		return "evidence.zip"
	}
	name, last := "evidence", time.Time{}
	for _, p := range b.parts {
		last = latest(last, p.last)
	}
	if len(b.parts) == 1 {
		name = fileWord(b.parts[0].name)
	}
	if last.IsZero() {
		return name + ".zip"
	}
	return name + "-" + last.UTC().Format(time.DateOnly) + ".zip"
}

// zipTime stands at every file: the same bundle is the same bytes.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func writeZip(w io.Writer, files []bundleFile) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: zipTime}
		h.SetMode(0o600)
		one, err := z.CreateHeader(h)
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
		if _, err := one.Write(f.data); err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
	}
	return z.Close()
}

// selectionSQL is the question that chose the rows, ready to be run.
func selectionSQL(s queries.Selection) (string, error) {
	text, err := queries.Load(queries.EvidenceSelected)
	if err != nil {
		return "", err
	}
	sql, err := queries.Fill(text, s.Values())
	if err != nil {
		return "", err
	}
	lines := strings.Split("-- "+text.Question+"\n"+sql+";", "\n")
	for i := range lines {
		lines[i] = visible(lines[i]) + "\n"
	}
	return strings.Join(lines, ""), nil
}
