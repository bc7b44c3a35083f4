package ingest

import "bytes"

// logLevelWithin bounds where the level stands in a line of a program's own log.
const logLevelWithin = 72

// isProgramLine reports whether a line that no format knows is what a program
// says about itself: a time, then a level. Such lines stand among the access
// lines wherever a container has one output for both (Envoy, the Kubernetes
// ingress, gunicorn, AWS Lambda).
func isProgramLine(line []byte) bool {
	if !isLambdaLine(line) && !isKlog(line) && !(startsDated(line) && hasLevel(line[:min(len(line), logLevelWithin)])) {
		return false
	}
	return !speaksOfHTTP(line)
}

// isKlog tells the lines of Kubernetes' logger: "I0304 09:15:02.118212 7 file.go:9] text".
func isKlog(b []byte) bool {
	return len(b) > 24 && bytes.IndexByte([]byte("IWEF"), b[0]) >= 0 && digits(b[1:5]) == 4 && b[5] == ' ' &&
		b[8] == ':' && b[11] == ':' && b[14] == '.' && bytes.Contains(b[:min(len(b), 160)], []byte("] "))
}

// isLambdaLine tells what AWS Lambda writes around each call of a function.
func isLambdaLine(b []byte) bool {
	for _, begin := range [...]string{"START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "INIT_START Runtime Version: "} {
		if bytes.HasPrefix(b, []byte(begin)) {
			return true
		}
	}
	return false
}

// startsDated reports whether b begins with a date and a time of day.
func startsDated(b []byte) bool {
	if len(b) > 0 && b[0] == '[' {
		b = b[1:]
	}
	return len(b) > 19 && digits(b[:4]) == 4 && (b[4] == '-' || b[4] == '/') && b[7] == b[4] &&
		(b[10] == 'T' || b[10] == ' ') && b[13] == ':' && b[16] == ':'
}

// hasLevel reports whether one of the words is the level of a logger.
func hasLevel(b []byte) bool {
	var low [len("critical")]byte
	for i := 0; i < len(b); {
		start := i
		for i < len(b) && (b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z') {
			i++
		}
		if n := i - start; n >= 3 && n <= len(low) {
			for k, c := range b[start:i] {
				low[k] = c | 0x20
			}
			switch string(low[:n]) {
			case "trace", "debug", "info", "notice", "warn", "warning", "err", "error", "crit", "critical", "fatal":
				return true
			}
		}
		i++
	}
	return false
}
