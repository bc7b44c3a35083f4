package classify

import (
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/record"
)

// TestMaskPaths holds that places in paths count on the pack's hosts, or on the
// one that they name, and that a faulty one is told.
func TestMaskPaths(t *testing.T) {
	m := load(t).MaskRules()
	for _, want := range []record.PathRule{
		{Host: "api.telegram.org", Path: "/bot{secret}"}, {Host: "hooks.slack.com", Path: "/services/*/*/{secret}"}, {Host: "discord.com", Path: "/api/webhooks/*/{secret}"},
	} {
		if !slices.Contains(m.Paths, want) {
			t.Errorf("%+v is not among %v", want, m.Paths)
		}
	}
	own := load(t, writePack(t, "pack.yaml", "pack: acme\nversion: \"1\"\ntitle: Acme\ndocs: https://acme.example/docs\nhosts: [{host: api.acme.example}]\nmask: {paths: [\"/k/{secret}\", \"Hooks.acme.example/*/{secret}\"]}\n")).MaskRules()
	for _, want := range []record.PathRule{{Host: "api.acme.example", Path: "/k/{secret}"}, {Host: "hooks.acme.example", Path: "/*/{secret}"}} {
		if !slices.Contains(own.Paths, want) {
			t.Errorf("%+v is not among %v", want, own.Paths)
		}
	}
	_, err := Load(t.Context(), []string{writePack(t, "pack.yaml", "pack: acme\nversion: \"1\"\ntitle: Acme\ndocs: https://acme.example/docs\nhosts: [{host: api.acme.example}]\nmask: {paths: [\"/k/secret\"]}\n")})
	if err == nil || !strings.Contains(err.Error(), "{secret}") {
		t.Errorf("a place without {secret} is taken: %v", err)
	}
}
