"""The configuration of nginx in the guide, before a real site."""

import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from os import kill
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.running_site import ROOT, Site, free_port

CONF = ROOT / "docs" / "operating" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
MAIN = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {servers}
}}
"""
pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed (Debian: nginx-light)")


def without_tls(text, port, port_of_site):
    """Return the configuration for a free port: without certificates, and quicker to cut off."""
    text = re.sub(r"server \{\s+listen 80;.*?\n\}", "", text, flags=re.S)
    text = re.sub(r"\n\s+ssl_\S+ [^;]+;", "", text)
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    text = text.replace("_timeout 10s;", "_timeout 2s;")
    return text.replace("127.0.0.1:8000", f"127.0.0.1:{port_of_site}")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site that readers reach through nginx, at `site.public`."""
    folder = tmp_path_factory.mktemp("nginx")
    site, port = Site(folder), free_port()
    site.public = f"http://127.0.0.1:{port}"
    site.port_of_nginx = port
    site.start_for_readers()
    servers = without_tls(CONF.read_text(), port, site.port)
    conf = folder / "nginx.conf"
    conf.write_text(MAIN.format(folder=folder, servers=servers))
    process = subprocess.Popen([NGINX, "-c", str(conf)], stderr=subprocess.DEVNULL)  # noqa: S603
    for _ in range(100):
        with suppress(OSError):
            urlopen(f"{site.public}/healthz")  # noqa: S310
            break
        time.sleep(0.1)
    yield site
    process.terminate()
    process.wait()
    site.kill()


def status(url, **request):
    try:
        with urlopen(Request(url, **request), timeout=20) as answer:  # noqa: S310
            return answer.status
    except HTTPError as error:
        return error.code


class TheProxy:
    def test_serves_the_site(self, site):
        assert status(f"{site.public}/") == 200

    def test_refuses_a_long_body_before_the_site_sees_it(self, site):
        assert status(f"{site.public}/suggest/", data=b"x" * 200_000) == 413
        assert status(f"{site.public}/admin/stories/story/add/", data=b"x" * 200_000) != 413

    def test_cuts_off_who_sends_slowly_and_others_do_not_notice(self, site):
        slow = [socket.create_connection(("127.0.0.1", site.port_of_nginx)) for _ in range(40)]
        for number, connection in enumerate(slow):
            head = b"POST /suggest/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000\r\n"
            connection.sendall(head + (b"\r\nx" if number % 2 else b"X-Slow: "))
        began_at = time.monotonic()
        assert status(f"{site.public}/stories/") == 200
        assert time.monotonic() - began_at < 2
        for connection in slow:
            connection.settimeout(10)
            with suppress(ConnectionError):
                assert b"200" not in connection.recv(1000)[:20]
            connection.close()

    def test_answers_too_many_forms_with_429(self, site):
        seen = [status(f"{site.public}/suggest/") for _ in range(40)]
        assert set(seen) == {200, 429}
        assert status(f"{site.public}/stories/") == 200

    def test_asks_again_when_a_worker_dies(self, site):
        seen, is_over = [], threading.Event()

        def read():
            while not is_over.is_set():
                seen.append(status(f"{site.public}/about/"))

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        # Each of the two once: if one dies twice in five seconds, the whole server ends.
        for _ in range(2):
            time.sleep(1)
            kill(site.workers()[0], signal.SIGKILL)
        time.sleep(1)
        is_over.set()
        for reader in readers:
            reader.join()
        assert len(seen) > 50
        assert set(seen) == {200}
