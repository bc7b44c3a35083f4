package classify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/record/jsonscan"
)

// StartRequest says which pack to start, and from what.
type StartRequest struct {
	Name    string // of the pack
	Dir     string // the folder of packs to write to
	Host    string // the API's host, where the exchange does not name it
	Rule    string // the rule's id, "" for one made from code or message
	Version string // of a new pack, usually the day
}

// Started is a drafted pack, or an addition to one. Nothing is written yet.
type Started struct {
	Files    []StartedFile
	Rule     string    // the full name of the drafted rule or status row, "" for a success
	Existing string    // the pack it extends or was added to, "" for a new one
	Findings []Finding // warnings of [Check]; a draft with errors is not handed out
}

// StartedFile is a file of a draft, whole.
type StartedFile struct {
	Path string
	Data []byte
	New  bool // the file must not be there yet
}

// StartError says why no pack can be started from an exchange.
type StartError struct {
	Text string
	Hint string // what to do instead
}

// Error implements error.
func (e *StartError) Error() string { return e.Text }

func startError(hint, format string, args ...any) error {
	return &StartError{Text: fmt.Sprintf(format, args...), Hint: hint}
}

// Start drafts a pack from one sealed exchange: a new pack; where the name is
// taken, one that is laid over it; and with a rule's id and a pack of the
// user's, that rule as an addition. The draft passes [Check] beside the packs
// in dirs.
func Start(ctx context.Context, dirs []string, r *record.Record, req StartRequest) (*Started, error) {
	s := &starter{ctx: ctx, req: req, x: *r.Exchange}
	load := func() error { return s.load(dirs) }
	for _, step := range []func() error{s.names, load, s.place, s.address, s.read} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	var first error
	for _, p := range s.plans() {
		out, err := s.try(p)
		if err == nil {
			return out, nil
		}
		var bad *LoadError
		if !errors.As(err, &bad) {
			return nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// starter drafts one pack.
type starter struct {
	ctx     context.Context
	req     StartRequest
	x       record.Exchange
	sources []packSource
	set     *Set
	base    *Pack       // the pack of the name, or nil
	into    *packSource // the pack to add to, or nil
	label   record.Label
	shape   bodyShape
	hosted  bool // the host is the pack's
}

// names refuses what can be no name; it comes first, since names become paths.
func (s *starter) names() error {
	if !isSlug(s.req.Name) || s.req.Name == record.VendorGeneric || s.req.Name == record.VendorUnknown {
		return startError("a name has a to z, 0 to 9 and -", "%q cannot be the name of a pack", s.req.Name)
	}
	if s.req.Rule != "" && !isSlug(s.req.Rule) {
		return startError("an id has a to z, 0 to 9 and -", "%q cannot be the id of a rule", s.req.Rule)
	}
	return nil
}

// load reads the packs that the draft must live with, one that lies where the
// draft will be included.
func (s *starter) load(dirs []string) error {
	sources, err := embeddedSources()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		more, err := findPacks(dir)
		if err != nil {
			return err
		}
		sources = append(sources, more...)
	}
	if file := s.file(); !slices.ContainsFunc(sources, func(p packSource) bool { return filepath.Clean(p.shown) == file }) {
		if _, err := os.Stat(file); err == nil {
			sources = append(sources, fileSource(file))
		}
	}
	set, _, bad, err := build(s.ctx, sources)
	if err != nil {
		return err
	}
	if len(bad.list) > 0 {
		sortFindings(bad.list)
		return &LoadError{Findings: bad.list}
	}
	s.sources, s.set, s.base = sources, set, set.byName[s.req.Name]
	return nil
}

// file is where the draft of a pack goes.
func (s *starter) file() string { return filepath.Join(s.req.Dir, s.req.Name, packName) }

// place decides whether the draft is a new file or an addition.
func (s *starter) place() error {
	if s.base != nil && s.req.Rule != "" {
		full := s.base.name + "/" + s.req.Rule
		if slices.ContainsFunc(s.base.Rules(), func(r RuleInfo) bool { return r.Rule == full }) {
			return startError("errscope packs show "+s.base.name+" shows its rules", "pack %s has a rule %s", s.base.name, s.req.Rule)
		}
		i := slices.IndexFunc(s.sources, func(p packSource) bool { return p.shown == s.base.source && p.held == nil && !p.ours() })
		if i >= 0 {
			s.into = &s.sources[i]
			return nil
		}
	}
	for _, file := range []string{s.file(), filepath.Join(filepath.Dir(s.file()), samplesName)} {
		if _, err := os.Stat(file); err == nil {
			return startError("--rule ID adds a rule to it, -o DIR writes elsewhere", "%s is there already", file)
		}
	}
	return nil
}

// address finds the host and whose it is.
func (s *starter) address() error {
	if s.req.Host != "" {
		s.x.Host = []byte(strings.ToLower(s.req.Host))
	}
	host := string(s.x.Host)
	if host == "" && s.base == nil {
		return startError("name it with --host", "the exchange does not say which host answered")
	}
	if host != "" && (strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || !strings.Contains(host, ".")) {
		return startError("give the host alone, such as --host api.example.com", "%q is no host", host)
	}
	owner := record.NewBindings(s.set.HostBindings(), nil).Pack(s.x.Host, s.x.Path)
	if owner != "" && owner != s.req.Name {
		return startError("errscope packs new "+owner+" starts an addition to that pack", "host %s is of pack %s", host, owner)
	}
	s.hosted = owner != ""
	if s.into != nil && !s.hosted && host != "" {
		return startError("add it to hosts: of "+s.into.shown, "host %s is no host of pack %s", host, s.req.Name)
	}
	return nil
}

// read labels the exchange with what is known, for the draft to begin with.
func (s *starter) read() error {
	if s.x.Status < 0 {
		return startError("a sample needs one; classify's JSON has the key status", "the exchange has no status")
	}
	if len(s.x.Body) > sampleBodyBytesMax {
		return startError("cut it to what matters", "the body has %d bytes, a sample may have %d", len(s.x.Body), sampleBodyBytesMax)
	}
	s.x.Direction = record.Outbound
	x := s.x
	if s.base != nil {
		x.Vendor = []byte(s.base.name)
	}
	l := NewEngine(s.set, record.NewBindings(nil, nil), false).NewLabeler()
	l.Label(&record.Record{Exchange: &x}, &s.label)
	if s.base != nil {
		i := slices.IndexFunc(s.base.rules, func(r *rule) bool { return r.name == s.label.Rule })
		if i >= 0 && (s.label.Confidence == record.ConfidenceExact || s.label.Confidence == record.ConfidenceMessage) {
			return startError("change that rule, or lay one of your own over it", "rule %s knows this answer already", s.label.Rule)
		}
	}
	if k := jsonscan.KindOf(s.x.Body); k == jsonscan.ObjectKind || k == jsonscan.ArrayKind {
		s.shape = shapeOf(s.x.Body, s.x.Status)
	}
	return nil
}

// plan is one way to draft the rule. They are tried from the best on.
type plan struct {
	envelope bool // with an envelope of its own
	code     string
	message  string // a template
	row      bool   // the status alone
}

// plans lists what can be tried.
func (s *starter) plans() []plan {
	if !s.label.Failure {
		return []plan{{}}
	}
	known := plan{code: s.codeOf(s.label.Code)}
	if known.code == "" {
		known.message = messageTemplate(s.label.Message)
	}
	list := []plan{known}
	if s.into == nil && s.shape.code.path+s.shape.message.path != "" {
		own := plan{envelope: true, code: s.codeOf(s.shape.code.value)}
		if own.code == "" {
			own.message = messageTemplate(s.shape.message.value)
		}
		list = []plan{own, known}
		if s.base != nil {
			list = []plan{known, own} // the pack knows its own shapes
		}
	}
	list = slices.DeleteFunc(list, func(p plan) bool { return p.code == "" && p.message == "" })
	return append(list, plan{row: true})
}

// codeOf is a code that says more than the status, or "".
func (s *starter) codeOf(code string) string {
	if !isCodeText(code) || code == fmt.Sprint(s.x.Status) {
		return ""
	}
	return code
}
