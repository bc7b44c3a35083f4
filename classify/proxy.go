package classify

import "github.com/errscope/errscope/record"

// tunnelRefused is the transport's reason where a proxy did not let a call out.
var tunnelRefused = []byte("tunnel denied by the proxy")

// behindProxy is the record as the vendor's side of a proxy has it, r itself in
// most cases. What the proxy answers is not always what the vendor answered:
//
//   - A proxy that tried again, or answered from its cache, says 200 over the
//     vendor's 502. That is the vendor's failure; what the proxy sent then is
//     none of its words.
//   - The answer to a CONNECT is the proxy's alone. The vendor gave none.
func (l *Labeler) behindProxy(r *record.Record, out *record.Label) *record.Record {
	switch {
	case string(r.Method) == "CONNECT" && r.Status >= 400:
		l.copyOf(r)
		l.behind.Status = 0
		if r.Status < 500 {
			l.behind.Failure = tunnelRefused
		}
		l.note(out, "the proxy's own answer to ", r.Method)
	case r.Status >= 100 && r.Status < 400 && len(r.UpstreamStatus) > 0:
		failed := failedAttempt(r.UpstreamStatus)
		if failed == 0 {
			return r
		}
		l.copyOf(r)
		l.behind.Status = failed
		l.note(out, "behind the proxy's own status the upstream's ", r.UpstreamStatus)
	default:
		return r
	}
	l.behind.Headers, l.behind.Body = nil, nil
	return &l.behind
}

// copyOf makes a copy that may be changed: r is stored as it is.
func (l *Labeler) copyOf(r *record.Record) {
	l.behind, l.exchange = *r, *r.Exchange
	l.behind.Exchange = &l.exchange
}

// failedAttempt is the last status of 400 and above in a list of attempts such
// as "502, 200", 0 where none failed.
func failedAttempt(list []byte) int {
	failed := 0
	for len(list) > 0 {
		end := 0
		for end < len(list) && list[end] != ',' && list[end] != ' ' && list[end] != ':' {
			end++
		}
		if word := list[:end]; len(word) == 3 && word[0] >= '4' && word[0] <= '9' && isDigit(word[1]) && isDigit(word[2]) {
			failed = int(word[0]-'0')*100 + int(word[1]-'0')*10 + int(word[2]-'0')
		}
		list = list[min(end+1, len(list)):]
	}
	return failed
}

func isDigit(c byte) bool { return c-'0' <= 9 }
