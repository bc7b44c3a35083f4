package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/record"
)

// rules is what the packs and the user's bindings amount to: who speaks which
// API, what is secret, and how an exchange is judged.
type rules struct {
	set      *classify.Set
	bindings *record.Bindings
	secrets  record.Rules
}

// loadRules reads the packs, ours and the user's, and joins them with --bind.
func (a *app) loadRules(ctx context.Context) (*rules, error) {
	set, err := classify.Load(ctx, a.settings.packs)
	if err != nil {
		return nil, failedError(err, "errscope packs check DIR shows every fault of a pack")
	}
	hosts, callbacks := set.HostBindings(), set.CallbackBindings()
	known := map[string]bool{}
	for _, p := range set.Packs() {
		known[p.Name()] = true
	}
	for _, b := range a.settings.binds {
		what, pack, ok := strings.Cut(b, "=")
		if !ok || what == "" || pack == "" {
			return nil, usageError(fmt.Errorf("--bind %s is not HOST=PACK or /PATH=PACK", b), "")
		}
		if !known[pack] {
			return nil, usageError(fmt.Errorf("--bind %s: no pack is named %s", b, pack), "errscope packs list")
		}
		if strings.HasPrefix(what, "/") {
			callbacks = append(callbacks, record.CallbackBinding{Path: what, Pack: pack})
			continue
		}
		hosts = append(hosts, hostBinding(what, pack))
	}
	return &rules{set: set, bindings: record.NewBindings(hosts, callbacks), secrets: record.DefaultRules().Join(set.MaskRules())}, nil
}

// hostBinding reads HOST or HOST/PATH-PREFIX.
func hostBinding(what, pack string) record.HostBinding {
	host, prefix, ok := strings.Cut(what, "/")
	b := record.HostBinding{Host: strings.ToLower(host), Pack: pack}
	if ok {
		b.PathPrefix = "/" + prefix
	}
	return b
}
