package classify

import _ "embed"

//go:generate go run ./schemagen packfile.go pack.schema.json ../docs/pack.schema.json

//go:embed pack.schema.json
var packSchema string

// SchemaURL is where editors fetch the schema of pack.yaml.
const SchemaURL = "https://raw.githubusercontent.com/errscope/errscope/main/docs/pack.schema.json"

// Schema is the JSON Schema of pack.yaml (draft 2020-12), made from the structs
// that the loader fills. It holds form and closed sets; what needs the whole
// pack, such as doubled rules and samples, is for [Check].
func Schema() string { return packSchema }
