package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/errscope/errscope/record"
)

// maskedSum adds up what several sealers masked. Sums do not depend on which worker
// read which line, nor on the order of sources.
type maskedSum struct {
	mu     sync.Mutex
	counts record.Counts
}

func (m *maskedSum) add(c record.Counts) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts.Add(c)
}

// words says how many credentials were masked and by what they were found; "" where
// there were none.
func (m *maskedSum) words() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counts.Total() == 0 {
		return ""
	}
	var parts []string
	for _, rule := range []record.Rule{record.ByName, record.ByShape, record.ByEncoding, record.ByPath} {
		if n := m.counts.Of(rule); n > 0 {
			parts = append(parts, fmt.Sprintf("%d by %s", n, rule))
		}
	}
	return "masked " + counted(m.counts.Total(), "credential") + ": " + strings.Join(parts, ", ")
}

// tellMasked says on stderr what was masked, where anything was.
func (a *app) tellMasked(m *maskedSum) {
	if words := m.words(); words != "" {
		fmt.Fprintf(a.err, "errscope: %s\n", words)
	}
}
