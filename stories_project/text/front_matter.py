"""Read Markdown files with front matter: YAML between two lines of three hyphens at the top."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

# libyaml reads ten times faster, but not every PyYAML has it.
QUICK_LOADER: Any = getattr(yaml, "CSafeLoader", None)
# What libyaml accepts and PyYAML's own parser does not: tabs, tags, byte order marks, and a
# question mark in a list.
READ_DIFFERENTLY = re.compile(r"[\t!\ufeff]|[\[{][^\]}]*\?")


class BadFile(ValueError):
    """The reason why a file cannot be used, and the line (from 1) where the mistake is."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line

    @property
    def with_line(self) -> str:
        """The reason, and the line if it says more than the first one."""
        if self.line == 1:
            return self.reason
        values = {"reason": self.reason, "line": self.line}
        return _("%(reason)s (line %(line)s)") % values


@dataclass(frozen=True)
class Document:
    """A parsed file: its values by key, the line of each key, and the Markdown below."""

    values: dict[str, Any]
    lines: dict[str, int]
    body: str

    def line_of(self, key: str) -> int:
        """Return the line of a key, or 1 if the file does not have it."""
        return self.lines.get(key, 1)


def read(path: Path) -> Document:
    """Return the Document in a file; raise BadFile with the reason and the line.

    Every scalar stays text as it is written ("1984", "2025-09-23"): the form that receives it
    decides what it means. An empty value and `null` are empty text.
    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        sentence = _("The file is not UTF-8: byte %(byte)s cannot be read.")
        raise BadFile(sentence % {"byte": error.start}) from error
    except OSError as error:
        raise BadFile(
            _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}
        ) from error


def parse(text: str) -> Document:
    """Return the Document in a text, as `read` does for a file."""
    opening, _end, rest = f"{text}\n".partition("\n")
    head, fence, body = ("\n" + rest).partition("\n---\n")
    if opening.strip() != "---" or not fence:
        raise BadFile(_("The file does not open with front matter between two lines of ---."))
    try:
        node = _compose(head.removeprefix("\n"))
        values = _construct(node)
    except RecursionError as error:
        sentence = _("The front matter has too many brackets within each other.")
        raise BadFile(sentence) from error
    lines = {key.value: key.start_mark.line + 2 for key, _value in node.value}
    return Document(values, lines, body.strip() + "\n" if body.strip() else "")


def _compose(head: str) -> yaml.MappingNode:
    try:
        node = _quickly_composed(head) or _composed(head, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        sentence = _("The front matter is not YAML: %(problem)s.")
        raise BadFile(sentence % {"problem": error.problem}, line) from error
    except yaml.YAMLError as error:
        raise BadFile(
            _("The front matter is not YAML: %(problem)s.") % {"problem": error}
        ) from error
    if not isinstance(node, yaml.MappingNode) or not all(
        isinstance(key, yaml.ScalarNode) for key, _value in node.value
    ):
        raise BadFile(_("The front matter is not a list of keys and values."), 2)
    return node


def _quickly_composed(head: str) -> yaml.Node | None:
    """Return the node as libyaml reads it, or None to let PyYAML's own parser decide.

    So files are accepted, and their mistakes are worded, in the same way on every machine.
    """
    if QUICK_LOADER is None or READ_DIFFERENTLY.search(head):
        return None
    try:
        return _composed(head, QUICK_LOADER)
    except yaml.YAMLError:
        return None


def _composed(head: str, loader: Any) -> yaml.Node | None:
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(head, Loader=loader)):
        raise BadFile(_("The front matter refers to itself with *; write the value out."))
    return yaml.compose(head, Loader=loader)


def _construct(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _construct(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item) for item in node.value]
    is_null = node.tag == "tag:yaml.org,2002:null"
    return "" if is_null else node.value
