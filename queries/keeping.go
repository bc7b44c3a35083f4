package queries

import "time"

// Difference is one place where the database is not as it should be.
type Difference struct {
	Place string `sql:"place" json:"place"`
	Want  string `sql:"want" json:"want"`
	Have  string `sql:"have" json:"have"`
}

// SchemaPart is a table, a column, a view or a function of the schema.
type SchemaPart struct {
	Kind   string `sql:"kind"`
	Name   string `sql:"name"`
	Detail string `sql:"detail"` // the type of a column, the text of a view or function
}

// TableName names a table.
type TableName struct {
	Name string `sql:"name"`
}

// RowCount is a number of rows.
type RowCount struct {
	Rows int64 `sql:"rows"`
}

// Engine says which DuckDB runs, and the oldest one that can read the file.
type Engine struct {
	Version string `sql:"engine"`
	Storage string `sql:"storage"`
}

// Span is from when to when the stored exchanges are; zero where none has a time.
type Span struct {
	FirstTS time.Time `sql:"first_ts"`
	LastTS  time.Time `sql:"last_ts"`
}
