package analysis

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/errscope/errscope/queries"
)

func TestZZDebug(t *testing.T) {
	f, err := os.Open(os.Getenv("REPLAY"))
	if err != nil {
		t.Skip()
	}
	rows, _ := csv.NewReader(f).ReadAll()
	var s series2
	s.m = map[key2]*queries.TrafficRun{}
	for _, r := range rows[1:] {
		n := func(i int) int64 { v, _ := strconv.ParseInt(r[i], 10, 64); return v }
		if r[0]+r[1] == os.Getenv("V") {
			s.m[key2{r[0], r[1], r[2], n(3)}] = &queries.TrafficRun{Vendor: r[0], Host: r[1], Route: r[2], FirstMinute: n(3), LastMinute: n(3), Calls: n(4), Failed: n(5), Unreached: n(6)}
		}
		s.last = max(s.last, n(3))
	}
	tr := newTraffic(s.runs(), newUsual(s.blocks()), s.last)
	at := func(m int64) string { return fmt.Sprintf("%d %02d:%02d", m/1440, m/60%24, m%60) }
	show := func(what string, steps []step, w window) {
		c, fl, e := sums(steps, w)
		fmt.Println(what, at(w.first), at(w.last), "calls", c, "failed", fl, "usual", e/c, "share", w.share, additionalShare(steps, w), "score", w.score, "open", w.open)
	}
	for r := -1; r < len(tr.routes); r++ {
		steps, name := tr.steps, "*"
		if r >= 0 {
			steps, name = tr.routeSteps(r), tr.routes[r]
		}
		for _, sh := range trialShares() {
			for _, w := range tr.scan(steps, 0, len(steps), sh, candidateScore) {
				show(name+" cand", steps, w)
				for _, x := range tr.refine(steps, w) {
					show("     refined", steps, x)
				}
			}
		}
		for _, w := range tr.windows(steps) {
			show(name+" WINDOW", steps, w)
			if r < 0 {
				fmt.Println("   wide", tr.isWide(w))
			}
		}
	}
}
