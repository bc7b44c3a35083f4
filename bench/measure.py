"""Running programs and measuring them: for the scripts beside this file."""
import os, shutil, statistics, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def size_bytes(text):
    """Bytes of "64MiB", "1GiB" or a plain number."""
    for unit, factor in UNITS.items():
        if text.endswith(unit):
            return int(float(text[: -len(unit)]) * factor)
    return int(text)


class Run:
    """What one run of a program cost, and what it wrote to standard output."""

    def __init__(self, wall_s, cpu_s, peak_mb, out):
        self.wall_s, self.cpu_s, self.peak_mb, self.out = wall_s, cpu_s, peak_mb, out


def run(command, out_path, stdin_path=None, cwd=None, env=None):
    """Runs a program and waits. Its standard output goes through a file, so that
    reading it costs the measurement nothing."""
    with open(out_path, "wb") as out, open(stdin_path or os.devnull, "rb") as stdin:
        start = time.monotonic()
        p = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=subprocess.PIPE, cwd=cwd, env=env)
        err = p.stderr.read()
        _, status, usage = os.wait4(p.pid, 0)
        wall_s = time.monotonic() - start
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {p.returncode}\n{err.decode(errors='replace')[-2000:]}")
    with open(out_path, encoding="utf-8", errors="replace") as f:
        return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, f.read())


def median(runs, what):
    return statistics.median(getattr(r, what) for r in runs)


def need(command, package):
    """Installs a Debian package for a command that is missing."""
    if shutil.which(command):
        return
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=env, stdout=subprocess.DEVNULL)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], check=True, env=env, stdout=subprocess.DEVNULL)
    if not shutil.which(command):
        sys.exit(f"{command} could not be installed")


def build(package, to):
    subprocess.run(["go", "build", "-o", to, package], check=True, cwd=ROOT)
    return to


def table(head, rows):
    """A Markdown table; all columns but the first are aligned to the right."""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join(["---"] + ["---:"] * (len(head) - 1)) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, r)) + " |" for r in rows])


def machine():
    """One line about where the figures come from."""
    cpu = "unknown processor"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            cpu = next((l.split(":", 1)[1].strip() for l in f if l.startswith("model name")), cpu)
    except OSError:
        pass
    return f"{os.cpu_count()} × {cpu}, {time.strftime('%Y-%m-%d')}"
