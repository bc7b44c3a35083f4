package classify_test

import (
	"testing"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/record"
)

// TestAdviceHidesNothing: what a pack says itself passes every exit as it is. What
// looks like a credential there would be masked, or refused.
func TestAdviceHidesNothing(t *testing.T) {
	set, err := classify.Load(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	policy := record.NewPolicy(record.DefaultRules().Join(set.MaskRules()), []byte("salt"))
	for _, p := range set.Packs() {
		for _, r := range p.Rules() {
			for _, text := range []string{r.Action, r.Note, r.Quote} {
				if got := string(policy.Text(nil, []byte(text))); got != text {
					t.Errorf("%s says %q, which becomes %q", r.Rule, text, got)
				}
				for _, found := range policy.Scan([]byte(text)) {
					t.Errorf("%s says %q, which is refused by its %v", r.Rule, text, found.Rule)
				}
			}
		}
	}
}
