"""Write the table of variables in operating.md from .env.example. `make variables` runs it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- variables: made from .env.example -->\n", "<!-- end of the variables -->\n"


def table(example: str) -> str:
    """Return the table for the text of .env.example; each block is comments and then variables."""
    rows = ["| variable | meaning |", "| --- | --- |"]
    for block in example.split("\n\n")[1:]:
        names = re.findall(r"(?m)^([A-Z_]+)=", block)
        text = " ".join(line.lstrip("# ") for line in block.splitlines() if line.startswith("#"))
        code = " ".join(f"`{name}`" for name in names)
        rows.append(f"| {code} | {text.replace('|', '&#124;').replace('<', '&lt;')} |")
    return "\n".join(rows) + "\n"


def with_table(guide: str, example: str) -> str:
    """Return the text of operating.md with the present table."""
    before, rest = guide.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + table(example) + "\n" + END + after


if __name__ == "__main__":
    path = ROOT / "docs" / "operating.md"
    path.write_text(with_table(path.read_text(), (ROOT / ".env.example").read_text()))
