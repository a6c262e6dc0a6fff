"""Runs varnishd with the configuration of the guide before a site."""

import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from tests.running_site import ROOT, free_port

VCL = ROOT / "docs" / "operating" / "varnish.vcl"
VMOD = "varnish/vmods/libvmod_xkey.so"
SECONDS_TO_START = 30


def why_not():
    """Return why Varnish cannot be started here, or an empty text."""
    if not shutil.which("varnishd"):
        return "Varnish is not installed (Debian: varnish)"
    has_xkey = any(Path("/usr").glob(f"lib*/{VMOD}")) or any(Path("/usr").glob(f"lib/*/{VMOD}"))
    return "" if has_xkey else "The vmod xkey is not installed (Debian: varnish-modules)"


class Varnish:
    """A varnishd: readers ask `address`, and the site purges at `cdn_url`."""

    def __init__(self, folder, port_of_site):
        self.public, self.purge = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.public}"
        self.cdn_url = f"varnish://127.0.0.1:{self.purge}"
        text = re.sub(r'\.port = "\d+"', f'.port = "{port_of_site}"', VCL.read_text())
        self.folder = folder
        self.vcl = folder / "varnish.vcl"
        self.vcl.write_text(text)

    def start(self):
        """Start it, and wait until it listens. Raises TimeoutError."""
        listening = [f"-apublic=127.0.0.1:{self.public}", f"-apurge=127.0.0.1:{self.purge}"]
        working = ["-n", str(self.folder / "varnish"), "-s", "malloc,32m", "-j", "none", "-F"]
        self.process = subprocess.Popen(  # noqa: S603
            ["varnishd", *listening, "-f", str(self.vcl), *working],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._listens():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise TimeoutError("varnishd did not start")
            time.sleep(0.05)

    def _listens(self):
        try:
            for port in (self.public, self.purge):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self):
        """Stop it, and its child."""
        self.process.terminate()
        self.process.wait()


@contextmanager
def varnish_before(folder, site):
    """Start a site and Varnish before it."""
    varnish = Varnish(folder, site.port)
    site.env["CDN_URL"] = varnish.cdn_url
    site.start_for_readers()
    try:
        varnish.start()
        try:
            yield varnish
        finally:
            varnish.stop()
    finally:
        site.kill()
