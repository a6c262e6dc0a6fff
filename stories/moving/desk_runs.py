"""Imports that begin at the desk: step by step, so that a request takes seconds only.

A worker does the whole of it, if one runs. Without one, each request does a part.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks import task

from stories.models import ImportLine, ImportRun
from stories.moving.mapping import read_mapping, suggested_mapping
from stories.moving.moved_content import Choices
from stories.moving.moving_in import MovingIn
from stories.moving.plan import plan_for
from stories.moving.sources import source_of
from stories.moving.undoing import undo
from stories_project.background import worker
from stories_project.publication.current import current
from stories_project.text.front_matter import BadFile

State = ImportRun.State
FOLDER = "imports"
# In seconds: what a request does, and what the worker does before it reads the file again.
OF_A_REQUEST, OF_THE_WORKER = 4.0, 120.0
# Longer than a part takes: then whoever was at it has died.
CLAIMED = timedelta(minutes=5)
KEPT = timedelta(days=7)


def begin(kind: str, upload: File, by: Any, **choices: Any) -> ImportRun:
    """Keep an uploaded file, and return a run that is about to look at it."""
    name = (upload.name or "export")[-200:]
    suffix = ".zip" if name.lower().endswith(".zip") else ""
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}{suffix}", upload)
    return ImportRun.objects.create(
        kind=kind, file_name=name, upload=stored, by=by, choices=choices
    )


def start(run: ImportRun, state: str, choices: dict[str, Any] | None = None) -> None:
    """Bring a run to a state in which there is something to do, and begin to do it.

    The report is in the language that is active now, whichever process writes it.
    """
    run.go_to(state, choices={**run.choices, **(choices or {}), "language": get_language()})
    if worker.is_running():
        carry_on_in_background.enqueue(run.pk)
    else:
        carry_on(run, OF_A_REQUEST)


@task()
def carry_on_in_background(key: int) -> None:
    """Do all that is left to do for a run."""
    run = ImportRun.objects.filter(pk=key).first()
    while run and run.is_moving and carry_on(run, OF_THE_WORKER):
        run.refresh_from_db()


def carry_on(run: ImportRun, seconds: float) -> bool:
    """Do a part of what is left to do; return False if another process is at it."""
    if not run.claim(timezone.now() + CLAIMED):
        return False
    try:
        run.refresh_from_db()
        with translation.override(run.choices.get("language") or current().language):
            _carry_on(run, seconds)
    finally:
        run.give_back()
    return True


def _carry_on(run: ImportRun, seconds: float) -> None:
    try:
        if run.state == State.UNDOING:
            _use_up(undo(run, run.by), seconds, lambda: run.go_to(State.UNDONE))
        elif run.is_moving:
            _move(run, seconds)
    except BadFile as error:
        run.go_to(State.REFUSED, failure=str(error))
        forget_upload(run)


def _move(run: ImportRun, seconds: float) -> None:
    choices = choices_of(run)
    is_dry = run.state == State.LOOKING
    with _local_copy(run) as path:
        source = source_of(run.kind, path, choices.site_url, run.file_name)
        plan = plan_for(source, run.choices.get("permalink", ""))
        run.total = plan.entries
        if "mapping" not in run.choices:
            run.choices["mapping"] = suggested_mapping(plan)
        run.save(update_fields=["total", "choices"])

        def finish() -> None:
            run.go_to(State.READY if is_dry else State.DONE)
            if not is_dry:
                forget_upload(run)

        _use_up(MovingIn(source, plan, choices, run, is_dry).lines(), seconds, finish)


def _use_up(lines: Iterator[ImportLine], seconds: float, finish: Any) -> None:
    """Take lines until the time is over; call `finish` after the last."""
    end = monotonic() + seconds
    for _line in lines:
        if monotonic() > end:
            return
    finish()


def choices_of(run: ImportRun) -> Choices:
    """Return the Choices of a run. Raises BadFile for a mapping that cannot be read."""
    chosen = run.choices
    return Choices(
        mapping=read_mapping(chosen.get("mapping", "")),
        publishes_all=chosen.get("publish") == "all",
        fetches=bool(chosen.get("fetch")),
        approves_founders=bool(chosen.get("approve")),
        site_url=chosen.get("site", "").rstrip("/"),
    )


@contextmanager
def _local_copy(run: ImportRun) -> Iterator[Path]:
    """Give the uploaded file as a file of this machine. Raises BadFile if it is gone."""
    if not run.upload or not default_storage.exists(run.upload):
        raise BadFile(_("The uploaded file is not there any more. Upload it again."))
    with ExitStack() as stack:
        try:
            path = default_storage.path(run.upload)
        except NotImplementedError:  # The storage is no folder of this machine.
            file = stack.enter_context(default_storage.open(run.upload))
            copy = stack.enter_context(NamedTemporaryFile())
            copyfileobj(file, copy)
            copy.flush()
            path = copy.name
        yield Path(path)


def forget_upload(run: ImportRun) -> None:
    """Delete the uploaded file."""
    if run.upload:
        default_storage.delete(run.upload)
        run.upload = ""
        run.save(update_fields=["upload"])


def forget_old_uploads() -> int:
    """Delete the files of runs that nobody has finished for a week; return how many."""
    old = ImportRun.objects.exclude(upload="").filter(started_at__lt=timezone.now() - KEPT)
    runs = list(old)
    for run in runs:
        forget_upload(run)
    return len(runs)
