package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/errscope/errscope/ingest"
)

// reading is how a run reads its sources, as far as another run may read them
// otherwise. The ledger keeps it as text, in words for people.
type reading struct {
	zone             string // of times that name none, "" is UTC
	sinceNS, untilNS int64  // 0 is open
	full             bool   // long text of all rows is kept
	given            string // stands for what was said about formats
}

// The words of a reading in the ledger.
const (
	zoneWords  = "times without a zone are "
	sinceWords = "since "
	untilWords = "until "
	fullWords  = "long text kept"
	givenWords = "as configured "
)

func newReading(cfg ingest.Config, full bool) reading {
	r := reading{sinceNS: cfg.SinceNS, untilNS: cfg.UntilNS, full: full}
	if cfg.Location != time.UTC {
		r.zone = cfg.Location.String()
	}
	r.given = givenText(cfg)
	return r
}

// givenText is a short name for what the user says about formats, which itself
// may be long; nothing where nothing is said.
func givenText(cfg ingest.Config) string {
	said := slices.Clone(cfg.LogFormats)
	for _, field := range slices.Sorted(maps.Keys(cfg.JSONFields)) {
		said = append(said, field+"="+strings.Join(cfg.JSONFields[field], ","))
	}
	for _, b := range cfg.BodyNames {
		said = append(said, fmt.Sprintf("%+v", b))
	}
	if len(said) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// String writes the words, none for the usual reading.
func (r reading) String() string {
	var parts []string
	instant := func(words string, ns int64) {
		if ns != 0 {
			parts = append(parts, words+time.Unix(0, ns).UTC().Format(time.RFC3339Nano))
		}
	}
	if r.zone != "" {
		parts = append(parts, zoneWords+r.zone)
	}
	instant(sinceWords, r.sinceNS)
	instant(untilWords, r.untilNS)
	if r.full {
		parts = append(parts, fullWords)
	}
	if r.given != "" {
		parts = append(parts, givenWords+r.given)
	}
	return strings.Join(parts, "; ")
}

// parseReading reads what String wrote.
func parseReading(text string) (r reading) {
	for part := range strings.SplitSeq(text, "; ") {
		if zone, ok := strings.CutPrefix(part, zoneWords); ok {
			r.zone = zone
		}
		if at, ok := strings.CutPrefix(part, sinceWords); ok {
			r.sinceNS = instantNS(at)
		}
		if at, ok := strings.CutPrefix(part, untilWords); ok {
			r.untilNS = instantNS(at)
		}
		if given, ok := strings.CutPrefix(part, givenWords); ok {
			r.given = given
		}
		r.full = r.full || part == fullWords
	}
	return r
}

// instantNS is 0, an open end, where the text is no time.
func instantNS(text string) int64 {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0
	}
	return t.UnixNano()
}

// covers reports whether what r has read holds all that o would read.
func (r reading) covers(o reading) bool {
	return r.zone == o.zone && r.given == o.given && (r.full || !o.full) &&
		(r.sinceNS == 0 || o.sinceNS >= r.sinceNS) &&
		(r.untilNS == 0 || o.untilNS != 0 && o.untilNS <= r.untilNS)
}

// widen gives a reading that covers both ranges, otherwise as r.
func (r reading) widen(o reading) reading {
	r.sinceNS = min(r.sinceNS, o.sinceNS) // 0 is open, and the smallest
	if r.untilNS == 0 || o.untilNS == 0 {
		r.untilNS = 0
	} else {
		r.untilNS = max(r.untilNS, o.untilNS)
	}
	r.full = r.full || o.full
	return r
}
