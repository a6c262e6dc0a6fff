import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories_project import env
from stories_project.audit.backups import record_backup
from stories_project.backup.archive import BadArchive, Reader
from stories_project.backup.backing_up import back_up, differences


def read(archive: Reader) -> None:
    """Verify an archive with a progress bar."""
    size = archive.size
    with tqdm(total=size, desc="Reading", unit="B", unit_scale=True, disable=None) as progress:
        for count in archive.verify():
            progress.update(count)


class Command(BaseCommand):
    help = "Write everything that the site holds to one file, while it serves."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "file", type=Path, help="the file to write; if this was interrupted, it goes on"
        )
        parser.add_argument(
            "--verify",
            action="store_true",
            help="read a backup instead, restore it into a scratch place, and compare",
        )

    def handle(self, *, file: Path, verify: bool, **options: Any) -> None:
        """Write the backup with a progress bar, or verify one."""
        try:
            if verify:
                self._verify(file)
                return
            done = 0
            with tqdm(desc="Rows and files", unit="", unit_scale=True, disable=None) as progress:
                for count in back_up(file):
                    done += count
                    progress.update(count)
        except (BadArchive, OSError) as error:
            raise CommandError(str(error)) from error
        record_backup()
        size = file.stat().st_size / 1e6
        self.stdout.write(f"Written: {file} ({done:,} rows and files, {size:,.1f} MB).")

    def _verify(self, file: Path) -> None:
        archive = Reader(file)
        read(archive)
        with TemporaryDirectory() as folder:
            self._manage(folder, "migrate", "--verbosity", "0")
            self._manage(folder, "restore", str(file.absolute()), "--replace")
            again = Path(folder) / "again.zip"
            self._manage(folder, "backup", str(again))
            if different := differences(archive, Reader(again)):
                raise BadArchive(f"Restored, these differ: {', '.join(different)}.")
        self.stdout.write(f"{file} is whole: restored into a scratch place, all is the same.")

    def _manage(self, folder: str, *arguments: str) -> None:
        """Run a command on a site of its own, with SQLite in a folder."""
        scratch = env.changed(DATA_DIR=folder, DATABASE_URL="", CACHE_URL="", CDN_URL="")
        command = [sys.executable, str(env.BASE_DIR / "manage.py"), *arguments]
        run = subprocess.run(command, env=scratch, capture_output=True, text=True, check=False)  # noqa: S603
        if run.returncode:
            raise BadArchive((run.stderr.strip().splitlines() or ["It failed."])[-1])
