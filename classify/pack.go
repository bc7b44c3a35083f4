package classify

import (
	"slices"
	"strings"
	"sync"

	"github.com/errscope/errscope/record"
)

// GlobalPack is the name of the embedded pack that holds the standards: the
// status table and the envelopes that belong to no vendor. It names rules
// ("global/status-503"), never a vendor.
const GlobalPack = "global"

// Pack is what errscope knows about one vendor's API: compiled and immutable.
type Pack struct {
	name, version, title, docs, source string

	hosts      []record.HostBinding
	callback   *callback
	docsURLs   []docsURL
	headers    []string // prefixes of header names that only this vendor sends
	vocabulary []string // codes, as the vendor spells them
	envelopes  []*envelope
	quota      quotaSlots
	ledger     ledger
	limits     []limit
	waits      []waitPlace
	ids        []idSource
	retryHints []int // header slots of yes/no fields
	mask       record.Rules
	account    []string
	support    []string
	supportURL string

	// once compiles what follows, and the parts above that only answers need,
	// when the first of them is asked for: most runs meet few vendors.
	once sync.Once
	rest func()

	rules    []*rule // one for each id
	variants []*rule // one for each combination of a rule's types, codes, messages and hints
	rows     []*statusRow

	// The indexes below hold rules in the order of their claim.
	byTypeCode  map[string][]*rule
	typesOf     map[string][]string // of a code, those that byTypeCode has
	byCode      map[string][]*rule
	byVague     map[string][]*rule // codes that say little
	byAffix     []*rule            // codes told by how they begin or end
	byType      map[string][]*rule
	byHint      map[string][]*rule
	byFirstWord map[string][]*rule
	phrases     *phrases // of messages that begin with a hole, and of contains
	patterns    []*rule
	byWhere     []*rule
	byStatus    map[int][]*statusRow
	bySlot      [][]int32 // envelopes, in their order, by a member that they want
	waitSlots   slotSet   // where waits stand
	limitSlots  slotSet   // where limits stand, but for their resets
	byClass     [10][]*statusRow
	other       *statusRow // any status, and none
}

// ready compiles what was left for later.
func (p *Pack) ready() {
	p.once.Do(func() {
		if p.rest != nil {
			p.rest()
		}
	})
}

// Name is the pack's name, and the vendor on labels.
func (p *Pack) Name() string { return p.name }

// Version is the pack's version, as written.
func (p *Pack) Version() string { return p.version }

// Title is the vendor's name for people.
func (p *Pack) Title() string { return p.title }

// Docs is the address of the vendor's error reference, "" where none is given.
func (p *Pack) Docs() string { return p.docs }

// Source is the file that the pack was read from; embedded packs begin with
// "embedded:".
func (p *Pack) Source() string { return p.source }

// Hosts lists the hosts that speak this pack, in the pack's order.
func (p *Pack) Hosts() []record.HostBinding { return slices.Clone(p.hosts) }

// SupportFields lists what the vendor's support asks for, in its order.
func (p *Pack) SupportFields() []string { return slices.Clone(p.support) }

// SupportURL is where to reach the vendor's support, "" where none is given.
func (p *Pack) SupportURL() string { return p.supportURL }

// RuleInfo describes one rule of a pack for people. Fields that the rule leaves
// to the status table are empty.
type RuleInfo struct {
	Rule           string // "carsxe/missing-vin"
	Category       record.Category
	Retry          record.Retry
	Fault          record.Fault
	Benign         bool
	ContactSupport bool
	Code           string // the code it matches, or the slug it gives
	Type           string
	Status         []string // "404", "5xx", "other"; empty is any
	Message        string   // the message template or pattern
	Action         string   // one sentence of advice
	Quote          string   // what the reference says, in our words
	DocsURL        string
	Note           string
	Candidates     []string // of a status row that several rules share
}

// Rules describes the pack's rules, then its status rows, in the pack's order.
func (p *Pack) Rules() []RuleInfo {
	p.ready()
	out := make([]RuleInfo, 0, len(p.rules)+len(p.rows))
	for _, r := range p.rules {
		out = append(out, r.info(p))
	}
	return append(out, p.StatusRows()...)
}

// StatusRows describes only the pack's status rows.
func (p *Pack) StatusRows() []RuleInfo {
	p.ready()
	out := make([]RuleInfo, 0, len(p.rows))
	for _, row := range p.rows {
		i := row.label.info(row.name, firstOf(row.docs, p.docs))
		i.Status, i.Note = []string{row.status}, row.note
		for _, c := range row.candidates {
			i.Candidates = append(i.Candidates, c.name)
		}
		out = append(out, i)
	}
	return out
}

// verdict is what a rule or row says of a failure. Empty fields are left to
// the next level.
type verdict struct {
	category       record.Category
	retry          record.Retry
	fault          record.Fault
	code           string
	action         string
	benign         bool
	contactSupport bool
	capacity       string // what is full, "" where it is none
}

func (v verdict) info(name, docs string) RuleInfo {
	return RuleInfo{Rule: name, Category: v.category, Retry: v.retry, Fault: v.fault, Benign: v.benign,
		ContactSupport: v.contactSupport, Code: v.code, Action: v.action, DocsURL: docs}
}

// fill takes from other what v leaves open.
func (v *verdict) fill(other verdict) {
	if v.category == "" {
		v.category, v.capacity = other.category, other.capacity
	}
	if v.retry == "" {
		v.retry = other.retry
	}
	if v.fault == "" {
		v.fault = other.fault
	}
	if v.action == "" {
		v.action = other.action
	}
}

func (v *verdict) complete() bool { return v.category != "" && v.retry != "" && v.fault != "" }

// rule is one compiled rule. All conditions that are set must hold.
type rule struct {
	id    string
	name  string // "pack/id"
	label verdict
	at    place

	statuses []statusRange
	statusIn []string
	typ      string // lower case, as the three below
	code     string
	hint     string
	message  *template
	source   string // of message, as written
	contains []string
	where    []condition
	between  bool
	vague    bool
	affix    affix // of the code
	rawCode  string
	rawType  string
	codes    []string // all that the rule lists, as spelled

	onRoute string // path segments without which the rule does not speak

	// What makes the rule likely among candidates.
	route string   // path segments that the request must have had
	lacks []string // query parameters of which one must be missing

	quote, docs, note string
}

func (r *rule) info(p *Pack) RuleInfo {
	i := r.label.info(r.name, firstOf(r.docs, p.docs))
	i.Type, i.Status, i.Message, i.Quote, i.Note = r.rawType, r.statusIn, r.source, r.quote, r.note
	i.Code = firstOf(strings.Join(r.codes, ", "), i.Code)
	return i
}

// weight orders rules of one bucket: more conditions first, then more text.
func (r *rule) weight() int {
	w := 0
	if r.message != nil {
		w += 1<<20 + r.message.literals
	}
	if len(r.contains) > 0 {
		w += 1 << 20
	}
	if len(r.statuses) > 0 {
		w += 1 << 19
	}
	if r.onRoute != "" {
		w += 1 << 15
	}
	return w + len(r.where)<<16
}

// statusRange is a status or a class of statuses, both ends included.
type statusRange struct{ from, to int }

func (r *rule) fitsStatus(wire, body int) bool {
	if wire < 0 {
		wire = 200 // nobody told: the body speaks alone, as under a success
	}
	return len(r.statuses) == 0 || inRanges(r.statuses, wire) || inRanges(r.statuses, body)
}

func inRanges(list []statusRange, status int) bool {
	for _, s := range list {
		if status >= s.from && status <= s.to {
			return true
		}
	}
	return false
}

// statusRow is what a status alone says.
type statusRow struct {
	name       string // "carsxe/status-404"
	status     string // as written: "404", "5xx", "other"
	label      verdict
	where      []condition
	transport  []string // words of the transport's failure, lower case
	between    bool     // given by something between us and the vendor
	candidates []*rule
	docs, note string
}

// callback says which query parameters of a redirect carry the vendor's error.
type callback struct {
	paths         []string
	code, message string
}

// docsURL is an address that only this vendor's bodies quote.
type docsURL struct{ host, path string }

// envelope says where a shape of body keeps what.
type envelope struct {
	name                                   string
	requires                               []int // slots
	code, typ, message, status, hint, docs []int
	when                                   *condition
	unless                                 *condition // when does not count where this holds
	codeAfter, codeBefore                  string
	on                                     []statusRange
}

// quotaSlots are the places of usage in the body, or noSlot.
type quotaSlots struct {
	name, tier, period, limit, used, remaining, resetAt int
	any                                                 bool
}

// noSlot marks a place that the pack does not name.
const noSlot = -1

// idSource is a place of the vendor's request id.
type idSource struct {
	header int // slot or noSlot
	body   int
	log    bool // the id that the log line itself names
	name   string
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
