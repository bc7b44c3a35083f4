package queries

import "time"

// Baseline is a stored span to compare failures with.
type Baseline struct {
	Name     string    `sql:"name"`
	SavedAt  time.Time `sql:"saved_at"`
	Since    time.Time `sql:"since"` // zero is open, as the next
	Until    time.Time `sql:"until"`
	Codes    int64     `sql:"codes"`
	Failures int64     `sql:"failures"`
	Requests int64     `sql:"requests"`
}
