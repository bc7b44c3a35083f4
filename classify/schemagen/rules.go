package main

import "github.com/errscope/errscope/record"

// schemaID is the schema's address; editors fetch it from there.
const schemaID = "https://raw.githubusercontent.com/errscope/errscope/main/docs/pack.schema.json"

// rootRequires: a pack says what it is, or what it is laid over.
var rootRequires = []any{
	object{"required": []string{"extends"}},
	object{"required": []string{"pack", "version", "title"}},
}

// required are the keys that a struct cannot do without.
var required = map[string][]string{
	"hostFile":     {"host"},
	"callbackFile": {"code"},
	"envelopeFile": {"name", "requires"},
	"whenField":    {"field"},
	"waitFile":     {"from"},
	"ruleFile":     {"id", "match"},
	"statusFile":   {"status"},
}

// values are the keys with a closed set or a form of their own.
var values = map[string]func() object{
	"packFile.pack":             slug,
	"ruleFile.id":               slug,
	"labelFile.category":        func() object { return oneOf(record.Categories()) },
	"labelFile.retry":           func() object { return oneOf(record.Retries()) },
	"labelFile.fault":           func() object { return oneOf(record.Faults()) },
	"labelFile.benign":          flag,
	"labelFile.contact_support": flag,
	"ruleFile.between":          flag,
	"statusFile.between":        flag,
	"whenField.exists":          flag,
	"whenField.decides":         flag,
	"matchFile.status":          func() object { return status(100, `^([1-9]xx|[1-9][0-9]{2})$`) },
	"statusFile.status":         func() object { return status(0, `^([1-9]xx|[1-9][0-9]{2}|0|other)$`) },
	"limitFile.kind":            func() object { return oneOf([]string{"rate", "quota", "capacity"}) },
	"limitFile.period":          func() object { return oneOf([]string{"minute", "hour", "day", "month"}) },
	"limitFile.reset_unit":      unit,
	"waitFile.unit":             unit,
	"ledgerFile.every":          func() object { return oneOf([]string{"hour", "day", "week", "month"}) },
}

func slug() object {
	return object{"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"}
}

func oneOf[T any](set []T) object { return object{"enum": set} }

func flag() object { return oneOf([]any{true, false, "true", "false"}) }

func unit() object {
	return oneOf([]string{"s", "ms", "epoch_s", "epoch_ms", "duration", "date", "auto"})
}

// status is a number, or a text such as 5xx.
func status(least int, pattern string) object {
	return object{"anyOf": []any{
		object{"type": "integer", "minimum": least, "maximum": 999},
		object{"type": "string", "pattern": pattern},
	}}
}
