from collections.abc import Iterator
from functools import lru_cache
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What decides, beside the files themselves, what is collected from them.
PACKAGES = ("django", "whitenoise", "brotli")
REMEMBERED = 1000


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Static files named by the hash of their content, in the imports of ES modules too."""

    support_js_module_import_aggregation = True

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the URL of a file. A story page asks for fifteen."""
        return self._url_with(self.manifest_hash, name, force)

    @lru_cache(REMEMBERED)  # noqa: B019  # there is one storage in a process
    def _url_with(self, manifest: str, name: str | None, force: bool) -> str:
        """Return the URL according to the present manifest, which has this hash."""
        return super().url(name, force)


def collect() -> None:
    """Collect the static files of this release, unless these very files have been collected.

    Naming and compressing them takes most of the time of a start.
    """
    mark, digest = Path(settings.STATIC_ROOT, ".collected"), _digest()
    if mark.is_file() and mark.read_text() == digest:
        return
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(digest)


def _digest() -> str:
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = sha256(" ".join([storage, *map(version, PACKAGES)]).encode())
    for path in _files():
        with path.open("rb") as file:
            digest.update(f"{path} {file_digest(file, 'sha256').hexdigest()}".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    """Return every file that an app or the project has for the browser."""
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            yield Path(storage.path(name))
