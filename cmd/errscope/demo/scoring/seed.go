package scoring

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/cmd/errscope/demo"
)

// Run runs errscope in a folder and gives what it wrote to standard output.
type Run func(ctx context.Context, dir string, args ...string) ([]byte, error)

// Seed is the score of one simulation.
type Seed struct {
	Seed      uint64
	Truth     demo.SimTruth `json:"-"`
	Exchanges int64         // that the logs hold
	Counted   int64         // rows that errscope has of them
	Windows   Windows
	Quotas    Quotas
	Foreseen  []Projection
	// What each part took.
	SimulatedS, IngestedS, AskedS float64
}

const scoreDB = "score.duckdb"

// Score simulates into dir, has it read, and compares.
func Score(ctx context.Context, run Run, dir string, o demo.SimulateOptions) (Seed, error) {
	s := Seed{Seed: o.Seed}
	began := time.Now()
	truth, err := demo.Simulate(ctx, dir, o)
	if err != nil {
		return s, err
	}
	s.SimulatedS, began = time.Since(began).Seconds(), time.Now()
	db := filepath.Join(dir, scoreDB)
	// In the folder of the configuration planned maintenance is known.
	config := filepath.Join(dir, "config")
	_, err = run(ctx, config, "ingest", "--db", db, filepath.Join(dir, "logs"))
	if err != nil && strings.Contains(err.Error(), "unknown field") { // an errscope without it
		config = dir
		_, err = run(ctx, config, "ingest", "--db", db, filepath.Join(dir, "logs"))
	}
	if err != nil {
		return s, fmt.Errorf("ingesting seed %d: %w", o.Seed, err)
	}
	s.IngestedS, began = time.Since(began).Seconds(), time.Now()
	s.Truth, s.Exchanges = truth, truth.Exchanges
	if s.Counted, err = askCount(ctx, run, config, db); err != nil {
		return s, err
	}
	windows, err := ask(ctx, run, config, db, WindowsSQL, ReadWindows)
	if err != nil {
		return s, err
	}
	quotas, err := ask(ctx, run, config, db, QuotasSQL, ReadQuotas)
	if err != nil {
		return s, err
	}
	s.Windows, s.Quotas = ScoreWindows(truth, windows), ScoreQuotas(truth, quotas)
	s.AskedS = time.Since(began).Seconds()
	return s, nil
}

func ask[T any](ctx context.Context, run Run, dir, db, sql string, read func([]byte) ([]T, error)) ([]T, error) {
	text, err := run(ctx, dir, "sql", "--db", db, "--format", "json", sql)
	if err != nil {
		return nil, fmt.Errorf("asking %q: %w", sql, err)
	}
	return read(text)
}

func askCount(ctx context.Context, run Run, dir, db string) (int64, error) {
	counts, err := ask(ctx, run, dir, db, ExchangesSQL, func(text []byte) ([]int64, error) {
		var rows []struct {
			N int64 `json:"n"`
		}
		if err := json.Unmarshal(text, &rows); err != nil || len(rows) != 1 {
			return nil, fmt.Errorf("reading the number of exchanges: %w", err)
		}
		return []int64{rows[0].N}, nil
	})
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// aheadH are the hours before a quota's end at which its end is foretold.
var aheadH = []int{96, 48, 24, 6, 1}

// glimpse is a time before the end of a quota.
type glimpse struct {
	at      time.Time
	quota   demo.SimQuota
	account string // as the database calls it
}

// glimpses are the times to look at the quotas of more than a day that ran dry,
// and of which the vendor said the limit before.
func glimpses(truth demo.SimTruth, accounts []string) []glimpse {
	var plan []glimpse
	start := moment(truth.Start)
	for i, q := range truth.Quotas {
		end, from := moment(q.Exhausted), moment(q.Start)
		if from.Before(start) {
			from = start
		}
		for _, h := range aheadH {
			at := end.Add(-time.Duration(h) * time.Hour).Truncate(time.Minute)
			if q.Exhausted != "" && q.Said != "message" && at.After(from.Add(24*time.Hour)) {
				plan = append(plan, glimpse{at, q, accounts[i]})
			}
		}
	}
	slices.SortStableFunc(plan, func(a, b glimpse) int { return a.at.Compare(b.at) })
	return plan
}

// Foresee simulates again into dir, which is new, and has the growing files read
// at several times before a quota runs dry. The score is of the same simulation
// and lies in scored: its salt keeps the accounts' names.
func Foresee(ctx context.Context, run Run, scored, dir string, o demo.SimulateOptions, score Seed) ([]Projection, error) {
	plan := glimpses(score.Truth, score.Quotas.Accounts)
	if len(plan) == 0 {
		return nil, nil
	}
	db, logs := filepath.Join(dir, "foresee.duckdb"), filepath.Join(dir, "logs")
	salt, err := os.ReadFile(filepath.Join(scored, scoreDB+".salt"))
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(db+".salt", salt, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("keeping the salt: %w", err)
	}
	var all []Projection
	for _, g := range plan {
		o.Pauses = append(o.Pauses, g.at)
	}
	o.Pause = func(ctx context.Context, at time.Time) error {
		g := plan[len(all)]
		// The captures in one document cannot be read before their end.
		if _, err := run(ctx, dir, "ingest", "--db", db, filepath.Join(logs, "app"), filepath.Join(logs, "egress"), filepath.Join(logs, "captures", "sync.jsonl")); err != nil {
			return fmt.Errorf("ingesting seed %d up to %s: %w", o.Seed, at, err)
		}
		rows, err := ask(ctx, run, dir, db, QuotasSQL, ReadQuotas)
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(rows, func(r Quota) bool { return r.Account != g.account })
		var found *Quota
		if i := find(g.quota, rows, nil); i >= 0 {
			found = &rows[i]
		}
		all = append(all, ScoreProjection(g.quota, at, found))
		return nil
	}
	_, err = demo.Simulate(ctx, dir, o)
	return all, err
}
