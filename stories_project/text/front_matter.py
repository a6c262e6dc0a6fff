"""Markdown files that open with YAML between two lines of three hyphens."""

from dataclasses import dataclass

import yaml


class BadFile(ValueError):
    """Why a file cannot be used, and on which line (from 1) where that is known."""

    def __init__(self, reason, line=1):
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True)
class Document:
    """A parsed file: values by key, the line that each key stands on, and the Markdown below."""

    values: dict
    lines: dict
    body: str

    def line_of(self, key):
        """Return the line that a key stands on, or the first line of the file."""
        return self.lines.get(key, 1)


def read(path):
    """Return the Document in a file; raise BadFile with the reason and the line.

    Every scalar is text, just as it is written ("1984", "2025-09-23"), so that the form that takes
    it decides what it means. An empty value and `null` are empty text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"The file is not UTF-8: byte {error.start} cannot be read.") from error
    except OSError as error:
        raise BadFile(f"The file cannot be read: {error.strerror}.") from error
    opening, _, rest = f"{text}\n".partition("\n")
    head, fence, body = ("\n" + rest).partition("\n---\n")
    if opening.strip() != "---" or not fence:
        raise BadFile("The file does not open with front matter between two lines of ---.")
    node = _compose(head.removeprefix("\n"))
    lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    return Document(_construct(node), lines, body.strip() + "\n" if body.strip() else "")


def _compose(head):
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(head)):
            raise BadFile("The front matter refers to itself with *; write the value out.")
        node = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise BadFile(f"The front matter is not YAML: {error.problem}.", line) from error
    except yaml.YAMLError as error:
        raise BadFile(f"The front matter is not YAML: {error}.") from error
    if not isinstance(node, yaml.MappingNode) or not all(
        isinstance(key, yaml.ScalarNode) for key, _ in node.value
    ):
        raise BadFile("The front matter is not a list of keys and values.", 2)
    return node


def _construct(node):
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _construct(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item) for item in node.value]
    is_null = node.tag == "tag:yaml.org,2002:null"
    return "" if is_null else node.value
