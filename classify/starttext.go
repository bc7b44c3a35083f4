package classify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/errscope/errscope/record"
)

// plainYAML is what a scalar may be without quotes, also between braces.
var plainYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./*-]*(:[A-Za-z0-9_./-]+)?$`)

// yamlText spells a text as a YAML scalar.
func yamlText(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
	default:
		if plainYAML.MatchString(s) {
			return s
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(strings.ToValidUTF8(s, "")); err != nil {
		return `""` // a text always has a JSON form
	}
	return strings.TrimRight(b.String(), "\n")
}

// yamlList spells texts as a flow sequence.
func yamlList(list ...string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = yamlText(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// notCopied are headers that say nothing of a failure and would only fill a sample.
var notCopied = map[string]bool{
	"set-cookie": true, "connection": true, "keep-alive": true, "transfer-encoding": true, "content-length": true, "content-encoding": true,
	"vary": true, "server": true, "server-timing": true, "alt-svc": true, "nel": true, "report-to": true, "via": true, "age": true, "etag": true,
	"pragma": true, "expires": true, "cache-control": true, "accept-ranges": true, "strict-transport-security": true,
	"content-security-policy": true, "x-frame-options": true, "x-content-type-options": true, "x-xss-protection": true,
	"referrer-policy": true, "permissions-policy": true, "expect-ct": true, "x-powered-by": true,
}

// sampleBodyBytesMax bounds the body of a drafted sample.
const sampleBodyBytesMax = 64 << 10

// sampleText spells the exchange as a section of samples.txtar.
func sampleText(name, want string, x *record.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s --\n", name)
	if want != "" {
		b.WriteString("want: " + want + "\n")
	}
	if x.TimeDigits != record.Absent {
		b.WriteString("time: " + time.Unix(0, x.TimeNS).UTC().Format(time.RFC3339) + "\n")
	}
	if len(x.Host) > 0 {
		b.WriteString(requestLine(x))
	}
	fmt.Fprintf(&b, "HTTP/1.1 %d\n", x.Status)
	for _, h := range x.Headers {
		key := strings.ToLower(string(h.Name))
		if !notCopied[key] && !strings.HasPrefix(key, "access-control-") && isPlainHeader(key) {
			b.WriteString(key + ": " + oneLine(string(h.Value)) + "\n")
		}
	}
	b.WriteString("\n")
	if body := sampleBody(x.Body); body != "" {
		b.WriteString(body + "\n")
	}
	return b.String()
}

// requestLine is the sample's line with method and URL, or nothing where the
// exchange has no URL that could stand on one.
func requestLine(x *record.Exchange) string {
	method, path := firstOf(string(x.Method), "GET"), firstOf(string(x.Path), "/")
	target := "https://" + string(x.Host) + path
	if len(x.Query) > 0 {
		target += "?" + string(x.Query)
	}
	line := method + " " + target
	_, err := url.Parse(target)
	if err != nil || oneLine(line) != line || strings.Count(line, " ") != 1 || strings.ToUpper(method) != method {
		return ""
	}
	return line + "\n"
}

// oneLine takes control characters out, so that a value of others cannot add
// lines to a file of ours.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func isPlainHeader(key string) bool {
	return key != "" && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// sampleBody is the body as it stands in a sample. A line that would end the
// section is set in by a space.
func sampleBody(body []byte) string {
	text := strings.ToValidUTF8(string(body), "")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if _, ends := sectionName(line); ends {
			lines[i] = " " + line
		}
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\r\n")
}

// slugOf makes a rule's id of a code or of the words of a message.
func slugOf(s string) string {
	var b strings.Builder
	gap := false
	for _, c := range []byte(s) {
		if !isAlnum(c) {
			gap = b.Len() > 0
			continue
		}
		if b.Len() >= slugBytesMax && gap {
			break
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteByte(lower(c))
	}
	return strings.TrimRight(b.String()[:min(b.Len(), 2*slugBytesMax)], "-")
}

// slugBytesMax is the length from which the id of a rule ends at the next word.
const slugBytesMax = 32

// statusID is the id of the row of a status.
func statusID(status int) string { return "status-" + strconv.Itoa(status) }
