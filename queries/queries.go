// Package queries holds every question that errscope asks of its database: the
// SQL text, embedded from the .sql files beside this one, and the Go type of
// the row that comes back, with the unit in each name. It knows text and types,
// never the driver: store runs what is written here.
//
// Start with [Overview] and [FailureGroup]. The promise: no SQL text stands in
// another room, and each file is prepared against the shipped schema in a test.
package queries

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed *.sql reports/*.sql schema/*.sql
var files embed.FS

// Name names one SQL text: its file without ".sql".
type Name string

// The questions of screens and reports.
const (
	OverviewTotals           Name = "reports/overview_totals"    // gives one Totals
	GateReads                Name = "gate_read"                  // gives one GateRead
	GateParties              Name = "gate_parties"               // gives GateParty
	OverviewData             Name = "reports/overview_data"      // gives one Data
	OverviewVendors          Name = "reports/overview_vendors"   // gives VendorRow
	OverviewFaults           Name = "reports/overview_faults"    // gives FaultRow
	OverviewBuckets          Name = "reports/overview_buckets"   // gives Bucket
	Failures                 Name = "reports/failures"           // gives FailureGroup
	Samples                  Name = "samples"                    // gives Exchange
	DriftRows                Name = "reports/drift"              // gives DriftRow
	DriftSamples             Name = "reports/drift_samples"      // gives DriftSample
	VendorFaults             Name = "reports/vendor_faults"      // gives VendorFault
	Quotas                   Name = "reports/quota"              // gives QuotaRow
	QuotaCourses             Name = "reports/quota_history"      // gives QuotaCourse
	Windows                  Name = "reports/outages"            // gives WindowRow
	LocalOutages             Name = "reports/outages_local"      // gives LocalOutageRow
	Support                  Name = "reports/support"            // gives SupportGroup
	SourcesRead              Name = "reports/accounting"         // gives SourceRow
	RejectReasons            Name = "reports/accounting_reasons" // gives RejectRow
	FusedOf                  Name = "reports/accounting_fused"   // gives FusedRow
	CodeChanges              Name = "reports/changes"            // gives CodeChange
	CodeChangesSinceBaseline Name = "reports/changes_baseline"   // gives CodeChange
	RetriesOf                Name = "reports/retries"            // gives RetryRow
	LatencyOf                Name = "reports/latency"            // gives LatencyRow
	LatencyBefore            Name = "reports/latency_windows"    // gives LatencyWindow
	BlameOf                  Name = "reports/blame"              // gives BlameSlot
	QuotaNow                 Name = "quota_status"               // gives QuotaStatus
	RatePressures            Name = "reports/rate_pressure"      // gives RatePressure
	FaultTrends              Name = "reports/fault_trends"       // gives FaultTrend
	VendorSlots              Name = "reports/vendor_slots"       // gives VendorSlot
	VendorCodes              Name = "reports/vendor_codes"       // gives VendorCode
	VendorPacks              Name = "vendor_packs"               // gives VendorPack
	RejectsRead              Name = "rejects"                    // gives Reject
	ExchangesOf              Name = "exchanges"                  // gives ExchangeLine
	ExchangeAt               Name = "exchange"                   // gives at most one Exchange
	NeighboursOf             Name = "neighbours"                 // gives Neighbour
	QuotaStandings           Name = "quota_standing"             // gives QuotaStanding
	QuotaCourseOf            Name = "quota_course"               // gives QuotaHourUse
	QuotaTrafficOf           Name = "quota_traffic"              // gives QuotaTraffic
	QuotaNamedOf             Name = "quota_named_of"             // gives QuotaNamed
	QuotaAccountOf           Name = "quota_account_of"           // gives QuotaAccount
	OutagesOf                Name = "outage_list"                // gives OutageRow
	OutageLast               Name = "outage_last"                // gives the last minute
	OutagesLocalOf           Name = "outage_local"               // gives LocalOutage
	OutageCourseOf           Name = "outage_course"              // gives OutageSpan
	OutageAround             Name = "outage_around"              // gives OutageTraffic
	OutageAnswersOf          Name = "outage_answers"             // gives OutageAnswers
)

// The questions of evidence; each but the last two has the parameters of
// [Selection.Values].
const (
	EvidenceSelected Name = "evidence_selected" // gives rows of failures
	EvidenceGroups   Name = "evidence_groups"   // gives EvidenceGroup
	EvidenceAccounts Name = "evidence_accounts" // gives EvidenceAccount
	EvidenceRows     Name = "evidence_rows"     // gives EvidenceRow
	EvidenceSamples  Name = "evidence_samples"  // gives Exchange
	EvidenceWindows  Name = "evidence_windows"  // gives WindowRow
	EvidenceSources  Name = "evidence_sources"  // gives EvidenceSource
	EvidenceMinutes  Name = "evidence_traffic"  // gives EvidenceTraffic
	EvidenceVendors  Name = "evidence_vendors"  // gives EvidenceVendor
)

// The steps of the store: schema, loading, ledger.
const (
	QuotaNames       Name = "quota_named"
	QuotaAccounts    Name = "quota_accounts"
	QuotaBegin       Name = "quota_begin"
	QuotaDirty       Name = "quota_dirty"
	QuotaDirtyAll    Name = "quota_dirty_all"
	QuotaSpan        Name = "quota_span"
	QuotaPlaces      Name = "quota_places"
	QuotaCount       Name = "quota_count"
	QuotaTold        Name = "quota_told"
	QuotaCountTold   Name = "quota_count_told"
	QuotaHours       Name = "quota_hours"
	QuotaForget      Name = "quota_forget"
	QuotaEnd         Name = "quota_end"
	QuotaFingerprint Name = "quota_fingerprint"
	QuotaNote        Name = "quota_note"
	QuotaUnnote      Name = "quota_unnote"
	Prelude          Name = "prelude"
	SchemaTables     Name = "schema_tables"
	SchemaVersion    Name = "schema_version"
	SchemaBegin      Name = "schema_begin"
	SchemaApplied    Name = "schema_applied"
	Sources          Name = "sources"
	Endpoints        Name = "endpoints"
	LoadBrief        Name = "load_brief"
	LoadFull         Name = "load_full"
	DropBrief        Name = "drop_brief"
	DropFull         Name = "drop_full"
	DropRejects      Name = "drop_rejects"
	DropSource       Name = "drop_source"
	RecoverRowsBrief Name = "recover_rows_brief"
	RecoverRowsFull  Name = "recover_rows_full"
	RecoverPrints    Name = "recover_prints"
	RecoverDoubtful  Name = "recover_doubtful"
	LoadSource       Name = "load_source"
	LoadSourceAgain  Name = "load_source_again"
	PacksClear       Name = "packs_clear"
	DropPrints       Name = "drop_prints"
	DropDoubled      Name = "drop_doubled"
	CutDoubled       Name = "cut_doubled"
	BaselineSave     Name = "baseline_save"
	BaselineDrop     Name = "baseline_drop"
	Baselines        Name = "baselines" // gives Baseline
)

// The steps of the analysis: what they have seen.
const (
	AnalysedPending   Name = "analysed_pending"
	AnalysedMark      Name = "analysed_mark"
	AnalysedForget    Name = "analysed_forget"
	AnalysedBack      Name = "analysed_back"
	AnalysedForgetAll Name = "analysed_forget_all"
	TallyBegin        Name = "tally_begin"
	TallyDrop         Name = "tally_drop"
	TallyCountOne     Name = "tally_count_one"
	TallyCountMany    Name = "tally_count_many"
	TallyAdd          Name = "tally_add"
	TallyAgain        Name = "tally_again"
)

// The steps of fusion: one row for what several lines tell of one exchange.
const (
	FuseOriginRows      Name = "fuse_origin_rows" // gives FuseSource
	FuseOrigins         Name = "fuse_origins"
	FuseFind            Name = "fuse_find"
	FuseFindNear        Name = "fuse_find_near"
	FuseSides           Name = "fuse_sides"       // gives FuseSide
	FuseStored          Name = "fuse_stored"      // gives FusedLine
	FuseStoredNear      Name = "fuse_stored_near" // gives FusedLine
	FuseLines           Name = "fuse_lines"
	FuseFront           Name = "fuse_front"
	FuseSpanOf          Name = "fuse_span"   // gives FuseSpan
	FuseBoundsOf        Name = "fuse_bounds" // gives FuseBounds
	FuseSameIDs         Name = "fuse_same_ids"
	FuseSameTime        Name = "fuse_same_time"
	FuseIDs             Name = "fuse_ids"     // gives FuseIDKinds
	FuseIDsAll          Name = "fuse_ids_all" // gives FuseIDKinds
	FuseCallsClear      Name = "fuse_calls_clear"
	FuseCalls           Name = "fuse_calls"
	FuseCallsAll        Name = "fuse_calls_all"
	FusePairs           Name = "fuse_pairs" // gives FusePair
	FusePairsClear      Name = "fuse_pairs_clear"
	FusePairsNote       Name = "fuse_pairs_note"
	FuseForget          Name = "fuse_forget"
	FuseTouched         Name = "fuse_touched"
	FuseApartSome       Name = "fuse_apart_some"
	FuseBegin           Name = "fuse_begin"
	FuseUndoAll         Name = "fuse_undo_all"
	FuseUndoStretch     Name = "fuse_undo_stretch"
	FuseUndoSources     Name = "fuse_undo_sources"
	FuseUndo            Name = "fuse_undo"
	FuseAside           Name = "fuse_aside"
	FuseMerge           Name = "fuse_merge"
	FuseMergeMany       Name = "fuse_merge_many"
	FuseRows            Name = "fuse_rows"
	FuseWrite           Name = "fuse_write"
	FuseApartClear      Name = "fuse_apart_clear"
	FuseEnd             Name = "fuse_end"
	AnalysedForgetLater Name = "analysed_forget_later"
)

// The steps of finding outages.
const (
	OutagesBegin       Name = "outages_begin"
	OutagesPruned      Name = "outages_pruned"
	OutagesDropTraffic Name = "outages_drop_traffic"
	OutagesBriefOne    Name = "outages_brief_one"
	OutagesBriefMany   Name = "outages_brief_many"
	OutagesAdd         Name = "outages_add"
	OutagesChanged     Name = "outages_changed"
	OutagesEnd         Name = "outages_end"
	OutagesScopes      Name = "outages_scopes"
	OutagesMinutes     Name = "outages_minutes"
	OutagesBlocks      Name = "outages_blocks" // gives TrafficBlock
	OutagesStored      Name = "outages_stored"
	OutagesDrop        Name = "outages_drop"
	OutagesDropLocal   Name = "outages_drop_local"
	OutagesDetail      Name = "outages_detail" // gives OutageDetail
	OutagesResource    Name = "outages_resource"
	OutagesWrite       Name = "outages_write"
	OutagesNotes       Name = "outages_notes"
	OutagesNote        Name = "outages_note"
	OutagesWriteLocal  Name = "outages_write_local"
)

// The steps of comparing sources that may overlap.
const (
	OverlapNear        Name = "overlap_near"
	OverlapHits        Name = "overlap_hits"
	OverlapPrints      Name = "overlap_prints"
	OverlapDoubled     Name = "overlap_doubled"
	OverlapDropBrief   Name = "overlap_drop_brief"
	OverlapDropFull    Name = "overlap_drop_full"
	OverlapDropRejects Name = "overlap_drop_rejects"
	OverlapNote        Name = "overlap_note"
	OverlapDone        Name = "overlap_done"
)

// The steps of labelling stored rows anew.
const (
	RelabelBegin    Name = "relabel_begin"
	RelabelPages    Name = "relabel_pages"
	RelabelRows     Name = "relabel_rows"
	RelabelOne      Name = "relabel_one"
	RelabelCalls    Name = "relabel_calls"
	RelabelWrite    Name = "relabel_write"
	RelabelVersions Name = "relabel_versions"
	RelabelEnd      Name = "relabel_end"
)

// The steps of looking after the database.
const (
	PruneSources   Name = "prune_sources"
	PruneBrief     Name = "prune_brief"
	PruneFull      Name = "prune_full"
	PruneFused     Name = "prune_fused"
	PruneRejects   Name = "prune_rejects"
	PruneEndpoints Name = "prune_endpoints"
	PruneNote      Name = "prune_note"
	PruneTimeless  Name = "prune_timeless" // gives one RowCount
	Export         Name = "export"
	TableNames     Name = "table_names"   // gives TableName
	TableColumns   Name = "table_columns" // gives TableColumn
	GuardRefused   Name = "guard_refused" // says whether SQL may run
	InfoEngine     Name = "info_engine"   // gives one Engine
	InfoSpan       Name = "info_span"     // gives one Span
	VerifyShape    Name = "verify_shape"  // gives SchemaPart
	// These give Difference.
	VerifyLedger   Name = "verify_ledger"
	VerifyOrphans  Name = "verify_orphans"
	VerifyDoubled  Name = "verify_doubled"
	VerifyLabels   Name = "verify_labels"
	VerifyViews    Name = "verify_views"
	VerifyAnswers  Name = "verify_answers"
	VerifyAnalysed Name = "verify_analysed"
	VerifyTally    Name = "verify_tally"
)

// Names lists every text but the migrations, in the order of their files.
func Names() []Name {
	var list []Name
	for _, pattern := range []string{"*.sql", "reports/*.sql"} {
		found, _ := fs.Glob(files, pattern) // fails on a malformed pattern only
		for _, f := range found {
			list = append(list, Name(strings.TrimSuffix(f, ".sql")))
		}
	}
	return list
}

// Text is one SQL file, taken apart.
type Text struct {
	Question   string   // what it answers, one sentence
	Parameters []string // named parameters, each written $name in SQL
	Columns    string   // the columns of the answer with their units
	Order      string   // the total order of the answer
	SQL        string   // without the header
	// Included is the text whose statement stands as a part of this one, in place
	// of the line "included"; Load has put it there.
	Included Name
}

// noneWord stands in a header where there is nothing to list.
const noneWord = "none"

// Load reads a SQL text and its header. A name that is no file is an error; the
// names above never give one.
func Load(n Name) (Text, error) {
	raw, err := files.ReadFile(string(n) + ".sql")
	if err != nil {
		return Text{}, fmt.Errorf("reading query %s: %w", n, err)
	}
	t := parse(string(raw))
	if t.Included == "" {
		return t, nil
	}
	part, err := Load(t.Included)
	if err != nil {
		return Text{}, fmt.Errorf("reading what query %s includes: %w", n, err)
	}
	t.SQL = strings.Replace(t.SQL, "\n    included\n", "\n"+strings.TrimRight(part.SQL, "; \n")+"\n", 1)
	return t, nil
}

// parse splits the leading comment from the statement. Comment lines that are
// no "key: value" are prose and stay out.
func parse(raw string) Text {
	var t Text
	for raw != "" {
		line, rest, _ := strings.Cut(raw, "\n")
		comment, ok := strings.CutPrefix(line, "--")
		if !ok {
			break
		}
		raw = rest
		key, value, _ := strings.Cut(strings.TrimSpace(comment), ": ")
		switch key {
		case "question":
			t.Question = value
		case "parameters":
			if value != noneWord {
				t.Parameters = strings.Split(value, ", ")
			}
		case "columns":
			t.Columns = value
		case "order":
			t.Order = value
		case "includes":
			t.Included = Name(value)
		}
	}
	t.SQL = strings.TrimSpace(raw)
	return t
}

// Report is one entry of the catalogue that `errscope report` offers.
type Report struct {
	Name     string
	Question string // what it answers, one sentence
	Queries  []Name // the texts behind it, in the order of the report
}

// Reports lists the reports, by name.
func Reports() []Report {
	return []Report{
		{"accounting", "What became of every line that was read?", []Name{SourcesRead, RejectReasons, OverviewTotals, OverviewData}},
		{"blame", "Who can remove the failures, by vendor and over time?", []Name{BlameOf, OverviewTotals, OverviewData}},
		{"drift", "Which codes, types, messages and shapes of failures does no rule know?", []Name{DriftRows, DriftSamples}},
		{"failures", "What fails, grouped by vendor and code, and what to do about it?", []Name{Failures}},
		{"latency", "How long do vendors and routes take to answer, and to fail?", []Name{LatencyOf, LatencyBefore, OverviewTotals, OverviewData}},
		{"nightly", "What changed, what is ours to fix, what runs out, what was down, and what goes to whose support?",
			[]Name{CodeChanges, CodeChangesSinceBaseline, Failures, Quotas, Windows, LocalOutages, Support, OverviewTotals, OverviewData}},
		{"outages", "Which vendors were down, from when to when?", []Name{Windows, LocalOutages, OverviewTotals, OverviewData}},
		{"overview", "What is failing, whose is it, and what was read?",
			[]Name{OverviewTotals, OverviewData, OverviewVendors, OverviewFaults, Failures, OverviewBuckets, Windows}},
		{"quota", "How does each account stand with each quota, and when does it run out?", []Name{Quotas, OverviewTotals, OverviewData}},
		{"retries", "Which failed calls were tried again, how, and did it help?", []Name{RetriesOf, OverviewTotals, OverviewData}},
		{"support", "What should be sent to which vendor's support?", []Name{Support, OverviewTotals, OverviewData}},
		{"vendors", "How does each vendor do, and who can remove its failures?", []Name{OverviewVendors, VendorFaults, OverviewTotals, OverviewData}},
	}
}

// ReportSQL gives the SQL of a report as it stands in the files, headers and
// all, so that it can be read, changed and run elsewhere. The report must be
// one of [Reports].
func ReportSQL(name string) (string, error) {
	all := Reports()
	i := slices.IndexFunc(all, func(r Report) bool { return r.Name == name })
	if i < 0 {
		return "", fmt.Errorf("finding the SQL of report %q: there is none of this name", name)
	}
	var b strings.Builder
	for k, q := range all[i].Queries {
		raw, err := files.ReadFile(string(q) + ".sql")
		if err != nil {
			return "", fmt.Errorf("reading query %s: %w", q, err)
		}
		if k > 0 {
			b.WriteByte('\n')
		}
		b.Write(raw)
	}
	return b.String(), nil
}

// Migration is one numbered step of the schema.
type Migration struct {
	Version int    // counts from 1 without gaps
	Name    string // the file's, such as "0001_requests"
	SQL     string
}

// Migrations lists the steps of the schema in order. The last one's version is
// the schema that this program knows.
func Migrations() ([]Migration, error) {
	entries, err := files.ReadDir("schema")
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	var list []Migration
	for _, e := range entries {
		raw, err := files.ReadFile(path.Join("schema", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading the schema: %w", err)
		}
		m := Migration{Version: len(list) + 1, Name: strings.TrimSuffix(e.Name(), ".sql"), SQL: string(raw)}
		if !strings.HasPrefix(m.Name, fmt.Sprintf("%04d_", m.Version)) {
			return nil, fmt.Errorf("reading the schema: %s is not number %d", e.Name(), m.Version)
		}
		list = append(list, m)
	}
	return list, nil
}
