package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/errscope/errscope/queries"
)

// sampleBodyBytesMax is how much of a sample's body is shown.
const sampleBodyBytesMax = 400

// kindWords says in plain words what is new.
var kindWords = map[queries.DriftKind]string{
	queries.DriftCode:    "code",
	queries.DriftType:    "type, no code",
	queries.DriftMessage: "message, no code",
	queries.DriftShape:   "shape of body",
	queries.DriftStatus:  "status alone",
}

// driftLead says how much there is that no rule knows.
func (f *findings) driftLead() []prose {
	t, total := f.overview.Totals, int64(0)
	for _, d := range f.drifts.List {
		total += d.Failures
	}
	since := ""
	if !f.options.Scope.Since.IsZero() {
		since = ", first seen since " + f.second(f.options.Scope.Since) + " " + f.zone()
	}
	head := ours("No failure that a rule would not know%s.", since)
	if n := int64(len(f.drifts.List)); n > 0 {
		head = ours("%s that no rule knows%s: %s in all.", kinds(n), since, counted(total, "failure"))
	}
	lead := append([]prose{head}, f.scopeLines()...)
	if !t.First.IsZero() {
		lead = append(lead, ours("The data has %s and %s between %s and %s %s.", counted(t.Requests, "request"), counted(t.Failures, "failure"),
			f.minute(t.First), f.minute(t.Last), f.zone()))
	}
	if f.drifts.LeftOut > 0 {
		lead = append(lead, ours("%s, the rarest, %s left out; --vendor or --since narrow the question.", kinds(f.drifts.LeftOut), be(f.drifts.LeftOut)))
	}
	return lead
}

func kinds(n int64) string {
	if n == 1 {
		return "1 kind of failure"
	}
	return thousands(n) + " kinds of failures"
}

// driftSection: left out at need are message, first, last, status, kind.
func (f *findings) driftSection() section {
	if len(f.drifts.List) == 0 {
		return section{}
	}
	t := &table{columns: []column{
		{title: "#", right: true, drop: 1}, {title: "vendor", min: 12}, {title: "what", drop: 2}, {title: "that is new", min: 20},
		{title: "failures", right: true}, {title: "status", right: true, drop: 3}, {title: "first", drop: 5}, {title: "last", drop: 4},
		{title: "message", min: 12, drop: 6}}}
	for i, d := range f.drifts.List {
		message := d.Message
		if d.Kind == queries.DriftMessage {
			message = ""
		}
		t.rows = append(t.rows, []cell{count(int64(i + 1)), foreign(driftParty(d)), own(say(kindWords, d.Kind)), foreign(d.Value),
			count(d.Failures), own(statusList(d.Statuses)), own(f.minute(d.First)), own(f.minute(d.Last)), foreign(dash(message))})
	}
	return section{heading: "What no rule knows", table: t}
}

// driftParty is the vendor, or the host where no pack knows the vendor.
func driftParty(d queries.Drift) string {
	if knownVendor(d.Vendor) || d.Host == "" {
		return dash(d.Vendor)
	}
	return d.Host
}

func statusList(list []int) string {
	if len(list) == 0 {
		return "-"
	}
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = status(s)
	}
	return strings.Join(words, " ")
}

// driftDetails shows of each a sample and how a rule for it is begun.
func (f *findings) driftDetails() section {
	s := section{heading: "One by one"}
	for i, d := range f.drifts.List {
		s.items = append(s.items, f.driftDetail(i+1, d))
	}
	return s
}

func (f *findings) driftDetail(number int, d queries.Drift) item {
	it := item{number: number}
	it.head = party(d.Vendor, d.Host).and(", %s ", say(kindWords, d.Kind)).quote(d.Value).
		and(": %s, status %s", counted(d.Failures, "failure"), statusList(d.Statuses))
	line := func(p prose) { it.lines = append(it.lines, p) }
	if d.Type != "" {
		line(ours("Type: ").quote(d.Type))
	}
	if d.Message != "" && d.Kind != queries.DriftMessage {
		line(ours("Message: ").quote(d.Message))
	}
	if d.First.IsZero() {
		line(ours("No time was logged."))
	} else {
		line(ours("First %s, last %s %s.", f.second(d.First), f.second(d.Last), f.zone()))
	}
	x := d.Sample
	if x.Place != "" {
		p := ours("Sample: ").quote(strings.TrimSpace(x.Method+" "+x.Host+x.Route)).and(", status %s", status(x.Status))
		if x.RequestID != "" {
			p = p.and(", request id ").quote(x.RequestID)
		}
		line(p)
		if x.Body != "" {
			line(ours("Body: ").quote(x.Body))
		}
		line(ours("Begin a rule:"))
		it.command = f.packLine(d)
	}
	return it
}

// packLine is the command that begins a rule with the sample.
func (f *findings) packLine(d queries.Drift) string {
	db := ""
	if f.options.Database != "" {
		db = "--db " + shellWord(f.options.Database) + " "
	}
	return fmt.Sprintf(`errscope sql %s--format jsonl "FROM es_exchange(%d, %d)" | errscope packs new %s --rule %s -`,
		db, d.Sample.SourceID, d.Sample.SourceOffset, packName(d), ruleName(d))
}

// shellWord quotes a word where a shell would take it apart.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:@%+=,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// packName is the vendor's pack, or a name for a new one by its host.
func packName(d queries.Drift) string {
	if knownVendor(d.Vendor) {
		return slug(d.Vendor, "vendor")
	}
	host := d.Host
	if host == "" {
		host = d.Sample.Host
	}
	labels := strings.Split(host, ".")
	if strings.Trim(host, "0123456789.:abcdef") == "" { // an address
		return "vendor"
	}
	i := len(labels) - 2
	if i > 0 && (len(labels[i]) <= 3 && len(labels[i+1]) == 2) { // co.uk and the like
		i--
	}
	return slug(labels[max(i, 0)], "vendor")
}

// ruleName is made of what the rule would match.
func ruleName(d queries.Drift) string {
	switch d.Kind {
	case queries.DriftShape:
		return "shape-" + strconv.Itoa(max(d.Sample.Status, 0))
	case queries.DriftStatus:
		return slug("on-"+d.Value, "unknown")
	}
	return slug(d.Value, "unknown")
}

const slugBytesMax = 40

// slug keeps letters and digits, in lower case, with hyphens between; other is
// for a text that has none. It begins with a letter.
func slug(s, other string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
		if out.Len() >= slugBytesMax {
			break
		}
	}
	name := strings.Trim(out.String(), "-")
	switch {
	case name == "":
		return other
	case name[0] >= '0' && name[0] <= '9':
		return "on-" + name
	}
	return name
}

// tidyDrifts copies the entries, masks what is personal and shortens bodies.
func (f *findings) tidyDrifts() {
	list := make([]queries.Drift, len(f.drifts.List))
	for i, d := range f.drifts.List {
		for _, text := range []*string{&d.Value, &d.Type, &d.Message, &d.Sample.Route, &d.Sample.Body} {
			*text = maskPersonal(*text)
		}
		d.Sample.Body = shortened(strings.Join(strings.Fields(d.Sample.Body), " "), sampleBodyBytesMax)
		list[i] = d
	}
	f.drifts.List = list
}

// shortened cuts a text at a character's end.
func shortened(s string, bytesMax int) string {
	if len(s) <= bytesMax {
		return s
	}
	cut := 0
	for i := range s {
		if i > bytesMax {
			break
		}
		cut = i
	}
	return s[:cut] + "…"
}

// driftColumns is the header of the drift report as CSV.
func driftColumns() []string {
	return []string{"section", "vendor", "host", "kind", "value", "type", "message", "category", "statuses", "failures", "first_ts", "last_ts",
		"sample_ts", "sample_method", "sample_host", "sample_route", "sample_status", "sample_request_id", "sample_body", "packs_new"}
}

func (f *findings) driftRows() []csvRow {
	var rows []csvRow
	for _, d := range f.drifts.List {
		x := d.Sample
		row := csvRow{"section": "drift", "vendor": csvText(d.Vendor), "host": csvText(d.Host), "kind": string(d.Kind), "value": csvText(d.Value),
			"type": csvText(d.Type), "message": csvText(d.Message), "category": csvText(string(d.Category)),
			"statuses": strings.Trim(fmt.Sprint(d.Statuses), "[]"), "failures": digits(d.Failures),
			"first_ts": csvTime(d.First), "last_ts": csvTime(d.Last)}
		if x.Place != "" {
			row["sample_ts"], row["sample_method"], row["sample_host"] = csvTime(x.TS), csvText(x.Method), csvText(x.Host)
			row["sample_route"], row["sample_request_id"], row["sample_body"] = csvText(x.Route), csvText(x.RequestID), csvText(x.Body)
			row["packs_new"] = csvText(f.packLine(d))
			if x.Status >= 0 {
				row["sample_status"] = strconv.Itoa(x.Status)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

type jsonDrift struct {
	Vendor   string      `json:"vendor"`
	Host     string      `json:"host,omitempty"`
	Kind     string      `json:"kind"`
	Value    string      `json:"value"`
	Type     string      `json:"type,omitempty"`
	Message  string      `json:"message,omitempty"`
	Category string      `json:"category,omitempty"`
	Statuses []int       `json:"statuses,omitempty"`
	Failures int64       `json:"failures"`
	FirstTS  string      `json:"first_ts,omitempty"`
	LastTS   string      `json:"last_ts,omitempty"`
	Sample   *jsonSample `json:"sample,omitempty"`
	PacksNew string      `json:"packs_new,omitempty"`
}

type jsonSample struct {
	TS        string `json:"ts,omitempty"`
	Method    string `json:"method,omitempty"`
	Host      string `json:"host,omitempty"`
	Route     string `json:"route,omitempty"`
	Status    *int   `json:"status,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Body      string `json:"body,omitempty"`
}

func (f *findings) jsonDrifts() []jsonDrift {
	list := []jsonDrift{}
	for _, d := range f.drifts.List {
		j := jsonDrift{Vendor: d.Vendor, Host: d.Host, Kind: string(d.Kind), Value: d.Value, Type: d.Type, Message: d.Message,
			Category: string(d.Category), Statuses: d.Statuses, Failures: d.Failures, FirstTS: csvTime(d.First), LastTS: csvTime(d.Last)}
		if x := d.Sample; x.Place != "" {
			j.Sample = &jsonSample{TS: csvTime(x.TS), Method: x.Method, Host: x.Host, Route: x.Route, RequestID: x.RequestID, Body: x.Body}
			if x.Status >= 0 {
				j.Sample.Status = &x.Status
			}
			j.PacksNew = f.packLine(d)
		}
		list = append(list, j)
	}
	return list
}
