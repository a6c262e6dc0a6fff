"""Every sentence of the pages and of the desk is translated, and the compiled files are in step."""

import gettext
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from stories_project.publication.values import TRANSLATED

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "stories_project" / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
needs_gettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext")
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options)  # noqa: S603


def sentences(path):
    """Return {sentence: translation} of a compiled file."""
    return gettext.GNUTranslations(BytesIO(path.read_bytes()))._catalog


class EveryLanguage:
    def test_has_a_catalogue(self):
        assert {path.parts[-3] for path in CATALOGUES} == set(TRANSLATED) - {"en"}

    @pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
    def test_keeps_what_is_filled_in(self, catalogue):
        for sentence, translated in sentences(catalogue.with_suffix(".mo")).items():
            if not sentence:
                continue
            text = sentence[0] if isinstance(sentence, tuple) else sentence
            assert sorted(PLACES.findall(text.rpartition("\x04")[2])) == sorted(
                PLACES.findall(translated)
            ), text

    @needs_gettext
    @pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
    def test_is_complete_and_compiled(self, catalogue, tmp_path):
        unfinished = run("msgattrib", "--untranslated", str(catalogue)).stdout
        unfinished += run("msgattrib", "--only-fuzzy", str(catalogue)).stdout
        assert not unfinished.decode()
        run("msgfmt", "--check", "--output-file", str(tmp_path / "new.mo"), str(catalogue))
        assert sentences(tmp_path / "new.mo") == sentences(catalogue.with_suffix(".mo"))

    @needs_gettext
    def test_knows_every_sentence_of_the_code(self, tmp_path):
        """If this fails: make messages, and translate what is new."""
        copy = tmp_path / "copy"
        left_out = shutil.ignore_patterns(
            ".git", ".venv", "node_modules", "var", "tests", "docs", "*.mo", "__pycache__"
        )
        shutil.copytree(ROOT, copy, ignore=left_out)
        (copy / ".venv").symlink_to(ROOT / ".venv")
        run("make", "--old-file=.venv/.development", "messages", cwd=copy)
        for catalogue in CATALOGUES:
            again = (copy / catalogue.relative_to(ROOT)).with_suffix(".mo")
            assert sentences(again).keys() == sentences(catalogue.with_suffix(".mo")).keys()
