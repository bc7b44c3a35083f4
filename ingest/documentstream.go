package ingest

import "io"

// documentBytes reads the segment's blocks as one stream.
func (r *Reader) documentBytes() io.Reader { return &documentStream{r} }

type documentStream struct{ r *Reader }

func (s *documentStream) Read(p []byte) (int, error) {
	r := s.r
	for len(r.rest) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		g := r.segment
		if r.block != nil {
			g.source.giveBack(r.block)
			r.block = nil
		}
		b, ok := <-g.blocks
		if !ok {
			<-g.done
			if g.aborted != nil {
				return 0, g.aborted
			}
			return 0, io.EOF
		}
		r.block, r.rest = b, b.data
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
