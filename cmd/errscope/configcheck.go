package main

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/errscope/errscope/classify"
)

// checkYAML refuses what makes a small file large: nesting that eats the parser's
// stack, and names for parts that are repeated, which grow by powers. The
// configuration is looked for in the current folder, which may be anybody's.
func checkYAML(text []byte) error {
	if line, deep := classify.NestedTooDeep(text); deep {
		return fmt.Errorf("line %d: nested too deep", line)
	}
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil // who reads it in earnest says it better
	}
	var names aliasFinder
	for _, d := range f.Docs {
		if d.Body != nil {
			ast.Walk(&names, d.Body)
		}
	}
	if names.line > 0 {
		return fmt.Errorf("line %d: a YAML anchor or alias, which the configuration may not have", names.line)
	}
	return nil
}

// aliasFinder notes the first line with an anchor or alias.
type aliasFinder struct{ line int }

// Visit implements ast.Visitor.
func (a *aliasFinder) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if a.line == 0 {
			a.line = max(n.GetToken().Position.Line, 1)
		}
	}
	if a.line > 0 {
		return nil
	}
	return a
}
