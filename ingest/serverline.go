package ingest

import "bytes"

// begin readies the memory for the next line of a format whose lines are made
// of combined's parts.
func (p *combined) begin(line []byte) {
	p.arena.reset()
	p.escaped = bytes.IndexByte(line, '\\') >= 0
}

// authority cuts "host:port" out of the URL of an upstream. The path of a
// socket stays: "unix:/run/app.sock" of "http://unix:/run/app.sock:/v1".
func authority(url []byte) []byte {
	if i := bytes.Index(url, []byte("://")); i > 0 && isScheme(url[:i]) {
		url = url[i+3:]
	}
	if bytes.HasPrefix(url, []byte("unix:")) {
		if i := bytes.IndexByte(url[5:], ':'); i >= 0 {
			return url[:5+i]
		}
		return url
	}
	if i := bytes.IndexAny(url, "/?#"); i >= 0 {
		return url[:i]
	}
	return url
}

// lastWord cuts off the last word.
func lastWord(b []byte) (rest, w []byte) {
	b = bytes.TrimRight(b, " ")
	i := bytes.LastIndexByte(b, ' ')
	return b[:i+1], b[i+1:]
}
