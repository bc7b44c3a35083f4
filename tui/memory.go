package tui

import "github.com/errscope/errscope/queries"

// memoryMax is how many answers are remembered.
const memoryMax = 64

// memoryKey names an answer: what was asked of which scope, and of which state
// of the data.
type memoryKey struct {
	name  string
	scope queries.Scope
	epoch int64
}

// memory holds the newest answers, so that going back asks nothing again. What
// is remembered must not be changed by who gets it.
type memory struct {
	byKey map[memoryKey]any
	order []memoryKey // the one that was used last at the end
}

func (m *memory) get(k memoryKey) (any, bool) {
	v, ok := m.byKey[k]
	if ok {
		m.used(k)
	}
	return v, ok
}

func (m *memory) put(k memoryKey, v any) {
	if k.name == "" {
		return
	}
	if m.byKey == nil {
		m.byKey = map[memoryKey]any{}
	}
	if _, ok := m.byKey[k]; !ok && len(m.order) == memoryMax {
		delete(m.byKey, m.order[0])
		m.order = m.order[1:]
	}
	m.byKey[k] = v
	m.used(k)
}

func (m *memory) used(k memoryKey) {
	for i, o := range m.order {
		if o == k {
			m.order = append(m.order[:i], m.order[i+1:]...)
			break
		}
	}
	m.order = append(m.order, k)
}
