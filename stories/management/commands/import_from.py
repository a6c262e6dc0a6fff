from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.models import ImportLine, ImportRun
from stories.moving.mapping import NameMapping, read_mapping, suggested_mapping
from stories.moving.moved_content import Choices
from stories.moving.moving_in import MovingIn
from stories.moving.plan import Plan, plan_for
from stories.moving.sources import KINDS, source_of
from stories_project.publication.current import in_its_language, in_its_zone
from stories_project.text.front_matter import BadFile


class Command(BaseCommand):
    help = "Import the stories of another site: see docs/moving.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the source and the options."""
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("path", type=Path, help="the exported file, ZIP archive or folder")
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would happen, and change nothing"
        )
        parser.add_argument(
            "--suggest-mapping",
            type=Path,
            metavar="FILE",
            help="write what authors and tags would become to FILE, for you to change, and end",
        )
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="what names become")
        parser.add_argument("--site", default="", help="the URL of the other site")
        parser.add_argument(
            "--permalink",
            default="",
            metavar="PATTERN",
            help="how the other site forms its addresses, such as /:year/:month/:title/",
        )
        parser.add_argument(
            "--publish-all",
            action="store_true",
            help="publish what was public, even what the checklist of this site would refuse",
        )
        parser.add_argument(
            "--approve-founders", action="store_true", help="approve new and pending founders"
        )
        parser.add_argument(
            "--fetch", action="store_true", help="fetch pictures that are not among the files"
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="replace stories that were changed here since"
        )

    @in_its_zone()
    @in_its_language()
    def handle(self, *, kind: str, path: Path, **options: Any) -> None:
        """Import, and print one line about each entry; exit with status 1 if one has failed."""
        try:
            source = source_of(kind, path, options["site"])
            plan = plan_for(source, options["permalink"])
            if options["suggest_mapping"]:
                self._suggest(plan, options["suggest_mapping"])
                return
            choices = _choices(options)
            run = (
                None
                if options["dry_run"]
                else ImportRun.objects.create(
                    kind=kind,
                    file_name=path.name[:200],
                    total=plan.entries,
                    state=ImportRun.State.IMPORTING,
                )
            )
            failed = self._import(MovingIn(source, plan, choices, run, options["dry_run"]))
        except BadFile as error:
            raise CommandError(error.with_line) from error
        if failed:
            raise SystemExit(1)

    def _suggest(self, plan: Plan, path: Path) -> None:
        if path.exists():
            raise CommandError(f"{path} is there already; nothing is overwritten.")
        path.write_text(suggested_mapping(plan), encoding="utf-8")
        self.stdout.write(
            f"{path}: {len(plan.authors)} authors, {len(plan.tags)} tags. Change it, and import "
            f"with --mapping {path}."
        )

    def _import(self, moving: MovingIn) -> int:
        """Import, print the report, and return how many entries have failed."""
        counts = dict.fromkeys(ImportLine.Result.values, 0)
        try:
            with tqdm(
                moving.lines(),
                total=moving.plan.entries,
                unit="entry",
                disable=None,
                file=self.stderr,
            ) as progress:
                for line in progress:
                    counts[line.result] += 1
                    with progress.external_write_mode(file=self.stderr):
                        self._report(line)
        except KeyboardInterrupt as stopped:
            self._summarise(counts, moving)
            self.stderr.write("Stopped. What is above is imported; import again to go on.")
            raise SystemExit(130) from stopped
        if moving.run:
            moving.run.go_to(ImportRun.State.DONE)
        self._summarise(counts, moving)
        return counts[ImportLine.Result.FAILED]

    def _report(self, line: ImportLine) -> None:
        self.stdout.write(f"{line.result:<9}  {line.name}  {line.detail}")
        for loss in line.losses:
            self.stdout.write(f"           - {loss}")

    def _summarise(self, counts: dict[str, int], moving: MovingIn) -> None:
        summary = ", ".join(f"{count} {result}" for result, count in counts.items())
        if moving.dry_run:
            self.stdout.write(f"{summary} (dry run: nothing was changed)")
        elif moving.run:
            self.stdout.write(f"{summary}. To undo: manage.py undo_import {moving.run.pk}")


def _choices(options: dict[str, Any]) -> Choices:
    mapping = NameMapping()
    if options["mapping"]:
        try:
            mapping = read_mapping(options["mapping"].read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['mapping']} cannot be read.") from error
    return Choices(
        mapping=mapping,
        publishes_all=options["publish_all"],
        fetches=options["fetch"],
        approves_founders=options["approve_founders"],
        overwrites=options["overwrite"],
        site_url=options["site"].rstrip("/"),
    )
