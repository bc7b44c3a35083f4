package record

// Stretch is a part of a source, half-open both in bytes of its decompressed
// content and in lines, which count from 0.
type Stretch struct {
	FromOffset, ToOffset int64
	FromLine, ToLine     int64
}

// Shift moves a stretch by so many bytes and lines.
func (s Stretch) Shift(bytes, lines int64) Stretch {
	return Stretch{s.FromOffset + bytes, s.ToOffset + bytes, s.FromLine + lines, s.ToLine + lines}
}

// Without gives what is left of s when the stretches of taken, in any order,
// are cut out of it.
func (s Stretch) Without(taken []Stretch) []Stretch {
	left := []Stretch{s}
	for _, t := range taken {
		var next []Stretch
		for _, l := range left {
			if t.ToOffset <= l.FromOffset || t.FromOffset >= l.ToOffset {
				next = append(next, l)
				continue
			}
			if t.FromOffset > l.FromOffset {
				next = append(next, Stretch{l.FromOffset, t.FromOffset, l.FromLine, t.FromLine})
			}
			if t.ToOffset < l.ToOffset {
				next = append(next, Stretch{t.ToOffset, l.ToOffset, t.ToLine, l.ToLine})
			}
		}
		left = next
	}
	return left
}
