"""Front matter is read in the same way with and without libyaml."""

import pytest

from stories_project.text import front_matter
from stories_project.text.front_matter import BadFile

HEADS = [
    "title: A loom\nyear: 1984\nempty:\nlist: [a, b]\nsources:\n  - title: x\n",
    'title: "The\n',
    "tags: [Why? Because]\n",
    "tags: [!Japan, Banking]\n",
    "title: The\tloom\n",
    "ti\ttle: x\n",
    "title: a: b\n",
    "title: &a x\nother: *a\n",
    "links:\n\ufeff  - x\n",
    "- a list\n",
]


def read(path):
    try:
        return front_matter.read(path)
    except BadFile as error:
        return error.reason, error.line


class AFile:
    @pytest.mark.parametrize("head", HEADS)
    def test_is_accepted_or_refused_alike_with_and_without_libyaml(
        self, tmp_path, monkeypatch, head
    ):
        path = tmp_path / "story.md"
        path.write_text(f"---\n{head}---\nBody\n")
        quickly = read(path)
        monkeypatch.setattr(front_matter, "QUICK_LOADER", None)
        assert read(path) == quickly

    @pytest.mark.skipif(not front_matter.QUICK_LOADER, reason="This PyYAML has no libyaml.")
    def test_is_read_by_libyaml_if_there_is_one(self, tmp_path, monkeypatch):
        path = tmp_path / "story.md"
        path.write_text(f"---\n{HEADS[0]}---\nBody\n")
        monkeypatch.setattr(front_matter.yaml, "SafeLoader", None)
        assert front_matter.read(path).values["list"] == ["a", "b"]
