package ingest

import (
	"errors"
	"fmt"
	"strings"
)

// ErrLogFormat is an entry of [Config.LogFormats] that cannot be used.
var ErrLogFormat = errors.New("unusable log format")

// Limits of a log format.
const (
	templateBytesMax  = 16 << 10 // of its text
	templateTokensMax = 256
	templatesMax      = 32 // in one configuration
)

// CheckLogFormat says whether a text can be an entry of [Config.LogFormats];
// its errors wrap [ErrLogFormat].
func CheckLogFormat(text string) error {
	_, err := compileTemplate(text)
	return err
}

func compileTemplates(texts []string) ([]*template, error) {
	if len(texts) > templatesMax {
		return nil, fmt.Errorf("%w: more than %d of them", ErrLogFormat, templatesMax)
	}
	var list []*template
	for _, text := range texts {
		t, err := compileTemplate(text)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// compileTemplate reads a format of nginx or Apache, bare or as the directive
// that stands in the server's configuration.
func compileTemplate(text string) (*template, error) {
	t := &template{}
	err := t.compile(text)
	if err != nil {
		return nil, fmt.Errorf("%w %q: %w", ErrLogFormat, text[:min(len(text), 80)], err)
	}
	return t, nil
}

func (t *template) compile(text string) error {
	if len(text) > templateBytesMax {
		return fmt.Errorf("longer than %d bytes", templateBytesMax)
	}
	text = strings.TrimSpace(text)
	var err error
	switch {
	case strings.HasPrefix(text, "log_format"):
		text, err = t.directive(text[len("log_format"):])
	case strings.HasPrefix(text, "LogFormat"), strings.HasPrefix(text, "CustomLog"), strings.HasPrefix(text, "TransferLog"):
		text, err = apacheConfigured(text)
	case strings.HasPrefix(text, "'"):
		text, err = t.pieces(text)
	}
	if err != nil {
		return err
	}
	if isNginxFormat(text) {
		err = t.nginx(text)
	} else {
		err = t.apache(text)
	}
	if err != nil {
		return err
	}
	return t.close()
}

// isNginxFormat tells $variables from %directives.
func isNginxFormat(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if c := text[i+1] | 0x20; text[i] == '$' && (c >= 'a' && c <= 'z' || text[i+1] == '{') {
			return true
		}
	}
	return false
}

// directive reads NAME escape=… 'piece' 'piece'; of nginx's log_format.
func (t *template) directive(rest string) (string, error) {
	rest = strings.TrimSpace(rest)
	name := strings.IndexAny(rest, " \t\r\n")
	if name < 0 {
		return "", errors.New("the directive has a name but no format")
	}
	return t.pieces(rest[name:])
}

// pieces joins what nginx joins: quoted texts and bare words up to the
// semicolon.
func (t *template) pieces(rest string) (string, error) {
	var b strings.Builder
	for {
		rest = strings.TrimLeft(rest, " \t\r\n")
		switch {
		case rest == "" || rest[0] == ';':
			return b.String(), nil
		case strings.HasPrefix(rest, "escape=") && b.Len() == 0:
			word, after, _ := cutAny(rest, " \t\r\n'\"")
			t.raw = word == "escape=none"
			rest = after
		case rest[0] == '#':
			_, rest, _ = strings.Cut(rest, "\n")
		case rest[0] == '\'' || rest[0] == '"':
			piece, after, ok := quotedPiece(rest)
			if !ok {
				return "", errors.New("a quote has no end")
			}
			b.WriteString(piece)
			rest = after
		default:
			word, after, _ := cutAny(rest, " \t\r\n;")
			b.WriteString(word)
			rest = after
		}
	}
}

// cutAny cuts before the first of some bytes.
func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i:], true
	}
	return s, "", false
}

// quotedPiece reads a quoted text of a configuration; a backslash goes before a
// quote or itself.
func quotedPiece(s string) (piece, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\'' || s[i+1] == '\\'):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

// apacheConfigured takes the format out of a line of httpd.conf: the last
// quoted text with a directive in it.
func apacheConfigured(line string) (string, error) {
	for {
		i := strings.IndexByte(line, '"')
		if i < 0 {
			return "", errors.New("the directive has no quoted format")
		}
		piece, rest, ok := quotedPiece(line[i:])
		if !ok {
			return "", errors.New("a quote has no end")
		}
		if strings.IndexByte(piece, '%') >= 0 {
			return piece, nil
		}
		line = rest
	}
}

// nginx compiles a format with $variables.
func (t *template) nginx(text string) error {
	text = strings.ReplaceAll(text, `\"`, `"`) // as it stands in a configuration
	for text != "" {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 == len(text) {
			t.text(text)
			break
		}
		t.text(text[:i])
		text = text[i+1:]
		name := text
		if text[0] == '{' {
			end := strings.IndexByte(text, '}')
			if end < 0 {
				return errors.New("a ${ has no end")
			}
			name, text = text[1:end], text[end+1:]
		} else {
			end := 0
			for end < len(text) && isNameByte(text[end]) {
				end++
			}
			name, text = text[:end], text[end:]
		}
		t.add(nginxVariable(name))
	}
	return nil
}

func isNameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_'
}

// apache compiles a format with %directives.
func (t *template) apache(text string) error {
	text = strings.NewReplacer(`\"`, `"`, `\t`, "\t", `\\`, `\`).Replace(text)
	for text != "" {
		i := strings.IndexByte(text, '%')
		if i < 0 {
			t.text(text)
			break
		}
		t.text(text[:i])
		var err error
		if text, err = t.percent(text[i+1:]); err != nil {
			return err
		}
	}
	return nil
}

// percent compiles one directive, of which the percent sign has been read, and
// returns what follows it.
func (t *template) percent(text string) (string, error) {
	if strings.HasPrefix(text, "%") {
		t.text("%")
		return text[1:], nil
	}
	// Conditions on the status, and < and > for before and after a redirect.
	text = strings.TrimLeft(text, "!0123456789,<>")
	argument := ""
	if strings.HasPrefix(text, "{") {
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return "", errors.New("a %{ has no end")
		}
		argument, text = text[1:end], text[end+1:]
	}
	// "^ti" and "^to" are trailers, "<" and ">" may stand behind the argument too.
	text = strings.TrimLeft(text, "<>")
	if text == "" {
		return "", errors.New("a percent sign has no directive")
	}
	letter, size := text[0], 1
	if letter == '^' {
		size = min(3, len(text))
	}
	token, ok, err := apacheDirective(letter, argument)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", fmt.Errorf("no directive %%%c of Apache is known", letter)
	case letter == 't' && argument == "":
		t.text("[")
		t.add(token)
		t.text("]")
	default:
		t.add(token)
	}
	return text[size:], nil
}

// text adds what stands between variables.
func (t *template) text(s string) {
	if s == "" {
		return
	}
	if n := len(t.tokens); n > 0 && t.tokens[n-1].field == templateText {
		t.tokens[n-1].text = append(t.tokens[n-1].text, s...)
		return
	}
	t.tokens = append(t.tokens, templateToken{field: templateText, text: []byte(s)})
}

func (t *template) add(token templateToken) { t.tokens = append(t.tokens, token) }

// close works out where each variable ends, and refuses a format whose lines
// would say nothing about an exchange.
func (t *template) close() error {
	if len(t.tokens) > templateTokensMax {
		return fmt.Errorf("more than %d variables", templateTokensMax)
	}
	said := false
	for i := range t.tokens {
		token := &t.tokens[i]
		switch token.field {
		case templateText:
			continue
		case templateStatus, templateRequest, templateTarget, templatePath:
			said = true
		}
		token.adjacent = i+1 < len(t.tokens) && t.tokens[i+1].field != templateText
		token.quoted = i > 0 && strings.HasSuffix(string(t.tokens[i-1].text), `"`)
		for j := i + 1; j < len(t.tokens); j++ {
			if t.tokens[j].field == templateText {
				token.until = t.tokens[j].text
				token.last = j == len(t.tokens)-1
				break
			}
		}
	}
	if !said {
		return errors.New("it names neither a request nor a status")
	}
	return nil
}
