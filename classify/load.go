package classify

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
)

//go:embed packs
var embedded embed.FS

// Set is the packs of one run: immutable and safe for concurrent use.
type Set struct {
	packs  []*Pack // by name, the global pack last
	byName map[string]*Pack
	global *Pack
	slots  *slots
}

// packSource is one pack's files before they are read.
type packSource struct {
	fsys    fs.FS
	pack    string // path in fsys
	samples string // path in fsys, which may not exist
	shown   string // the pack's path for people
	shownAs string // the samples' path for people
	// held are the files where they are not on disk yet.
	held map[string][]byte
}

// ours reports whether the pack is one of ours.
func (s packSource) ours() bool { return s.fsys == embedded }

// read reads one of the pack's files, at most limitBytes and one more.
func (s packSource) read(name string, limitBytes int64) ([]byte, error) {
	if s.held == nil {
		return readLimited(s.fsys, name, limitBytes)
	}
	data, ok := s.held[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

// Load reads the embedded packs and then those in dirs, and compiles them. A
// folder holds one pack (pack.yaml) or several (NAME/pack.yaml, NAME.yaml). A
// pack replaces an earlier one of its name; with "extends: NAME" it is laid over
// that pack instead. Faults of packs come as a [*LoadError] with every finding;
// a folder that cannot be read is an error of its own.
func Load(ctx context.Context, dirs []string) (*Set, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	shipped, err := decodeSet(compiled)
	if err != nil {
		return nil, err
	}
	all := make([]written, len(shipped.packs))
	for i := range shipped.packs {
		p := &shipped.packs[i]
		all[i] = written{file: &p.head, compiled: p, sources: []packSource{{shown: embeddedName(p.head.Pack.s, packName)}}}
	}
	var sources []packSource
	for _, dir := range dirs {
		more, err := findPacks(dir)
		if err != nil {
			return nil, err
		}
		sources = append(sources, more...)
	}
	bad := &faults{}
	if all, err = readSources(ctx, all, sources, bad); err != nil {
		return nil, err
	}
	set, err := compileAll(all, shipped.slots, bad)
	if err != nil {
		return nil, err
	}
	if len(bad.list) > 0 {
		sortFindings(bad.list)
		return nil, &LoadError{Findings: bad.list}
	}
	return set, nil
}

func embeddedName(pack, file string) string { return "embedded:" + pack + "/" + file }

func embeddedSources() ([]packSource, error) {
	entries, err := embedded.ReadDir("packs")
	if err != nil {
		return nil, fmt.Errorf("reading the embedded packs: %w", err)
	}
	var out []packSource
	for _, e := range entries {
		dir := path.Join("packs", e.Name())
		out = append(out, packSource{fsys: embedded, pack: path.Join(dir, packName), samples: path.Join(dir, samplesName),
			shown: embeddedName(e.Name(), packName), shownAs: embeddedName(e.Name(), samplesName)})
	}
	return out, nil
}

// The names of a pack's files.
const (
	packName    = "pack.yaml"
	samplesName = "samples.txtar"
)

// findPacks lists the packs of a folder, or of one file.
func findPacks(at string) ([]packSource, error) {
	info, err := os.Stat(at)
	if err != nil {
		return nil, fmt.Errorf("finding packs: %w", err)
	}
	if !info.IsDir() {
		return []packSource{fileSource(at)}, nil
	}
	if _, err := os.Stat(filepath.Join(at, packName)); err == nil {
		return []packSource{fileSource(filepath.Join(at, packName))}, nil
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return nil, fmt.Errorf("finding packs: %w", err)
	}
	var out []packSource
	for _, e := range entries {
		file := filepath.Join(at, e.Name())
		switch {
		case e.IsDir():
			inner := filepath.Join(file, packName)
			if _, err := os.Stat(inner); err == nil {
				out = append(out, fileSource(inner))
			}
		case strings.HasSuffix(e.Name(), ".yaml"), strings.HasSuffix(e.Name(), ".yml"):
			out = append(out, fileSource(file))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("finding packs: no %s and no NAME.yaml in %s", packName, at)
	}
	return out, nil
}

func fileSource(file string) packSource {
	dir, name := filepath.Split(file)
	samples := samplesName
	if name != packName {
		samples = strings.TrimSuffix(name, filepath.Ext(name)) + ".txtar"
	}
	return packSource{fsys: os.DirFS(filepath.Clean(dir + ".")), pack: name, samples: samples, shown: file, shownAs: filepath.Join(dir, samples)}
}

// readLimited reads a file of at most limitBytes and one more.
func readLimited(fsys fs.FS, name string, limitBytes int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limitBytes+1))
}

// written is a pack as read, with where its samples are.
type written struct {
	file     *packFile     // only the head where compiled is set
	compiled *compiledPack // an embedded pack that was not read from its YAML
	sources  []packSource  // the pack itself, then what it extends
}

// whole is all of the pack's file.
func (w *written) whole() *packFile {
	if w.compiled != nil {
		return w.compiled.whole()
	}
	return w.file
}

// build reads and compiles sources in order, all from their text. The findings
// are in bad; err is for files that cannot be read.
func build(ctx context.Context, sources []packSource) (*Set, []written, *faults, error) {
	bad := &faults{}
	all, err := readSources(ctx, nil, sources, bad)
	if err != nil {
		return nil, nil, nil, err
	}
	set, err := compileAll(all, newSlots(), bad)
	return set, all, bad, err
}

// readSources adds the packs of the sources to those before them.
func readSources(ctx context.Context, all []written, sources []packSource, bad *faults) ([]written, error) {
	for _, src := range sources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := src.read(src.pack, PackBytesMax)
		if err != nil {
			return nil, fmt.Errorf("reading pack %s: %w", src.shown, err)
		}
		before := len(bad.list)
		pf := readPackFile(newDocument(src.shown, data), data, bad)
		w := written{file: pf, sources: []packSource{src}}
		if len(bad.list) > before {
			continue
		}
		all = settle(all, w, bad)
	}
	return all, nil
}

// compileAll makes the set. Of packs that were compiled ahead only the head is
// made now.
func compileAll(all []written, s *slots, bad *faults) (*Set, error) {
	set := &Set{byName: map[string]*Pack{}, slots: s}
	for i := range all {
		w := &all[i]
		c := compiler{slots: set.slots, bad: bad}
		if w.compiled == nil {
			set.add(c.pack(w.file, w.sources[0].shown))
			continue
		}
		p := c.head(w.file, w.sources[0].shown)
		p.rest = func() {
			// A test compiles every embedded pack and finds no fault.
			later := compiler{slots: set.slots, bad: &faults{}}
			later.rest(w.whole(), p)
		}
		set.add(p)
	}
	if set.global == nil && len(bad.list) == 0 {
		return nil, errors.New("reading the embedded packs: there is no global pack")
	}
	slices.SortFunc(set.packs, func(a, b *Pack) int {
		if (a == set.global) != (b == set.global) {
			if a == set.global {
				return 1
			}
			return -1
		}
		return strings.Compare(a.name, b.name)
	})
	return set, nil
}

// settle adds w to the packs before it: in the place of one of its name, or
// laid over the one it extends.
func settle(all []written, w written, bad *faults) []written {
	if base := w.file.Extends; base.s != "" {
		i := slices.IndexFunc(all, func(o written) bool { return o.file.Pack.s == base.s })
		if i < 0 {
			bad.add(base.at, "packs are read in order: the embedded ones, then each folder", "there is no pack %q to extend", base.s)
			return all
		}
		w.sources = append(w.sources, all[i].sources...)
		w.file = extend(all[i].whole(), w.file)
	}
	if i := slices.IndexFunc(all, func(o written) bool { return o.file.Pack.s == w.file.Pack.s }); i >= 0 {
		all[i] = w
		return all
	}
	return append(all, w)
}

// extend lays over over base: lists grow at the front, rules and rows of the
// same name are replaced, single values win where they are set.
func extend(base, over *packFile) *packFile {
	out := *base
	out.at = over.at
	for _, t := range []struct{ to, from *text }{
		{&out.Pack, &over.Pack}, {&out.Version, &over.Version}, {&out.Title, &over.Title}, {&out.Docs, &over.Docs}, {&out.Support.URL, &over.Support.URL},
	} {
		if t.from.s != "" {
			*t.to = *t.from
		}
	}
	if over.Callback != nil {
		out.Callback = over.Callback
	}
	if over.Quota != nil {
		out.Quota = over.Quota
	}
	if over.Ledger != nil {
		out.Ledger = over.Ledger
	}
	// Under a name of its own the new pack leaves the hosts to the old one.
	out.Hosts = over.Hosts
	if out.Pack.s == base.Pack.s {
		out.Hosts = slices.Concat(over.Hosts, base.Hosts)
	}
	out.Envelopes = slices.Concat(over.Envelopes, base.Envelopes)
	out.Limits, out.Wait = slices.Concat(over.Limits, base.Limits), slices.Concat(over.Wait, base.Wait)
	for _, l := range []struct {
		to   *[]text
		from []text
	}{
		{&out.DocsURLs, over.DocsURLs}, {&out.Headers, over.Headers}, {&out.Vocabulary, over.Vocabulary}, {&out.RequestID, over.RequestID},
		{&out.RetryHint, over.RetryHint}, {&out.Account, over.Account}, {&out.Support.Fields, over.Support.Fields},
		{&out.Mask.Params, over.Mask.Params}, {&out.Mask.Headers, over.Mask.Headers}, {&out.Mask.Fields, over.Mask.Fields}, {&out.Mask.Paths, over.Mask.Paths},
	} {
		*l.to = slices.Concat(l.from, *l.to)
	}
	kept := slices.DeleteFunc(slices.Clone(base.Rules), func(r ruleFile) bool {
		return slices.ContainsFunc(over.Rules, func(o ruleFile) bool { return o.ID.s == r.ID.s })
	})
	out.Rules = slices.Concat(over.Rules, kept)
	rows := slices.DeleteFunc(slices.Clone(base.Status), func(r statusFile) bool {
		return slices.ContainsFunc(over.Status, func(o statusFile) bool { return o.Status.s == r.Status.s && o.ID.s == r.ID.s })
	})
	out.Status = slices.Concat(over.Status, rows)
	return &out
}

func (s *Set) add(p *Pack) {
	s.packs = append(s.packs, p)
	s.byName[p.name] = p
	if p.name == GlobalPack {
		s.global = p
	}
}

// Packs lists the packs by name; the global pack, which is no vendor, is last.
func (s *Set) Packs() []*Pack { return slices.Clone(s.packs) }

// Pack finds a pack by its name, or nil.
func (s *Set) Pack(name string) *Pack { return s.byName[name] }

// Version is the version of the pack that a rule's name ("carsxe/missing-vin")
// belongs to, or "".
func (s *Set) Version(rule string) string {
	name, _, _ := strings.Cut(rule, "/")
	if p := s.byName[name]; p != nil {
		return p.version
	}
	return ""
}

// HostBindings says which hosts speak which pack; with no pack, that a host
// under a vendor's domain is one of its customers'.
func (s *Set) HostBindings() []record.HostBinding {
	var out []record.HostBinding
	for _, p := range s.packs {
		out = append(out, p.hosts...)
	}
	return out
}

// CallbackBindings says to which paths of our own the vendors send browsers.
func (s *Set) CallbackBindings() []record.CallbackBinding {
	var out []record.CallbackBinding
	for _, p := range s.packs {
		if p.callback == nil {
			continue
		}
		out = append(out, record.CallbackBinding{Pack: p.name})
		for _, at := range p.callback.paths {
			out = append(out, record.CallbackBinding{Path: at, Pack: p.name})
		}
	}
	return out
}

// MaskRules says which values are credentials according to the packs. cmd joins
// it with the built-in rules. The names of all packs count on every host, since
// a credential travels on: into redirects, referers, proxies and logs that name
// no host. Places in paths count on their own hosts only: elsewhere the same
// path means something else.
func (s *Set) MaskRules() record.Rules {
	var out record.Rules
	for _, p := range s.packs {
		out.Params = append(out.Params, p.mask.Params...)
		out.Headers = append(out.Headers, p.mask.Headers...)
		out.Fields = append(out.Fields, p.mask.Fields...)
		out.Paths = append(out.Paths, p.maskPaths()...)
		if len(p.account) == 0 {
			continue
		}
		for _, h := range p.hosts {
			out.Accounts = append(out.Accounts, record.AccountRule{Host: h.Host, From: slices.Clone(p.account)})
		}
	}
	return out
}
