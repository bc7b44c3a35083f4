package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	// saltBytes is the length of a salt.
	saltBytes = 32
	// saltFileMode keeps the salt to its owner: who has it can try out keys.
	saltFileMode = 0o600
)

// Salt reads the salt beside the database file: path with ".salt". Where there
// is none the error is [fs.ErrNotExist].
func Salt(path string) ([]byte, error) {
	name := path + ".salt"
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading the salt: %w", err)
	}
	salt, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(salt) != saltBytes {
		return nil, fmt.Errorf("reading the salt: %s does not hold %d bytes in hex", name, saltBytes)
	}
	return salt, nil
}

// LoadOrCreateSalt is [Salt], but makes one where there is none. Of several
// processes that do so at once all get the same.
func LoadOrCreateSalt(path string) ([]byte, error) {
	salt, err := Salt(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return salt, err
	}
	if err := createSalt(path + ".salt"); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("making the salt: %w", err)
	}
	return Salt(path)
}

// createSalt writes the file aside and links it into place, so that nobody
// ever reads half a salt and none is overwritten.
func createSalt(name string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".errscope-salt-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails, by its contract
	_, err = f.WriteString(hex.EncodeToString(salt) + "\n")
	err = errors.Join(err, f.Chmod(saltFileMode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Link(f.Name(), name)
}
