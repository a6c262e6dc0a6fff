"""What an editor decides about the authors and tags of another site: a file of YAML."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from founders.models import Founder
from stories.moving.plan import Plan
from stories_project.text.front_matter import BadFile

AUTHOR, TAG = ("byline", "founder"), ("tag", "founder")
KEYS = {"authors", "tags", "founders", "takeaways"}
NAMES_AT_ONCE = 500


@dataclass(frozen=True)
class NameMapping:
    """What names become: {name there: {"byline", "tag" or "founder": name here}}.

    `founders` stand for those that a story does not name. With `takeaways` "excerpt", the excerpt
    of a story is its key takeaway.
    """

    authors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    founders: tuple[str, ...] = ()
    takeaways: str = ""

    def byline(self, authors: Iterable[str]) -> str:
        """Return the byline of a story by these authors, in the active language; empty for none."""
        targets = (self.authors.get(name, {"byline": name}) for name in authors)
        names = list(dict.fromkeys(t["byline"] for t in targets if t.get("byline")))
        return get_text_list(names, pgettext("before the last of several names", "and"))

    def tag_names(self, tags: Iterable[str]) -> list[str]:
        """Return the tags here. Internal tags of Ghost, which begin with #, are left out."""
        targets = (self.tags.get(n, {} if n.startswith("#") else {"tag": n}) for n in tags)
        return list(dict.fromkeys(t["tag"] for t in targets if t.get("tag")))

    def founder_names(self, authors: Iterable[str], tags: Iterable[str]) -> list[str]:
        """Return the names or slugs of the founders of a story."""
        targets = [self.tags.get(n, {}) for n in tags] + [self.authors.get(n, {}) for n in authors]
        named = list(dict.fromkeys(t["founder"] for t in targets if t.get("founder")))
        return named or list(self.founders)


def read_mapping(text: str) -> NameMapping:
    """Return the NameMapping in a text of YAML. Raises BadFile with the reason and the line."""
    try:
        data = yaml.safe_load(text) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        sentence = _("The mapping is not YAML: %(problem)s.")
        raise BadFile(sentence % {"problem": error.problem}, line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadFile(_("The mapping is not YAML.")) from error
    if not isinstance(data, dict) or set(data) - KEYS:
        sentence = _("The mapping has other keys than %(keys)s.")
        raise BadFile(sentence % {"keys": ", ".join(sorted(KEYS))})
    founders, takeaways = data.get("founders") or [], data.get("takeaways") or ""
    if not isinstance(founders, list) or not all(isinstance(n, str) for n in founders):
        raise BadFile(_("%(key)s is a list of names or slugs.") % {"key": "founders"})
    if takeaways not in ("", "excerpt"):
        sentence = _("%(key)s is empty, or “%(value)s”.")
        raise BadFile(sentence % {"key": "takeaways", "value": "excerpt"})
    return NameMapping(
        _targets(data, "authors", AUTHOR),
        _targets(data, "tags", TAG),
        tuple(founders),
        takeaways,
    )


def _targets(data: dict[str, Any], key: str, allowed: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found = data.get(key) or {}
    if not isinstance(found, dict):
        sentence = _("%(key)s is a list of names, each with what it becomes.")
        raise BadFile(sentence % {"key": key})
    targets: dict[str, dict[str, str]] = {}
    for name, target in found.items():
        target = target or {}
        is_right = isinstance(target, dict) and set(target) <= set(allowed)
        if not is_right or not all(isinstance(value, str) for value in target.values()):
            one, other = (f"{{{word}: {_('Name')}}}" for word in allowed)
            sentence = _("%(name)s: write %(one)s or %(other)s.")
            raise BadFile(sentence % {"name": name, "one": one, "other": other})
        targets[str(name)] = target
    return targets


def suggested_mapping(plan: Plan) -> str:
    """Return a mapping to begin with, as text: whoever has a profile here becomes that founder."""
    founders = _founders_called([*plan.authors, *plan.tags])
    authors = [(name, founders.get(name) or {"byline": name}) for name in _often(plan.authors)]
    tags = [
        (name, founders.get(name) or ({} if name.startswith("#") else {"tag": name}))
        for name in _often(plan.tags)
    ]
    return f"{_introduction()}{_section('authors', authors)}{_section('tags', tags)}{_ending()}"


def _introduction() -> str:
    first = _(
        "What the authors and tags of the other site become here. Empty braces leave one out."
    )
    then = _("An author becomes a byline or a founder; a tag becomes a tag or a founder:")
    name, profile = _quoted(_("Name")), _quoted(_("name or slug of a profile"))
    forms = f"{{byline: {name}}}   {{tag: {name}}}   {{founder: {profile}}}"
    return f"# {first}\n# {then}\n#   {forms}\n"


def _ending() -> str:
    founders = _("The founders of stories for which no author and no tag names one.")
    takeaways = _("%(value)s: a story gets its excerpt as its only key takeaway. Empty: none.")
    takeaways %= {"value": _quoted("excerpt")}
    return f'# {founders}\nfounders: []\n# {takeaways}\ntakeaways: ""\n'


def _often(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))


def _section(key: str, targets: list[tuple[str, dict[str, str]]]) -> str:
    if not targets:
        return f"{key}: {{}}\n"
    # JSON in one line is YAML too.
    lines = (f"  {_quoted(name)}: {_quoted(target)}\n" for name, target in targets)
    return f"{key}:\n{''.join(lines)}"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _founders_called(names: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(names), NAMES_AT_ONCE):
        called = Founder.objects.called(names[start : start + NAMES_AT_ONCE])
        found |= {n: {"founder": rows[0].slug} for n, rows in called.items() if len(rows) == 1}
    return found
