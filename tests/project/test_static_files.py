"""The static files of a release are collected once."""

import pytest
from django.templatetags.static import static

from stories_project.static_files import collect


@pytest.fixture
def source(settings, tmp_path):
    """A style sheet, and nothing else to collect."""
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    hashed = {"BACKEND": "stories_project.static_files.HashedStaticFiles"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    source = tmp_path / "source" / "site.css"
    source.parent.mkdir()
    source.write_text("body { color: red }")
    collect()
    return source


@pytest.fixture
def collections(monkeypatch):
    """The commands that are called from now on."""
    called = []
    monkeypatch.setattr(
        "stories_project.static_files.call_command", lambda name, **_: called.append(name)
    )
    return called


class TheCollection:
    def test_has_each_file_by_the_hash_of_its_content(self, source, tmp_path):
        names = {path.name for path in (tmp_path / "collected").iterdir()}
        assert len([name for name in names if name.startswith("site.")]) >= 2
        assert "staticfiles.json" in names

    def test_is_not_made_again_of_the_same_files(self, source, collections):
        collect()
        assert collections == []

    def test_is_made_again_after_a_change(self, source, collections):
        source.write_text("body { color: green }")
        collect()
        assert collections == ["collectstatic"]

    def test_is_made_again_by_another_storage(self, source, settings, collections):
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
        collect()
        assert collections == ["collectstatic"]

    def test_is_made_again_after_it_was_interrupted(self, source, collections, monkeypatch):
        def fail(name, **options):
            collections.append(name)
            raise OSError("The disk is full")

        monkeypatch.setattr("stories_project.static_files.call_command", fail)
        source.write_text("body { color: green }")
        with pytest.raises(OSError, match="disk"):
            collect()
        source.write_text("body { color: red }")
        with pytest.raises(OSError, match="disk"):
            collect()
        assert len(collections) == 2

    def test_gives_a_changed_file_another_url(self, source):
        before = static("site.css")
        source.write_text("body { color: green }")
        collect()
        assert static("site.css") not in {before, "/static/site.css"}
