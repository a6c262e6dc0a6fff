"""Plain text as it is set on a page: typographic quotation marks, and the opening of a story.

The stored text stays as it was typed. The Markdown parser does the same for the body of a story.
"""

import re

# What may stand before a mark that opens: nothing, a space, a bracket, a dash or another mark.
_OPENING = r"(?<![^\s(\[{—–“‘])"
# Measures in feet and inches keep their straight marks.
_MARKS = (
    (re.compile(r"""(?<!\d)'(?=\d\ds?\b)"""), "’"),
    (re.compile(rf"""{_OPENING}"(?=\S)"""), "“"),
    (re.compile(rf"""{_OPENING}'(?=\S)"""), "‘"),
    (re.compile(r"""(?<!\d)"|(?<=\d)"(?=[\w.,;:!?)])"""), "”"),
    (re.compile(r"""(?<!\d)'|(?<=\d)'(?=[^\W\d])"""), "’"),
)
# A sentence ends after a word of four small letters, so never after "Mr.", "J. R." or "Corp.".
_SENTENCE_END = re.compile(r"[^\W\dA-Z_]{4}[.!?…][\"”’»)]*(?=\s+[^\W\d_a-z])|。")
SHORT, LONGEST_OPENING = 150, 200


def typographic(text: str) -> str:
    """Return a plain text with curly apostrophes and quotation marks, as long as it was."""
    if "'" in text or '"' in text:
        for straight, curly in _MARKS:
            text = straight.sub(curly, text)
    return text


def opening(text: str) -> tuple[str, str]:
    """Split an excerpt into its first sentences, for above the picture, and the rest.

    The rest is empty if the text is short, or if no sentence ends early enough.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    early = [end for end in ends if end <= SHORT] or [e for e in ends[:1] if e <= LONGEST_OPENING]
    if len(text) <= SHORT or not early:
        return text, ""
    return text[: early[-1]], text[early[-1] :].lstrip()
