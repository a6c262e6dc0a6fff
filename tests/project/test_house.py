"""The rules of the house that a test can check."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    path
    for folder in ("stories_project", "founders", "stories")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Created by using a checkout, and not tracked by git.
NOT_OURS = {".git", ".venv", "node_modules", "var", "__pycache__", ".ruff_cache", ".mypy_cache"}
ARCHIVES = {".7z", ".bz2", ".gz", ".jar", ".rar", ".tar", ".tgz", ".whl", ".xz", ".zip", ".zst"}
TYPEFACES = {".otf", ".ttf", ".woff", ".woff2"}


def files_with(pattern, paths):
    return {str(p.relative_to(ROOT)) for p in paths if re.search(pattern, p.read_text())}


def files_of(folder):
    for path in folder.iterdir():
        if path.is_dir() and path.name not in NOT_OURS:
            yield from files_of(path)
        elif path.is_file():
            yield path


def classes_with_tests(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            methods = (part.name for part in node.body if isinstance(part, ast.FunctionDef))
            if any(name.startswith("test_") for name in methods):
                yield node.name


class TheHouse:
    def test_marks_strings_safe_in_one_place(self):
        places = files_with(r"mark_safe|format_html|__html__", CODE)
        assert places == {"stories_project/text/markdown.py"}
        assert not files_with(r"\|\s*safe\b|autoescape off", TEMPLATES)

    def test_reads_the_environment_in_one_place(self):
        places = files_with(r"os\.environ|getenv|environ\.Env", CODE)
        # The supervisor imports nothing of the site, and has two variables of its service manager.
        supervisor = "stories_project/serving/supervisor.py"
        assert places == {"stories_project/env.py", "stories_project/wsgi.py", supervisor}

    def test_imports_downwards_only(self, capsys):
        """The layers are declared in pyproject.toml."""
        status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
        assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out

    def test_collects_every_class_with_tests(self, pytestconfig):
        """pytest runs no test of a class whose name matches none of its patterns."""
        patterns = pytestconfig.getini("python_classes")
        names = {name for path in TESTS for name in classes_with_tests(path)}
        assert len(names) > 50
        assert not [name for name in names if not any(fnmatch(name, p) for p in patterns)]

    def test_has_no_inline_script_or_style(self):
        assert not files_with(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", TEMPLATES)

    def test_contains_nothing_of_third_parties_except_typefaces_with_their_licence(self):
        files = list(files_of(ROOT))
        assert not [path for path in files if path.suffix in ARCHIVES]
        assert not [path for path in files if ".min." in path.name]
        scripts = [path for path in files if path.suffix in {".js", ".css"}]
        assert not [path for path in scripts if re.search(".{500}", path.read_text())]
        typefaces = [path for path in files if path.suffix in TYPEFACES]
        assert not [path for path in typefaces if not (path.parent / "OFL.txt").exists()]

    def test_has_typefaces_for_its_pages_within_80_kilobytes(self):
        sizes = [path.stat().st_size for path in (ROOT / "static/fonts").glob("*.woff2")]
        assert len(sizes) == 5
        assert sum(sizes) < 80_000

    def test_names_no_package_registry(self):
        locks = [*ROOT.glob("requirements*.txt"), ROOT / "pyproject.toml"]
        assert not files_with("://", locks)

    @pytest.mark.django_db
    def test_misses_no_migration(self):
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)
