package ingest

// Limits of what is recalled.
const (
	recallNamesMax     = 32 // a power of two
	recallNameBytesMax = 64
)

// recall remembers what the names of a line meant, by their place. The next
// line mostly has the same names in the same order, and to compare one costs
// less than to look it up.
type recall[T any] struct {
	names [recallNamesMax]recalled[T]
	next  int
}

type recalled[T any] struct {
	name    []byte
	meaning T
}

// restart goes back to the first name of a line.
func (r *recall[T]) restart() { r.next = 0 }

// meaning is what the name at this place meant. Where known is false, it stood
// there with another name, or never: then the caller sets it.
func (r *recall[T]) meaning(name []byte) (meaning *T, known bool) {
	s := &r.names[r.next%recallNamesMax]
	r.next++
	if string(s.name) == string(name) && len(name) > 0 {
		return &s.meaning, true
	}
	if s.name = s.name[:0]; len(name) <= recallNameBytesMax {
		s.name = append(s.name, name...)
	}
	return &s.meaning, false
}
