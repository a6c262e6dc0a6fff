"""The index of the search in the browser, made by Pagefind in many small files.

The package `pagefind-bin` brings its program. A browser loads only the parts of the index that a
search needs. https://pagefind.app/docs/

Pagefind holds all its pages in memory, 0.14 MB for each, and knows no change but a whole new index.
So a large site has several indexes, which the browser searches together: a story is always in the
same one, and only those with a changed story are made again.
"""

import filecmp
import os
import shutil
import subprocess
from collections.abc import Mapping
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

FOLDER = "pagefind"
STORIES_AN_INDEX = 5000
# What the module loads; the finished user interfaces of Pagefind are left out.
NEEDED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "*.pf_meta", "wasm.*")
LONGEST = 3600


class NoIndex(Exception):
    """Pagefind is not installed, or has failed: the reason for the operator."""


def indexes_of(stories: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return {folder of an index: {file: hash of its content} of its stories}, from all of these.

    The number of indexes is a power of two, so that it seldom changes. One without stories is
    left out.
    """
    number = 1
    while number * STORIES_AN_INDEX < len(stories):
        number *= 2
    indexes: dict[str, dict[str, str]] = {}
    for file, digest in stories.items():
        place = crc32(file.encode()) % number
        folder = f"{FOLDER}-{place + 1}" if place else FOLDER
        indexes.setdefault(folder, {})[file] = digest
    return dict(sorted(indexes.items()))


def update_indexes(
    directory: Path, indexes: Mapping[str, Mapping[str, str]], before: Mapping[str, str]
) -> tuple[int, dict[str, str]]:
    """Bring the indexes in a site to their stories, and delete those that are no more.

    `before` has the hashes of the indexes, {folder: hash}, as they were returned last time. Returns
    how many files are others than before, and the hashes now. Raises NoIndex with a sentence.
    """
    changed = 0
    now = {folder: _hash(files) for folder, files in indexes.items()}
    for folder, files in indexes.items():
        if before.get(folder) != now[folder] or not (directory / folder).exists():
            changed += _build(directory, directory / folder, files)
    for folder in before.keys() - now.keys():
        shutil.rmtree(directory / folder, ignore_errors=True)
    return changed, now


def _hash(files: Mapping[str, str]) -> str:
    return blake2b(repr(sorted(files.items())).encode(), digest_size=16).hexdigest()


def _build(directory: Path, folder: Path, files: Mapping[str, str]) -> int:
    """Index some files; return how many files of the index are others than before."""
    with TemporaryDirectory(dir=directory.parent) as work:
        site, new = Path(work) / "site", Path(work) / FOLDER
        for file in files:
            _link(directory / file, site / file)
        _run(["--site", str(site), "--glob", "**/*.html", "--silent", "--output-path", str(new)])
        return _replace(folder, new)


def _link(file: Path, here: Path) -> None:
    here.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, here)
    except OSError:  # The site is on another file system, or on one without links.
        shutil.copyfile(file, here)


def _run(options: list[str]) -> None:
    package = find_spec("pagefind_bin")
    if package is None or package.origin is None:
        raise NoIndex("The search needs the package pagefind-bin: make install")
    command = [str(Path(package.origin).with_name("pagefind")), *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603
    if run.returncode:
        raise NoIndex(f"Pagefind: {run.stderr.strip()[-300:] or run.stdout.strip()[-300:]}")


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
