package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// Watcher tells of files that come, go or get another name, so that a file is
// opened before it is rotated away again. Where the system tells nothing, as on
// network folders, whoever follows has to look now and then all the same.
type Watcher struct {
	notify  *fsnotify.Watcher // nil where there is no such service
	watched map[string]bool
	wake    chan struct{}
}

// watchedMax bounds the folders that are watched: the system has few to give.
const watchedMax = 1000

// NewWatcher starts a watcher; the caller closes it.
func NewWatcher() *Watcher {
	w := &Watcher{watched: map[string]bool{}, wake: make(chan struct{}, 1)}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return w // looking now and then is enough
	}
	w.notify = notify
	go w.run(notify)
	return w
}

func (w *Watcher) run(notify *fsnotify.Watcher) {
	for {
		select {
		case e, ok := <-notify.Events:
			if !ok {
				return
			}
			// What is written is looked at once a second anyway, and our own
			// database may lie beside the logs.
			if e.Op&(fsnotify.Create|fsnotify.Rename|fsnotify.Remove) == 0 || strings.Contains(filepath.Base(e.Name), ".duckdb") {
				continue
			}
		case _, ok := <-notify.Errors: // some were lost: look
			if !ok {
				return
			}
		}
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// Wake receives when something happened to names.
func (w *Watcher) Wake() <-chan struct{} { return w.wake }

// Watch also watches the folder of a file, or a folder, and what it links to.
func (w *Watcher) Watch(path string) {
	if w.notify == nil || path == "-" {
		return
	}
	w.add(filepath.Dir(path))
	if real, err := filepath.EvalSymlinks(path); err == nil {
		w.add(filepath.Dir(real))
		if info, err := os.Stat(real); err == nil && info.IsDir() {
			w.add(real)
		}
	}
}

func (w *Watcher) add(dir string) {
	if w.watched[dir] || len(w.watched) >= watchedMax {
		return
	}
	if w.notify.Add(dir) == nil {
		w.watched[dir] = true
	}
	// A folder that was removed and made again is watched anew.
	for known := range w.watched {
		if !slices.Contains(w.notify.WatchList(), known) {
			delete(w.watched, known)
		}
	}
}

// Close ends the watcher.
func (w *Watcher) Close() error {
	if w.notify == nil {
		return nil
	}
	return w.notify.Close()
}
