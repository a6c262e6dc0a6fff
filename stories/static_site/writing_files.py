"""Renders pages and writes them as files, in this process or in others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from stories.static_site.addresses import NOT_FOUND
from stories.static_site.asking import Answer, ask
from stories.static_site.manifest import Asset, Page
from stories.static_site.places import file_of, place_of, place_of_address
from stories.static_site.rewriting import Rewriter

# What style sheets and ES modules load.
LOADED = re.compile(
    r"""url\(["']?(?P<url>[^)"']+)|(?:from|import)\s*\(?\s*["'](?P<module>\.[^"']+)"""
)


@dataclass(frozen=True)
class Target:
    """Where and how pages are written; see `Rewriter`."""

    directory: Path
    shares: bool
    shared: str


@dataclass(frozen=True)
class Built:
    """A page as it is built; `is_written` says that its file is another one than before."""

    page: Page
    is_written: bool


def build_pages(batch: list[tuple[str, str]], target: Target) -> tuple[list[Built], list[str]]:
    """Render pages and write those that differ. `batch` has (address, hash of the file).

    Returns what was built, and the addresses at which there is nothing any more.
    """
    built, missing = [], []
    for address, digest in batch:
        answer = ask(address)
        if answer.status != (404 if address == NOT_FOUND else 200):
            missing.append(address)
            continue
        built.append(_build(address, digest, answer, target))
    return built, missing


def _build(address: str, digest: str, answer: Answer, target: Target) -> Built:
    content, assets = rewritten(answer, address.partition("?")[0], target)
    file = file_of(place_of_address(address))
    new = blake2b(content, digest_size=16).hexdigest()
    is_written = new != digest or not (target.directory / file).exists()
    if is_written:
        write(target.directory / file, content)
    keys = " ".join(sorted(answer.keys))
    page = Page(address, file, new, keys, answer.ends_at, " ".join(sorted(assets)))
    return Built(page, is_written)


def rewritten(answer: Answer, path: str, target: Target) -> tuple[bytes, set[str]]:
    """Return the content of the file for an answer, and the paths of what the page shows."""
    rewriter = Rewriter(target.shares, target.shared)
    if answer.kind == "text/html":
        return rewriter.page(answer.text, path).encode(), rewriter.assets
    return rewriter.other(answer.text).encode(), rewriter.assets


def write_assets(paths: list[str], target: Target) -> list[Asset]:
    """Write pictures, style sheets and the like; one that does not exist is left out."""
    written = []
    for path in paths:
        content = _static(path) if path.startswith("/static/") else _answered(path)
        if content is not None:
            file = file_of(place_of(path))
            write(target.directory / file, content)
            written.append(Asset(path, file, " ".join(_loaded(path, content))))
    return written


def _answered(path: str) -> bytes | None:
    answer = ask(path)
    if answer.status in (301, 302):
        return _answered(urlsplit(answer.headers["Location"]).path)
    return answer.body if answer.status == 200 else None


def _static(path: str) -> bytes | None:
    """Return a static file: one that was collected, or that of the checkout."""
    name = unquote(path.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    found = finders.find(name)
    return Path(found).read_bytes() if found else None


def _loaded(path: str, content: bytes) -> Iterator[str]:
    if not path.endswith((".css", ".js")):
        return
    for match in LOADED.finditer(content.decode()):
        url = (match["url"] or match["module"]).partition("#")[0]
        if url and not url.startswith(("data:", "http:", "https:")):
            yield _joined(path, url)


def _joined(path: str, url: str) -> str:
    """Return the path that a URL means in a file at another path."""
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / url.partition("?")[0]).parts:
        if part == "..":
            parts.pop()
        elif part != "/":
            parts.append(part)
    return "/" + "/".join(parts)


def write_if_other(path: Path, content: bytes) -> bool:
    """Write a file unless it has this content already; return whether it was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    write(path, content)
    return True


def write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    unfinished = path.with_name(f".{path.name[:80]}.unfinished")
    try:
        unfinished.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
    unfinished.replace(path)
