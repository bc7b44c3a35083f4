package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/errscope/errscope/tui"
)

const (
	// stateBytesMax bounds the file in which the screens remember things.
	stateBytesMax = 8 << 20
	// subjectsMax is of how many databases something is remembered.
	subjectsMax = 50
	// stateMode keeps the file to its owner: queries and baskets name accounts.
	stateMode = 0o600
)

// screenState is the file in which the screens remember things: of each
// database its range, filters and basket, and of the user the queries.
type screenState struct {
	path string // "" where there is no place for it
	key  string // of what is looked at, "" is remembered by nobody
}

// stateFile is the layout of the file.
type stateFile struct {
	Version  int                  `json:"version"`
	Order    []string             `json:"order"` // of the subjects, the one used last at the end
	Subjects map[string]tui.State `json:"subjects"`
	History  []string             `json:"history"`
	Saved    []tui.SavedQuery     `json:"saved"`
	Theme    string               `json:"theme,omitempty"`
	Glyphs   string               `json:"glyphs,omitempty"`
}

// stateVersion is the layout that this program writes; a file of another one is
// left alone.
const stateVersion = 1

// screenStateOf finds the file ($XDG_STATE_HOME/errscope/screens.json) for a
// database, or for a temporary one where database is "".
func (a *app) screenStateOf(database string) screenState {
	home, _ := a.terminal.env("XDG_STATE_HOME")
	if home == "" {
		user, _ := a.terminal.env("HOME")
		if user == "" {
			return screenState{}
		}
		home = filepath.Join(user, ".local", "state")
	}
	s := screenState{path: filepath.Join(home, "errscope", "screens.json")}
	if database != "" {
		if full, err := filepath.Abs(database); err == nil {
			s.key = full
		}
	}
	return s
}

func (s screenState) read() (f stateFile, err error) {
	f = stateFile{Version: stateVersion, Subjects: map[string]tui.State{}}
	if s.path == "" {
		return f, errors.New("there is no home folder")
	}
	raw, err := readFileLimited(s.path, stateBytesMax)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	var stored stateFile
	if err := json.Unmarshal(raw, &stored); err != nil {
		return f, fmt.Errorf("reading %s: %w", s.path, err)
	}
	if stored.Version != stateVersion {
		return f, fmt.Errorf("%s was written by another version", s.path)
	}
	if stored.Subjects == nil {
		stored.Subjects = map[string]tui.State{}
	}
	return stored, nil
}

// load gives what is remembered; a file that cannot be read is as none, and
// keep says so when it comes to that.
func (s screenState) load() tui.State {
	f, err := s.read()
	if err != nil {
		return tui.State{}
	}
	state := f.Subjects[s.key]
	state.History, state.Saved, state.Theme, state.Glyphs = f.History, f.Saved, f.Theme, f.Glyphs
	return state
}

// keep writes the state beside what else the file holds, whole or not at all.
func (s screenState) keep(state tui.State) error {
	f, err := s.read()
	if err != nil {
		return err
	}
	f.History, f.Saved, f.Theme, f.Glyphs = state.History, state.Saved, state.Theme, state.Glyphs
	if s.key != "" {
		state.History, state.Saved, state.Theme, state.Glyphs = nil, nil, "", ""
		f.Subjects[s.key] = state
		f.Order = append(slices.DeleteFunc(f.Order, func(k string) bool { return k == s.key }), s.key)
		for len(f.Order) > subjectsMax {
			delete(f.Subjects, f.Order[0])
			f.Order = f.Order[1:]
		}
	}
	raw, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	return toFile(s.path, stateMode, func(w io.Writer) error {
		_, err := w.Write(append(raw, '\n'))
		return err
	})
}
