"""Pictures from the web: only when asked for, and never from a private address."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from stories.models import Story
from stories.moving.fetching import Fetcher, NotFetched
from tests.stories.moving.foreign_exports import PNG, ghost, ghost_post, lexical, move

PUBLIC = "93.184.216.34"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/again"):
            self.send_response(302)
            self.send_header("Location", "/again")
            self.end_headers()
            return
        if self.path.startswith("/inside"):
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
            return
        content = PNG if self.path == "/a.png" else b"x" * 5000
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def web(monkeypatch):
    """A web server that is taken for public.example."""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def resolve_here(host, *args, **options):
        found = resolve("127.0.0.1" if host == "public.example" else host, *args, **options)
        return [(0, 0, 0, "", (PUBLIC, 80))] if host == "public.example" else found

    def connect_here(address, *args, **options):
        here = ("127.0.0.1", server.server_port)
        return connect(here if address == (PUBLIC, 80) else address, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)
    monkeypatch.setattr(socket, "create_connection", connect_here)
    yield "http://public.example"
    server.shutdown()
    server.server_close()
    thread.join()


class AFetchedPicture:
    @pytest.mark.django_db
    def test_is_stored_only_when_it_is_asked_for(self, web, tmp_path):
        node = {"type": "image", "src": f"{web}/a.png", "alt": "A"}
        path = ghost(tmp_path / "export.json", ghost_post(lexical=lexical(node)))
        move("ghost", path, dry_run=True, fetches=True)
        move("ghost", path)
        assert Story.objects.get().body == f"[A]({web}/a.png)"
        line = move("ghost", path, fetches=True)["Post 1"]
        assert line.result == "updated", (line.detail, line.losses)
        assert Story.objects.get().body.startswith("![A](/media/images/")

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("/gone", "status 404"),
            ("/again", "redirects too often"),
            ("/inside", "is not on the public internet"),
            ("/large", "larger than a picture may be"),
        ],
    )
    def test_has_its_limits(self, web, settings, path, reason):
        settings.IMAGE_MAX_BYTES = 1000
        with pytest.raises(NotFetched, match=reason):
            Fetcher().fetch(web + path)


class APrivateAddress:
    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254"),
            *("100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1"),
            "2002:7f00:1::",
        ],
    )
    def test_is_never_asked(self, monkeypatch, address):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0)),
            (family, socket.SOCK_STREAM, 6, "", (address, 0)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
        with pytest.raises(NotFetched, match="is not on the public internet"):
            Fetcher().fetch("http://anything.example/a.png")

    @pytest.mark.parametrize(
        "url",
        [
            *("file:///etc/passwd", "ftp://e.org/a", "http://u:p@e.org/a"),
            *("http://", "http://[bad/a", "//e.org/a"),
        ],
    )
    def test_is_not_reached_by_odd_urls(self, url):
        with pytest.raises(NotFetched, match="not an address of the web"):
            Fetcher().fetch(url)
