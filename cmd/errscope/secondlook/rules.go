package secondlook

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
)

// Rules are tried only near their keywords, so small windows cost a fraction of
// large ones. What they look for must fit into an overlap.
const (
	nearBytes        = 4 << 10
	nearOverlapBytes = 1 << 10
	wideBytes        = 64 << 10
	wideOverlapBytes = 16 << 10
)

// wideRules look for what may take more than the small overlap: blocks of lines
// and tokens that hold whole documents.
func wideRules() []string {
	return []string{"private-key", "jwt", "jwt-base64", "kubernetes-secret-yaml", "curl-auth-header", "curl-auth-user"}
}

// leftOutRules are not asked. generic-api-key takes any mixed text after words
// such as key, token or auth for a credential. That a name makes a value a secret
// is what our own masking does, better, since it knows the vendors' names. Here
// it takes nine tenths of the time, and would hold back request ids and hashes
// in the messages of vendors ("token 5f1c… has expired").
func leftOutRules() []string { return []string{"generic-api-key"} }

// rules are some of gitleaks' rules, ready to look.
type rules struct{ detector *detect.Detector }

// hit is a place in a window.
type hit struct {
	rule   string
	offset int
}

// ruleSets are all rules that are asked.
type ruleSets struct{ near, wide *rules }

// compiledRules makes the rules ready, once and only when somebody looks.
var compiledRules = sync.OnceValues(compileRules)

func compileRules() (ruleSets, error) {
	v := viper.New()
	v.SetConfigType("toml")
	if err := v.ReadConfig(strings.NewReader(config.DefaultConfig)); err != nil {
		return ruleSets{}, err
	}
	var raw config.ViperConfig
	if err := v.Unmarshal(&raw); err != nil {
		return ruleSets{}, err
	}
	all, err := raw.Translate()
	if err != nil {
		return ruleSets{}, err
	}
	wide := wideRules()
	return ruleSets{
		near: chosen(all, func(id string) bool { return !slices.Contains(wide, id) && !slices.Contains(leftOutRules(), id) }),
		wide: chosen(all, func(id string) bool { return slices.Contains(wide, id) }),
	}, nil
}

// chosen makes a detector of the rules that keep says yes to.
func chosen(all config.Config, keep func(id string) bool) *rules {
	some := all
	some.Rules, some.Keywords = map[string]config.Rule{}, map[string]struct{}{}
	for id, r := range all.Rules {
		if !keep(id) {
			continue
		}
		some.Rules[id] = r
		for _, k := range r.Keywords {
			some.Keywords[strings.ToLower(k)] = struct{}{}
		}
	}
	some.OrderedRules = slices.Sorted(maps.Keys(some.Rules))
	d := detect.NewDetector(some)
	// "gitleaks:allow" in a vendor's message must not switch the look off.
	d.IgnoreGitleaksAllow = true
	return &rules{d}
}

// find gives the hits in a window, in no order.
func (r *rules) find(window []byte) []hit {
	if len(window) == 0 {
		return nil
	}
	var hits []hit
	for _, f := range r.detector.DetectString(string(window)) {
		hits = append(hits, hit{f.RuleID, offsetOf(window, f.StartLine, f.StartColumn)})
	}
	return hits
}

// offsetOf undoes how gitleaks counts: lines from 0, columns from 1 in the
// first line and from 2 in the others.
func offsetOf(window []byte, line, column int) int {
	offset := 0
	for ; line > 0; line-- {
		at := bytes.IndexByte(window[offset:], '\n')
		if at < 0 {
			break
		}
		offset += at + 1
		if line == 1 {
			column--
		}
	}
	return min(max(offset+column-1, 0), len(window))
}
