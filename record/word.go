package record

// word looks at a run of token bytes and gives the index to go on from. joined
// says whether there are "-" or "_" in it, behind which a token may begin.
func (s *scanner) word(b []byte, start, end, lo, hi int, joined bool) int {
	c, n := b[start], end-start
	if end < hi && b[end] == '/' && n >= len("token") {
		if stop := s.behindSegment(b, start, end, lo, hi); stop > end {
			return stop
		}
	}
	if n >= opaqueBytesMin && start > lo && b[start-1] != '/' && s.isSpokenOf(b, lo, start, end) {
		stop := tokenStop(b, end, hi)
		for stop > end && (b[stop-1] == '.' || b[stop-1] == ',' || b[stop-1] == ';' || b[stop-1] == ':' || b[stop-1] == ')') {
			stop--
		}
		s.add(start, stop)
		return stop
	}
	switch {
	case (n == 32 || n == 36) && isHexID(b[start:end]):
		if n == 32 && mayBeHex(b[start:]) {
			s.inside(b, start, end, appendHex)
		}
		return end
	case isDigit(c):
		if start > lo && b[start-1] == '.' {
			break
		}
		if stop := cardEnd(b, start, hi); stop > 0 {
			s.addAs(start, stop, ByShape)
			return stop
		}
		if stop := telegramEnd(b, start, end, hi); stop > 0 {
			s.addAs(start, stop, ByShape)
			return stop
		}
	case n == 6 && c|0x20 == 'b' && equalFold(b[start:end], "bearer"), n == 5 && c|0x20 == 'b' && equalFold(b[start:end], "basic"):
		return s.schemeValue(b, end, hi)
	case n == 8 && c|0x20 == 'p' && equalFold(b[start:end], "password"), n == 6 && c|0x20 == 'p' && equalFold(b[start:end], "passwd"):
		return s.afterPassword(b, end, hi)
	case n == 4 && c == 'c' && string(b[start:end]) == "curl":
		return s.curl(b, end, hi)
	case c == '-' && n > 4 && b[start+1] == '-' && isLetter(b[start+2]):
		return s.flag(b, start, end, hi)
	case n == 10 && c|0x20 == 'i' && equalFold(b[start:end], "identified"):
		return s.identifiedBy(b, end, hi)
	}
	if n < wordBytesMin {
		// An object in base64 whose first name is of another script breaks early.
		if c == 'e' && b[start+1] == 'y' && end < hi && (b[end] == '/' || b[end] == '+') && hi-start >= encodedHeadBytes {
			return max(end, s.encoded(b, start, end, hi))
		}
		return end
	}
	return s.longWord(b, start, end, lo, hi, joined)
}

// longWord looks at a run that is long enough for a token of known shape or for
// text in base64 or hex.
func (s *scanner) longWord(b []byte, start, end, lo, hi int, joined bool) int {
	c, n := b[start], end-start
	if mayBeToken(b, start) {
		if stop := tokenEnd(b, start, end, hi); stop > 0 {
			return s.token(b, start, stop, hi)
		}
		if c == '-' {
			if from := pemTail(b, lo, start, hi); from >= 0 {
				s.addAs(from, end, ByShape)
				return end
			}
		}
	}
	if c == 'b' && end < hi && b[end] == ':' && string(b[start:start+3]) == "bot" {
		if stop := telegramEnd(b, start+3, end, hi); stop > 0 {
			s.addAs(start+3, stop, ByShape)
			return stop
		}
	}
	if n >= dottedBytesMin && start > lo && b[start-1] == '.' {
		if from := dottedStart(b, lo, start); from >= 0 {
			stop := dottedEnd(b, end, hi)
			s.addAs(from, stop, ByShape)
			return stop
		}
	}
	// Only these can begin text in base64 or hex; most words begin otherwise.
	if c >= 'H' && c <= 'Z' || c >= 'a' && c <= 'f' || c >= '2' && c <= '7' {
		if stop := s.encoded(b, start, end, hi); stop > 0 {
			return stop
		}
	}
	if n < 16 {
		return end
	}
	if !joined {
		if !isDigit(b[end-1]) || isDigit(c) {
			return end
		}
		return s.cardInWord(b, start, end, hi)
	}
	return s.joined(b, start, end, hi)
}

// joined looks for a token behind each "-" and "_" of a run.
func (s *scanner) joined(b []byte, start, end, hi int) int {
	for k := start + 1; k < end-8; k++ {
		if textKinds[b[k-1]]&joinByte == 0 {
			continue
		}
		var stop int
		if isDigit(b[k]) {
			stop = cardEnd(b, k, hi)
		} else if mayBeToken(b, k) {
			stop = tokenEnd(b, k, end, hi)
		}
		if stop > 0 {
			return s.token(b, k, stop, hi)
		}
	}
	return end
}

// cardInWord looks for a card number behind the letters of a word: "pan4111…".
func (s *scanner) cardInWord(b []byte, start, end, hi int) int {
	k := start
	for k < end && isLetter(b[k]) {
		k++
	}
	if k == start || end-k < cardBytesMin || end-k > cardBytesMax {
		return end
	}
	if stop := cardEnd(b, k, hi); stop > 0 {
		s.addAs(k, stop, ByShape)
		return stop
	}
	return end
}

// token masks one of known shape, and the secret that AWS gives out beside the
// id of a key.
func (s *scanner) token(b []byte, lo, stop, hi int) int {
	s.addAs(lo, stop, ByShape)
	if b[lo] != 'A' || stop-lo != awsIDBytes {
		return stop
	}
	if from, to := awsSecret(b, stop, hi); to > 0 {
		s.addAs(from, to, ByShape)
		return to
	}
	return stop
}
