package report

import (
	"errors"
	"slices"
	"strings"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// BundleOptions says what a bundle of evidence may show and who made it.
type BundleOptions struct {
	// Policy finds credentials: in each text on its way out, and in the finished
	// bytes. It must be given.
	Policy *record.Policy
	// SecondLook finds credentials in the finished bytes of a file, by rules that
	// are not ours, and says where they stand; nil looks no second time.
	SecondLook func(name string, text []byte) (places []string, err error)
	// Include lists the personal data that stays; the rest is masked.
	Include []Personal
	// Version is the program's, named in the bundle.
	Version string
}

// Bundle is what vendors' supports should see, masked and ready to be written:
// one part for each vendor, which can be sent alone. The same data, selection and
// options give the same bytes anywhere.
type Bundle struct {
	options   BundleOptions
	selection queries.Selection
	parts     []*part
	sources   []queries.EvidenceSource
}

// ErrNoPolicy says that nobody would look for credentials.
var ErrNoPolicy = errors.New("a bundle needs the rules that find credentials")

// NewBundle makes a bundle of what the database gave.
func NewBundle(data queries.Evidence, o BundleOptions) (*Bundle, error) {
	if o.Policy == nil {
		return nil, ErrNoPolicy
	}
	b := &Bundle{options: o, selection: data.Selection, parts: newParts(data, o)}
	files := newEgress(o)
	for _, s := range data.Sources {
		s.Path = files.text(fileName(s.Path))
		b.sources = append(b.sources, s)
	}
	slices.SortFunc(b.sources, func(x, y queries.EvidenceSource) int {
		return strings.Compare(x.SHA256+x.Path, y.SHA256+y.Path)
	})
	return b, nil
}

// fileName leaves the folders out: they name machines and people, and differ
// where the same data lies elsewhere.
func fileName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// Part sums up what one vendor is told.
type Part struct {
	Name       string // the vendor, or the host where no pack knows it
	Failures   int64
	ForSupport int64
	RequestIDs []string // those that the summary names, in its order
	Listed     int      // failures that stand in requests.csv
	Outages    int
}

// Parts lists the vendors, those with most for support first.
func (b *Bundle) Parts() []Part {
	list := make([]Part, 0, len(b.parts))
	for _, p := range b.parts {
		s := Part{Name: p.name, Failures: p.failures, ForSupport: p.forSupport, Listed: len(p.rows), Outages: len(p.windows)}
		for _, c := range p.calls {
			if c.RequestID != "" {
				s.RequestIDs = append(s.RequestIDs, c.RequestID)
			}
		}
		list = append(list, s)
	}
	return list
}

// Only is the bundle of one of its vendors; of a name that is none it is empty.
func (b *Bundle) Only(name string) *Bundle {
	one := *b
	one.parts = slices.DeleteFunc(slices.Clone(b.parts), func(p *part) bool { return p.name != name })
	return &one
}

// Redaction says what was masked by one rule, or left where it was asked for.
type Redaction struct {
	Kind   string // header, query, body, text or RedactedPersonal
	Name   string // of the header or parameter, or the kind of personal data
	Places int64
	Shown  bool // it was left, as --include says
}

// RedactedPersonal is the kind of a [Redaction] of personal data.
const RedactedPersonal = "personal"

// Redactions lists what was masked: credentials by where they stood, then the
// kinds of personal data, all of them.
func (b *Bundle) Redactions() []Redaction {
	all := newEgress(b.options)
	for _, p := range b.parts {
		for key, places := range p.egress.counts {
			all.counts[key] += places
		}
	}
	return all.redactions()
}

// Empty reports whether nothing was selected.
func (b *Bundle) Empty() bool { return len(b.parts) == 0 }
