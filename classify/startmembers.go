package classify

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/errscope/errscope/record/jsonscan"
)

// Limits of the search for members.
const (
	startMembersMax = 400
	startDepthMax   = 4
)

// leaf is a scalar of a body, with its path.
type leaf struct {
	path  string
	name  string // the last name, in lower case without - and _
	value string
	kind  jsonscan.Kind
	depth int
}

// roles are the names under which APIs keep what an envelope wants, the likeliest first.
var roles = struct{ code, message, typ, status, requestID []string }{
	code: []string{"code", "errorcode", "errcode", "errorid", "errorname", "faultcode", "exceptioncode", "codigo", "codice", "error", "reason", "status", "errors"},
	message: []string{"message", "errormessage", "errmsg", "msg", "errordescription", "detail", "description", "faultstring", "title", "mensaje", "mensagem", "meldung", "nachricht", "messaggio",
		"errortext", "exceptiontext", "text", "reason", "error", "errors"},
	typ:       []string{"type", "errortype", "@type", "exception"},
	status:    []string{"status", "statuscode", "httpstatus", "httpstatuscode", "code"},
	requestID: []string{"requestid", "correlationid", "traceid"},
}

// bodyShape is what was found of an envelope; paths are "" where nothing fits.
type bodyShape struct {
	code, message, typ, status, requestID leaf
}

// shapeOf looks in a JSON body for what an envelope names.
func shapeOf(body []byte, wire int) bodyShape { return shapeOfLeaves(leavesOf(body), wire) }

func shapeOfLeaves(leaves []leaf, wire int) bodyShape {
	isWord := func(l leaf) bool {
		return l.kind == jsonscan.String && isCodeText(l.value)
	}
	isCode := func(l leaf) bool {
		n, err := strconv.Atoi(l.value)
		number := l.kind == jsonscan.Number && err == nil
		return (isWord(l) || number) && (err != nil || n != wire)
	}
	var s bodyShape
	s.message = best(leaves, roles.message, func(l leaf) bool { return l.kind == jsonscan.String && strings.Contains(l.value, " ") })
	if s.message.path == "" {
		s.message = sentence(leaves)
	}
	s.code = best(leaves, roles.code, func(l leaf) bool { return l.path != s.message.path && isCode(l) })
	if s.code.path == "" {
		s.code = constant(leaves, s.message)
	}
	s.typ = best(leaves, roles.typ, func(l leaf) bool { return l.path != s.code.path && isWord(l) && !strings.Contains(l.value, "://") })
	s.status = best(leaves, roles.status, func(l leaf) bool { n, err := strconv.Atoi(l.value); return err == nil && n >= 100 && n <= 599 })
	s.requestID = best(leaves, roles.requestID, func(l leaf) bool { return l.kind == jsonscan.String && l.value != "" })
	return s
}

// isCodeText reports whether a text can be a code: one word of moderate length.
func isCodeText(s string) bool {
	return s != "" && len(s) <= codeBytesMax && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' }) < 0
}

// sentence is the longest text of several words, for bodies whose names are
// none that others use.
func sentence(leaves []leaf) leaf {
	var found leaf
	for _, l := range leaves {
		if l.kind == jsonscan.String && strings.Count(l.value, " ") > 1 && len(l.value) > len(found.value) {
			found = l
		}
	}
	return found
}

// constant is the text that is spelled as codes are, the likeliest the one
// beside the message.
func constant(leaves []leaf, message leaf) leaf {
	parent := func(l leaf) string { return l.path[:strings.LastIndexByte(l.path, '.')+1] }
	var found leaf
	for _, l := range leaves {
		if l.kind != jsonscan.String || !isConstant(l.value) {
			continue
		}
		if found.path == "" || parent(found) != parent(message) && parent(l) == parent(message) {
			found = l
		}
	}
	return found
}

// isConstant reports whether a text is spelled SEAT_TAKEN, seat_taken, seat-taken
// or SeatTaken, which ids, names and plain words are not.
func isConstant(s string) bool {
	const lettersMin = 4
	letters, digits, joints, turns := 0, 0, 0, 0
	for i, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z':
			letters++
		case c >= 'A' && c <= 'Z':
			letters++
			if i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' {
				turns++
			}
		case c >= '0' && c <= '9':
			digits++
		case c == '_' || c == '-':
			joints++
		default:
			return false
		}
	}
	return letters >= lettersMin && len(s) <= codeBytesMax && digits*4 <= letters && (joints > 0 || turns > 0 || strings.ToUpper(s) == s)
}

// best is the leaf with the likeliest name that fits; of equal names the one
// nearest to the top.
func best(leaves []leaf, names []string, fits func(leaf) bool) leaf {
	var found leaf
	rank := len(names)
	for _, l := range leaves {
		i := slices.Index(names, l.name)
		if i < 0 || !fits(l) {
			continue
		}
		if c := cmp.Or(cmp.Compare(i, rank), cmp.Compare(l.depth, found.depth)); found.path == "" || c < 0 {
			found, rank = l, i
		}
	}
	return found
}

// leavesOf lists the scalars of a body: all members, of an array the first element.
func leavesOf(body []byte) []leaf {
	var out []leaf
	if len(body) > 0 && body[0] == '<' {
		return leavesOfXML(body)
	}
	kind := jsonscan.KindOf(body)
	if kind != jsonscan.ObjectKind && kind != jsonscan.ArrayKind {
		return nil
	}
	return appendLeaves(out, body, kind, "", 0)
}

func appendLeaves(out []leaf, value []byte, kind jsonscan.Kind, path string, depth int) []leaf {
	if len(out) >= startMembersMax || depth > startDepthMax {
		return out
	}
	switch kind {
	case jsonscan.ObjectKind:
		// A body that is cut off gives what comes before the fault.
		_, _ = jsonscan.Object(value, func(key, v []byte, kind jsonscan.Kind) bool {
			if name := string(key); isPathName(name) {
				out = appendLeaves(out, v, kind, joinPath(path, name), depth+1)
			}
			return true
		})
	case jsonscan.ArrayKind:
		_, _ = jsonscan.Array(value, func(_ int, v []byte, kind jsonscan.Kind) bool {
			out = appendLeaves(out, v, kind, joinPath(path, "0"), depth+1)
			return false
		})
	case jsonscan.String, jsonscan.Number:
		out = append(out, newLeaf(path, string(jsonscan.Unquote(nil, value)), kind, depth))
	}
	return out
}

func newLeaf(path, value string, kind jsonscan.Kind, depth int) leaf {
	name := path[strings.LastIndexByte(path, '.')+1:]
	if name == "0" {
		name = strings.TrimSuffix(path, ".0")
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	name = strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
	return leaf{path: path, name: name, value: value, kind: kind, depth: depth}
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// isPathName reports whether a member can be named in a path as it is.
func isPathName(name string) bool {
	return isCodeText(name) && !strings.ContainsAny(name, ".[]*:\"'#,{}\\") && strings.Trim(name, "0123456789") != "" && len(name) <= 64
}
