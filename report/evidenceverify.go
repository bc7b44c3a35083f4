package report

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

const (
	// These bound what is read of a file that somebody hands over.
	manifestBytesMax = 16 << 20
	bundleBytesMax   = 4 << 30
	bundleFilesMax   = 10000
)

// VerifyBundle holds a bundle against its manifest and gives the differences,
// none for a sound one, and the number of its files. What cannot be read as a
// bundle at all is a difference as well; an error is trouble in reading.
func VerifyBundle(r io.ReaderAt, bytesTotal int64) (differences []string, files int, err error) {
	z, err := zip.NewReader(r, bytesTotal)
	if err != nil {
		return []string{"it is no zip file: " + err.Error()}, 0, nil
	}
	if len(z.File) > bundleFilesMax {
		return []string{fmt.Sprintf("it has %d files, more than any bundle", len(z.File))}, 0, nil
	}
	held := map[string]*zip.File{}
	for _, f := range z.File {
		if held[f.Name] != nil {
			differences = append(differences, visible(f.Name)+": is there twice")
		}
		held[f.Name] = f
	}
	listed, fault := readManifest(held[manifestName])
	if fault != "" {
		return append(differences, manifestName+": "+fault), len(z.File), nil
	}
	delete(held, manifestName)
	room := int64(bundleBytesMax)
	for _, f := range listed.Files {
		if room -= max(0, f.Bytes); room < 0 {
			return append(differences, fmt.Sprintf("its files have more than %d bytes", int64(bundleBytesMax))), len(z.File), nil
		}
		if d := f.difference(held[f.Path]); d != "" {
			differences = append(differences, visible(f.Path)+": "+d)
		}
		delete(held, f.Path)
	}
	for name := range held {
		differences = append(differences, visible(name)+": is not in the manifest")
	}
	slices.Sort(differences)
	return differences, len(listed.Files) + 1, nil
}

func readManifest(f *zip.File) (m manifest, fault string) {
	if f == nil {
		return m, "is missing"
	}
	data, fault := readLimited(f, manifestBytesMax)
	if fault != "" {
		return m, fault
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, "is no JSON: " + err.Error()
	}
	if m.Schema != ManifestSchema {
		return m, "is of another layout: " + visible(m.Schema)
	}
	return m, ""
}

func (m manifestFile) difference(f *zip.File) string {
	if f == nil {
		return "is missing"
	}
	if m.Bytes < 0 || f.UncompressedSize64 != uint64(m.Bytes) {
		return fmt.Sprintf("has %d bytes, the manifest says %d", f.UncompressedSize64, m.Bytes)
	}
	r, err := f.Open()
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	defer r.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, io.LimitReader(r, m.Bytes+1))
	switch {
	case err != nil:
		return "cannot be read: " + err.Error()
	case n != m.Bytes:
		return fmt.Sprintf("has %d bytes or more, the manifest says %d", n, m.Bytes)
	case hex.EncodeToString(hash.Sum(nil)) != m.SHA256:
		return "its SHA-256 is not that of the manifest"
	}
	return ""
}

func readLimited(f *zip.File, most int64) (data []byte, fault string) {
	r, err := f.Open()
	if err != nil {
		return nil, "cannot be read: " + err.Error()
	}
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, "cannot be read: " + err.Error()
	case int64(len(data)) > most:
		return nil, "is too large"
	}
	return data, ""
}
