package tui

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// EvidenceProposals proposes an open outage and the groups of the fake.
func (f *fake) EvidenceProposals(ctx context.Context, _ queries.Scope) (EvidenceProposals, error) {
	f.asked.Add(1)
	if len(f.groups) == 0 {
		return EvidenceProposals{}, cmpErr(ctx, f.err)
	}
	w := queries.WindowRow{WindowID: 7, Vendor: "vision", Route: "/v1/detect", StartedAt: fakeEnd.Add(-38 * time.Minute), Requests: 4360, Failures: 4102, PeakRatio: 0.94, BaselineRatio: math.NaN()}
	old := queries.WindowRow{WindowID: 9, Vendor: "metaapi", StartedAt: fakeEnd.Add(-7 * time.Hour), EndedAt: fakeEnd.Add(-6 * time.Hour), Requests: 600, Failures: 402, PeakRatio: 0.67}
	planned := queries.WindowRow{WindowID: 11, Vendor: "carsxe", StartedAt: fakeEnd.Add(-9 * time.Hour), EndedAt: fakeEnd.Add(-8 * time.Hour), Failures: 5, Planned: true}
	return EvidenceProposals{Windows: []queries.WindowRow{old, planned, w}, Groups: f.groups}, cmpErr(ctx, f.err)
}

// bundler makes invented bundles, and remembers what it was asked for.
type bundler struct {
	asked   []EvidenceAsk
	written map[string]bool
	err     error
	text    string // of the first summary
}

func (b *bundler) bundle(ctx context.Context, ask EvidenceAsk) (p EvidencePreview, err error) {
	b.asked = append(b.asked, ask)
	if err := cmpErr(ctx, b.err); err != nil {
		return p, err
	}
	if ask.Path != "" {
		if b.written[ask.Path] && !ask.Replace {
			return p, fmt.Errorf("writing %s: %w", ask.Path, fs.ErrExist)
		}
		if b.written == nil {
			b.written = map[string]bool{}
		}
		b.written[ask.Path] = true
		return p, nil
	}
	vendors := map[string]int64{}
	for _, w := range ask.Selection.Windows {
		vendors[map[int64]string{7: "vision", 9: "metaapi"}[w]] += 4102
	}
	for _, g := range ask.Selection.Groups {
		vendors[vendorWords(g.Vendor, g.Host)] += 100
	}
	for range ask.Selection.Exchanges {
		vendors["smartcar"]++
	}
	names := []string{}
	for v := range vendors {
		names = append(names, v)
	}
	slices.Sort(names)
	for i, v := range names {
		part := EvidencePart{Vendor: v, RequestIDs: []string{"9b1d-44e0", "9b1d-44e7", "9b1d-4501"}, Failures: vendors[v], ForSupport: vendors[v], FileName: v + "-2026-11-20.zip", Files: 9, SizeBytes: 41234,
			Checks: []EvidenceCheck{{true, "no credential is left in 9 files; each is as in the manifest"}, {false, "3 of 27 failures are not meant for support; they are marked so"},
				{true, "all 27 calls are in requests.csv, each with its log's hash and its offset there"}}}
		part.Markdown = fakeMarkdown(v)
		part.Redactions = fakeRedactions(ask.Include)
		if i == 0 && b.text != "" {
			part.Markdown, part.RequestIDs, part.FileName, part.Checks[0].Text = b.text, []string{b.text}, b.text, b.text
		}
		p.Parts = append(p.Parts, part)
	}
	return p, nil
}

func fakeRedactions(include []string) []EvidenceRedaction {
	list := []EvidenceRedaction{{Words: "header authorization", Places: 27}, {Words: "query key", Places: 18}, {Words: "credentials in bodies", Places: 1}}
	for _, kind := range personalKinds() {
		list = append(list, EvidenceRedaction{Words: kind, Personal: kind, Places: int64(len(kind)), Shown: slices.Contains(include, kind)})
	}
	return list
}

func fakeMarkdown(vendor string) string {
	var b strings.Builder
	b.WriteString("# Failed calls to " + vendor + ", 2026-11-20 15:22:10 to 15:59:57 UTC\n\n4,102 failed calls, 4,102 of them in an outage.\n\nYou ask for: `request_id, endpoint, time with zone`\n\n## Outage\n\n`/v1/detect`: failing since 2026-11-20 15:22:10 UTC, still open when the logs end. 4,102 of 4,360 calls failed (94.1 %).\n\n```text\nshare failed ▁▁▁▁▁▁▁███▇███▆▅▇███\ncalls        ▂▃▄▅▆▇█▇▆▅▄▃▂▃▄▅▆▇██\n             15:00          16:00 UTC\n```\n\n## Calls to look up\n\n| Request id | Time (UTC) | HTTP | Failure | Endpoint | Which |\n| --- | --- | --- | --- | --- | --- |\n")
	for i := range 12 {
		fmt.Fprintf(&b, "| `9b1d-44e%x` | 2026-11-20 15:%02d:10.113 | 503 | `503 detail` | `POST /v1/detect?a=1\\|2` | newest |\n", i, 22+i)
	}
	return b.String() + "\n## One exchange\n\n```http\nPOST /v1/detect HTTP/1.1\nauthorization: Bearer " + record.Redacted + "\n\nHTTP/1.1 503 Service Unavailable\n\n{\"detail\": \"upstream unavailable\"}\n```\n\nMasked: header authorization, query key, VINs.\n"
}
