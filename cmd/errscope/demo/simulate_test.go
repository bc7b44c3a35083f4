package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// simulated writes a simulation for a test.
func simulated(t *testing.T, o SimulateOptions) (string, SimTruth) {
	t.Helper()
	dir := t.TempDir()
	truth, err := Simulate(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, truth
}

func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		sum := sha256.Sum256(text)
		sums[path] = hex.EncodeToString(sum[:8])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

// TestSimulationIsDeterministic holds the bytes themselves: a seed means the
// same traffic on every machine. A change of the simulation changes them.
func TestSimulationIsDeterministic(t *testing.T) {
	o := SimulateOptions{Seed: 5, Days: 4, Percent: 10}
	first, _ := simulated(t, o)
	second, _ := simulated(t, o)
	one, two := digests(t, first), digests(t, second)
	if len(one) != 7 {
		t.Errorf("%d files, want 7", len(one))
	}
	for path, sum := range one {
		if two[path] != sum {
			t.Errorf("%s differs between two runs", path)
		}
	}
	o.Seed = 6
	other, _ := simulated(t, o)
	if digests(t, other)["logs/egress/access.log"] == one["logs/egress/access.log"] {
		t.Error("another seed gives the same log")
	}
}

// TestSimulationPauses shows that a run in pieces writes the same bytes, and
// that at a pause the files hold whole lines of what was before it.
func TestSimulationPauses(t *testing.T) {
	o := SimulateOptions{Seed: 5, Days: 4, Percent: 10}
	whole, truth := simulated(t, o)
	start := instant(t, truth.Start)
	o.Pauses = []time.Time{start.Add(30 * time.Hour), start.Add(31 * time.Hour)}
	dir, paused := t.TempDir(), 0
	o.Pause = func(_ context.Context, at time.Time) error {
		if !at.Equal(o.Pauses[paused]) {
			t.Errorf("paused at %s, want %s", at, o.Pauses[paused])
		}
		paused++
		text, err := os.ReadFile(filepath.Join(dir, "logs/egress/access.log"))
		if err != nil || len(text) == 0 || text[len(text)-1] != '\n' {
			t.Errorf("the log does not end with a line: %v", err)
		}
		return nil
	}
	if _, err := Simulate(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	if paused != 2 {
		t.Errorf("%d pauses, want 2", paused)
	}
	got := digests(t, dir)
	for path, sum := range digests(t, whole) {
		if got[path] != sum {
			t.Errorf("%s differs after pauses", path)
		}
	}
}

// TestSimulationAddsUp counts the lines again: they are the exchanges and, once
// more, those that stand in two files.
func TestSimulationAddsUp(t *testing.T) {
	for _, oneSided := range []bool{false, true} {
		dir, truth := simulated(t, SimulateOptions{Seed: 3, Days: 5, Percent: 20, OneSided: oneSided})
		lines, pairs, vendors := int64(0), int64(0), int64(0)
		for _, f := range truth.Files {
			lines += f.Lines
			text, err := os.ReadFile(filepath.Join(dir, "logs", f.Path))
			if err != nil {
				t.Fatal(err)
			}
			if got := int64(bytes.Count(text, []byte{'\n'})); got != f.Lines && !strings.HasSuffix(f.Path, ".har") {
				t.Errorf("%s has %d lines, the truth says %d", f.Path, got, f.Lines)
			}
		}
		for _, n := range truth.Pairs {
			pairs += n
		}
		for _, v := range truth.Vendors {
			vendors += v.Requests
		}
		if lines != truth.Exchanges+pairs {
			t.Errorf("%d lines are not %d exchanges and %d second sides", lines, truth.Exchanges, pairs)
		}
		if vendors != truth.Exchanges {
			t.Errorf("vendors have %d exchanges, of %d", vendors, truth.Exchanges)
		}
		if oneSided != (pairs == 0) {
			t.Errorf("%d exchanges stand in two files, one-sided is %t", pairs, oneSided)
		}
	}
}

// TestSimulationHasEverything looks at fourteen days: every kind of outage and
// confounder, each with calls that show it, and quotas that hold their promise.
func TestSimulationHasEverything(t *testing.T) {
	_, truth := simulated(t, SimulateOptions{Seed: 1})
	kinds := map[string]int{}
	for _, w := range append(truth.Windows, truth.Confounders...) {
		kinds[w.Kind]++
		if w.Failures > w.Calls || w.Permille > 0 && w.Calls > 4 && w.Failures == 0 {
			t.Errorf("%s has %d failures in %d calls", w.Kind, w.Failures, w.Calls)
		}
		if w.First != "" && (w.StartFrom > w.StartTo || w.EndFrom > w.EndTo || w.First < w.From) {
			t.Errorf("%s: times are out of order: %+v", w.Kind, w)
		}
	}
	want := []string{openKind, "sleepy_route"}
	for _, k := range outageKinds {
		want = append(want, k.name)
	}
	for _, k := range confounderKinds {
		want = append(want, k.name)
	}
	for _, kind := range want {
		if kinds[kind] == 0 {
			t.Errorf("nothing of kind %s", kind)
		}
	}
	for _, q := range truth.Quotas {
		if q.Used > q.Limit || q.Limit < q.FirstLimit {
			t.Errorf("quota of %s: %d used of %d", q.Vendor, q.Used, q.Limit)
		}
		if q.Refusals > 0 && q.Exhausted >= q.Refused {
			t.Errorf("quota of %s: exhausted at %q, refused at %q", q.Vendor, q.Exhausted, q.Refused)
		}
	}
}

// TestSimulationHasRhythm compares hours and days of the log itself.
func TestSimulationHasRhythm(t *testing.T) {
	dir, _ := simulated(t, SimulateOptions{Seed: 4, Days: 7, Percent: 15})
	text, err := os.ReadFile(filepath.Join(dir, "logs/egress/access.log"))
	if err != nil {
		t.Fatal(err)
	}
	var night, noon, weekend, week int
	for line := range strings.Lines(string(text)) {
		_, rest, _ := strings.Cut(line, "[")
		stamp, _, _ := strings.Cut(rest, "]")
		at, err := time.Parse(commonLogTime, stamp)
		if err != nil {
			t.Fatalf("no time in %q", line)
		}
		if !strings.Contains(line, `"caravanguide.co.uk"`) {
			continue
		}
		switch at.Hour() {
		case 2, 3:
			night++
		case 10, 11:
			noon++
		}
		if at.Weekday() == time.Sunday || at.Weekday() == time.Saturday {
			weekend++
		} else {
			week++
		}
	}
	if noon < 8*night || week < 4*weekend {
		t.Errorf("no rhythm: %d calls at noon and %d at night, %d on the week and %d at its end", noon, night, week, weekend)
	}
}

func TestSimulationTruthIsJSON(t *testing.T) {
	dir, _ := simulated(t, SimulateOptions{Seed: 9, Days: 3, Percent: 5})
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var back SimTruth
	if err := json.Unmarshal(text, &back); err != nil || back.Seed != 9 {
		t.Errorf("truth.json does not read back: %v", err)
	}
	if bytes.Contains(text, []byte(simKeyWeb)) {
		t.Error("truth.json holds a key")
	}
}

func TestSimulateRefuses(t *testing.T) {
	for _, o := range []SimulateOptions{{Days: 2}, {Days: 99}, {Percent: 5000}, {Percent: -1}} {
		if _, err := Simulate(t.Context(), t.TempDir(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
