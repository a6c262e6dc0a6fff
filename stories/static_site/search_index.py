"""The index of the search in the browser, made by Pagefind in many small files.

The package `pagefind-bin` brings its program. A browser loads only the parts of the index that a
search needs. https://pagefind.app/docs/
"""

import filecmp
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = "pagefind"
# What the module loads; the finished user interfaces of Pagefind are left out.
NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "*.pf_meta", "wasm.*")
LONGEST = 3600


class NoIndex(Exception):
    """Pagefind is not installed, or has failed: the reason for the operator."""


def build_index(directory: Path) -> int:
    """Index the pages of the stories; return how many files of the index are others than before.

    Raises NoIndex with a sentence.
    """
    package = find_spec("pagefind_bin")
    if package is None or package.origin is None:
        raise NoIndex("The search needs the package pagefind-bin: make install")
    program = Path(package.origin).with_name("pagefind")
    with TemporaryDirectory(dir=directory.parent) as folder:
        new = Path(folder) / FOLDER
        pages = ["--site", str(directory), "--glob", "stories/*/index.html", "--silent"]
        command = [str(program), *pages, "--output-path", str(new)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603
        if run.returncode:
            raise NoIndex(f"Pagefind: {run.stderr.strip()[-300:] or run.stdout.strip()[-300:]}")
        return _replace(directory / FOLDER, new)


def _replace(old: Path, new: Path) -> int:
    """Bring a folder to the content of another one: new files first, the entry to them last."""
    wanted = {path for pattern in NEEDED for path in new.glob(pattern)}
    wanted |= {path for folder in ("index", "fragment") for path in (new / folder).glob("*")}
    changed = 0
    for path in sorted(wanted, key=lambda path: path.name == "pagefind-entry.json"):
        target = old / path.relative_to(new)
        if not target.exists() or not filecmp.cmp(path, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
            changed += 1
    kept = {old / path.relative_to(new) for path in wanted}
    for path in old.rglob("*") if old.exists() else ():
        if path.is_file() and path not in kept:
            path.unlink()
            changed += 1
    return changed
