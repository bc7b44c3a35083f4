// Package classify says what an API failure means: which vendor and error code,
// whose fault it is, whether and how the call may be retried, and what the
// response said about a quota.
//
// Start with [Load], which compiles the packs, then [NewEngine] and
// [Engine.NewLabeler]; [Labeler.Label] turns one record into one label. [Check]
// proves packs with their own samples, using the same loader and engine.
//
// The promise: a vendor's habit is data in a pack and never Go, every label
// names the rule that gave it, and what the evidence does not settle is called
// ambiguous or unknown, not guessed.
package classify
