"""The desk pages of an import: upload, report, choices, import, progress and undo."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from stories.models import ImportLine, ImportRun, Story
from stories.moving import desk_runs
from stories_project.audit.models import AuditEntry
from stories_project.background import worker
from stories_project.publication.current import trying
from stories_project.publication.values import Publication
from tests.factories import make_founder, make_user, reload
from tests.stories.moving.foreign_exports import ghost, ghost_post

pytestmark = pytest.mark.django_db
IMPORTS = "/admin/stories/story/imports/"


@pytest.fixture
def editor(client):
    client.force_login(make_user("Editor"))
    return client


@pytest.fixture
def file(tmp_path):
    def file(*posts, name="export.json"):
        path = ghost(tmp_path / "export.json", *(posts or [ghost_post(), ghost_post(2)]))
        return SimpleUploadedFile(name, path.read_bytes())

    return file


@pytest.fixture
def upload(editor, file):
    """Upload an export, and return the address of its import."""

    def upload(*posts, **data):
        data = {"kind": "ghost", "file": file(*posts)} | data
        response = editor.post(IMPORTS, data)
        assert response.status_code == 302, response.content.decode()
        return response["Location"]

    return upload


def choose(editor, page, **data):
    data = {"mapping": ImportRun.objects.get().choices["mapping"], "publish": "complete"} | data
    return editor.post(f"{page}choose/", data, follow=True)


class AnUploadedExport:
    def test_is_only_looked_at_first(self, editor, upload):
        html = editor.get(upload()).content.decode()
        assert "Ready to import" in html
        assert "2 of 2 entries" in html
        assert "It is a draft here. Write at least one key takeaway" in html
        assert not Story.objects.exists()

    def test_is_imported_with_the_choices_and_the_file_is_deleted(self, editor, upload):
        make_founder(name="Ines Duarte", slug="ines")
        page = upload()
        mapping = "founders: [ines]\ntakeaways: excerpt"
        html = choose(editor, page, mapping=mapping, **{"import": "1"}).content.decode()
        assert "Undo this import" in html
        assert Story.objects.published().count() == 2
        run = ImportRun.objects.get()
        assert (run.state, run.upload) == ("done", "")
        assert not default_storage.listdir("imports")[1]
        assert AuditEntry.objects.filter(what="imported stories from export.json").exists()

    def test_can_be_looked_at_again_with_other_choices(self, editor, upload):
        page = upload()
        html = choose(editor, page, publish="all").content.decode()
        assert "It is a draft here" not in html
        assert ImportRun.objects.get().state == "ready"
        assert not Story.objects.exists()

    def test_keeps_the_choices_that_cannot_be_read(self, editor, upload):
        html = choose(editor, upload(), mapping="authors: [x").content.decode()
        assert "Line 1: The mapping is not YAML" in html
        assert "authors: [x" in html

    def test_can_be_undone(self, editor, upload):
        page = upload()
        choose(editor, page, **{"import": "1"})
        assert Story.objects.count() == 2
        html = editor.post(f"{page}undo/", follow=True).content.decode()
        assert "Undone" in html
        assert not Story.objects.exists()
        assert AuditEntry.objects.filter(what="took back the import of export.json").exists()

    def test_that_is_none_is_refused_in_a_sentence(self, editor, upload):
        page = upload(file=SimpleUploadedFile("export.json", b"{}"))
        assert "has no export of Ghost" in editor.get(page).content.decode()
        assert ImportRun.objects.get().state == "refused"

    def test_is_refused_if_it_is_too_large(self, editor, file, monkeypatch):
        monkeypatch.setattr("stories.admin.import_forms.LARGEST_UPLOAD", 100)
        html = editor.post(IMPORTS, {"kind": "ghost", "file": file()}).content.decode()
        assert "import it with manage.py import_from" in html

    def test_is_forgotten_after_a_week(self, upload, capsys):
        upload()
        ImportRun.objects.update(started_at=timezone.now() - desk_runs.KEPT * 2)
        call_command("clean_up")
        assert "Files of unfinished imports: 1." in capsys.readouterr().out
        assert not default_storage.listdir("imports")[1]

    def test_that_is_gone_is_a_sentence(self, editor, upload):
        page = upload()
        default_storage.delete(ImportRun.objects.get().upload)
        html = choose(editor, page, **{"import": "1"}).content.decode()
        assert "The uploaded file is not there any more" in html


class ALargeImport:
    @pytest.fixture
    def slowly(self, monkeypatch):
        """Let each request do one entry."""
        monkeypatch.setattr(desk_runs, "OF_A_REQUEST", -1.0)

    def test_goes_on_with_each_request(self, editor, upload, slowly):
        page = upload()
        html = editor.get(page).content.decode()
        assert 'data-import-progress="drive"' in html
        assert "1 of 2 entries" in html
        editor.post(f"{page}carry-on/")
        assert "2 of 2 entries" in editor.get(page).content.decode()
        editor.post(f"{page}carry-on/")
        assert ImportRun.objects.get().state == "ready"

    def test_is_done_by_one_process_at_a_time(self, editor, upload, slowly):
        page = upload()
        assert ImportRun.objects.get().claim(timezone.now() + desk_runs.CLAIMED)
        editor.post(f"{page}carry-on/")
        assert ImportLine.objects.count() == 1

    def test_is_done_by_the_worker_if_one_runs(self, editor, file, monkeypatch, slowly):
        monkeypatch.setattr(worker, "is_running", lambda: True)
        page = editor.post(IMPORTS, {"kind": "ghost", "file": file()})["Location"]
        assert 'data-import-progress="watch"' in editor.get(page).content.decode()
        assert ImportLine.objects.count() == 0
        desk_runs.carry_on_in_background.func(ImportRun.objects.get().pk)
        assert reload(ImportRun.objects.get()).state == "ready"

    def test_is_reported_in_the_language_of_the_editor_who_began_it(
        self, editor, file, monkeypatch
    ):
        monkeypatch.setattr(worker, "is_running", lambda: True)
        data = {"kind": "ghost", "file": file(ghost_post(type="page"))}
        editor.post(IMPORTS, data, HTTP_ACCEPT_LANGUAGE="de")
        run = ImportRun.objects.get()
        with translation.override("en"):
            desk_runs.carry_on_in_background.func(run.pk)
        assert run.lines.get().detail == "Das ist eine Seite und kein Beitrag."
        assert "# Was hier aus den Autoren" in reload(run).choices["mapping"]

    def test_of_an_older_release_is_reported_in_the_language_of_the_publication(self, upload):
        upload(ghost_post(type="page"))
        run = ImportRun.objects.get()
        run.lines.all().delete()
        run.go_to("looking", choices={"mapping": ""})
        with trying(Publication(language="de")):
            desk_runs.carry_on_in_background.func(run.pk)
        assert run.lines.get().detail == "Das ist eine Seite und kein Beitrag."

    def test_that_is_none_is_refused_in_the_language_of_the_editor(self, editor, file):
        none = SimpleUploadedFile("export.json", b"{}")
        data = {"kind": "ghost", "file": none}
        html = editor.post(IMPORTS, data, HTTP_ACCEPT_LANGUAGE="de", follow=True).content.decode()
        assert "export.json enthält keinen Export von Ghost" in html

    def test_costs_the_same_queries_to_show(self, editor, upload):
        def queries(page):
            editor.get("/healthz")  # looks whether an update is due
            with CaptureQueriesContext(connection) as captured:
                assert editor.get(page).status_code == 200
            return len(captured)

        page = upload()
        queries(page)
        few = queries(page)
        many = queries(upload(*(ghost_post(n) for n in range(3, 43))))
        assert many == few <= 12


class AWriter:
    def test_may_import_nothing(self, client, file):
        run = ImportRun.objects.create(kind="ghost", file_name="x", state="done")
        client.force_login(make_user("Writer"))
        assert client.get(IMPORTS).status_code == 403
        assert client.post(IMPORTS, {"kind": "ghost", "file": file()}).status_code == 403
        for action in ("", "carry-on/", "choose/", "undo/"):
            address = f"{IMPORTS}{run.pk}/{action}"
            assert (client.post if action else client.get)(address).status_code == 403
        assert IMPORTS not in client.get("/admin/stories/story/").content.decode()


class AnEditor:
    def test_finds_the_imports_beside_the_list_of_stories(self, editor):
        assert IMPORTS in editor.get("/admin/stories/story/").content.decode()
        assert "Nothing has been imported yet." in editor.get(IMPORTS).content.decode()

    def test_may_approve_founders_only_as_a_moderator(self, editor, upload, client):
        page = upload()
        assert 'name="approve"' not in editor.get(page).content.decode()
        client.force_login(make_user(is_staff=True, is_superuser=True))
        assert 'name="approve"' in client.get(page).content.decode()
