package analysis

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/errscope/errscope/queries"
)

func TestZZReplay(t *testing.T) {
	files, _ := filepath.Glob(os.Getenv("REPLAY"))
	for _, name := range files {
		f, _ := os.Open(name)
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil || len(rows) < 1 {
			continue
		}
		var s series2
		s.m = map[key2]*queries.TrafficRun{}
		for _, r := range rows[1:] {
			n := func(i int) int64 { v, _ := strconv.ParseInt(r[i], 10, 64); return v }
			k := key2{r[0], r[1], r[2], n(3)}
			s.m[k] = &queries.TrafficRun{Vendor: r[0], Host: r[1], Route: r[2], FirstMinute: n(3), LastMinute: n(3), Calls: n(4), Failed: n(5), Unreached: n(6)}
			s.last = max(s.last, n(3))
		}
		out, local := FindOutages(s.runs(), s.blocks(), s.last)
		b, _ := json.Marshal(map[string]any{"windows": out, "local": local})
		os.WriteFile(name+".json", b, 0o644)
	}
}
