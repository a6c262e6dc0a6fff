"""Check the public pages with the Nu HTML checker, axe and Lighthouse: `make audit`.

Serves the demo with the production server, and its static copy with a plain file server. Also
measures the size of a story page. Needs chromium, java and node. The versions of the checkers are
pinned in package-lock.json.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.demo_pages import LOOM, PAGES, STATIC_PAGES  # noqa: E402
from tests.file_server import serving_files  # noqa: E402
from tests.running_site import Site  # noqa: E402

SEEN = list(PAGES.values())
# What a reader sees most, and what weighs most.
MEASURED = [PAGES[name] for name in ("front", "story", "founder", "lives", "found")]
MAX_BYTES = 40_000
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main():
    """Run every check, print the findings, and exit with 1 if there are any."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder, DEMO_PASSWORD="only for measuring")
        site.manage("demo")
        site.start_for_readers()
        try:
            findings = nu_checker(site.address, SEEN) + axe(site.address, SEEN)
            findings += page_size(site.address) + lighthouse(site.address)
            site.manage("build_static", f"{folder}/copy", "--share-pictures", "no")
            with serving_files(f"{folder}/copy") as address:
                print_lines("The static copy:")
                findings += nu_checker(address, STATIC_PAGES) + axe(address, STATIC_PAGES)
        finally:
            site.kill()
    print_lines(*findings, f"{len(findings)} findings")
    sys.exit(bool(findings))


def nu_checker(address, pages):
    """Return the messages of the Nu HTML checker about the pages at these paths."""
    jar = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(pages):
            (Path(folder) / f"{number}.html").write_bytes(fetch(address + path))
        command = ["java", "-jar", str(jar), "--exit-zero-always", "--format", "json", folder]
        result = run(command)
    messages = json.loads(result.stderr)["messages"]
    print_lines(f"Nu checker: {len(pages)} pages, {len(messages)} messages")
    return [
        f"Nu: {pages[int(Path(m['url']).stem)]}: {m['message']} {m.get('extract', '')}"
        for m in messages
    ]


def axe(address, pages):
    """Return the findings of axe on the pages, at two widths and in both themes."""
    findings, runs = [], 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    color_scheme=scheme, viewport={"width": width, "height": 844}
                )
                for path in pages:
                    page.goto(address + path)
                    found = Axe().run(page).response["violations"]
                    findings += [f"axe: {path} {width} {scheme}: {v['id']}" for v in found]
                    runs += 1
        browser.close()
    print_lines(f"axe: {runs} runs, {len(findings)} findings")
    return findings


def page_size(address):
    """Return a finding if the HTML, CSS and scripts of a story page exceed 40 kB compressed."""
    html = fetch(address + LOOM, compressed=True)
    text = gzip.decompress(html).decode()
    parts = re.findall(
        r'<link rel="stylesheet" href="([^"]+)"|<script type="module" src="([^"]+)"', text
    )
    sizes = {"HTML": len(html)}
    for part in (css or script for css, script in parts):
        sizes[part] = len(fetch(address + part, compressed=True))
    total = sum(sizes.values())
    print_lines(f"Page size: {total} bytes of {MAX_BYTES}: {sizes}")
    return [f"page size: {total} bytes"] if total > MAX_BYTES else []


def lighthouse(address):
    """Return the Lighthouse scores below 100 on a phone, and any layout shift."""
    findings = []
    for path in MEASURED:
        report = _report_of(address + path) or _report_of(address + path)
        if not report:
            findings.append(f"Lighthouse: {path}: no report")
            continue
        scores = {name: round(100 * c["score"]) for name, c in report["categories"].items()}
        shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
        print_lines(f"Lighthouse: {path} {scores}, layout shift {shift}")
        if path.startswith("/search/"):
            scores.pop("seo")  # search results are deliberately not indexed
        findings += [f"Lighthouse: {path}: {n} {s}" for n, s in scores.items() if s < 100]
        findings += [f"Lighthouse: {path}: layout shift {shift}"] if shift else []
        findings += [f"  {a['id']}: {a['title']}" for a in failed_audits(report)]
    return findings


def _report_of(address):
    """Return the report of Lighthouse, or None if the browser failed, as it sometimes does."""
    program = str(HERE / "node_modules" / "lighthouse" / "cli" / "index.js")
    options = ["--output=json", "--quiet", f"--chrome-flags={' '.join(FLAGS)}"]
    with tempfile.NamedTemporaryFile() as file:
        command = ["node", program, address, *options, f"--output-path={file.name}"]
        run(command, CHROME_PATH=chromium())
        report = json.load(file)
    return None if report.get("runtimeError") else report


def failed_audits(report):
    """Return the audits of a report that lower its scores."""
    weights = {
        ref["id"]: ref["weight"] for c in report["categories"].values() for ref in c["auditRefs"]
    }
    audits = report["audits"].values()
    scored = [a for a in audits if weights.get(a["id"]) and a["score"] is not None]
    return [a for a in scored if a["score"] < 0.9]


def fetch(address, *, compressed=False):
    """Return the body of a response, whatever its status."""
    request = Request(address, headers={"Accept-Encoding": "gzip"} if compressed else {})  # noqa: S310
    try:
        return urlopen(request).read()  # noqa: S310
    except HTTPError as error:
        return error.read()


def run(command, **environment):
    """Run a program and return the completed process with its output."""
    return subprocess.run(  # noqa: S603
        command, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def chromium():
    """Return the path of Chromium. Exits with a message if it is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    return path or sys.exit("No Chromium here. On Debian: apt-get install chromium")


def print_lines(*lines):
    print(*lines, sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
