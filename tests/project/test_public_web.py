"""Requests to URLs that somebody has typed: never into a private network, never for long."""

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from stories_project import public_web
from stories_project.public_web import NoAnswer, ask, get


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(302 if self.path.startswith("/to") else 200)
        if self.path.startswith("/to"):
            self.send_header("Location", self.server.leads_to)
        self.end_headers()
        self.wfile.write(b"Here we are")

    def log_message(self, *args):
        """Be silent."""


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.address = [], f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def every_address_is_public(monkeypatch):
    monkeypatch.setattr(public_web, "is_public", lambda address: True)


class ARequest:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433"]
    )
    def test_to_this_machine_is_refused(self, server, host):
        with pytest.raises(NoAnswer, match=r"is not on the public internet|cannot be reached"):
            ask("GET", f"http://{host}:{server.server_port}/")
        assert server.asked == []

    @pytest.mark.parametrize("also", ["10.0.0.1", "::1"])
    def test_to_a_host_with_one_private_address_is_refused(self, monkeypatch, also):
        found = [(0, 0, 0, "", (address, 80)) for address in ("93.184.216.34", also)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
        with pytest.raises(NoAnswer, match=r"example\.org is not on the public internet"):
            ask("GET", "http://example.org/")

    @pytest.mark.parametrize(
        "url", ["ftp://example.org/", "file:///etc/passwd", "http://", "http://a:b@x.org/", "x", ""]
    )
    def test_to_something_else_than_the_web_is_refused(self, url):
        with pytest.raises(NoAnswer, match="not an address of the web"):
            ask("GET", url)

    @pytest.mark.usefixtures("every_address_is_public")
    def test_returns_status_and_the_beginning_of_the_content(self, server):
        assert ask("GET", f"{server.address}/é x?q=ü", most_bytes=4) == (200, b"Here", "")
        assert server.asked == ["/%C3%A9%20x?q=%C3%BC"]

    @pytest.mark.usefixtures("every_address_is_public")
    def test_follows_some_redirects(self, server):
        server.leads_to = "/here"
        assert get(f"{server.address}/to").status == 200
        server.leads_to = "/to"
        with pytest.raises(NoAnswer, match="redirects too often"):
            get(f"{server.address}/to")

    def test_follows_no_redirect_into_a_private_network(self, server, monkeypatch):
        answers = iter([True, False])
        monkeypatch.setattr(public_web, "is_public", lambda address: next(answers))
        server.leads_to = "http://127.0.0.1/"
        with pytest.raises(NoAnswer, match="is not on the public internet"):
            get(f"{server.address}/to")

    @pytest.mark.usefixtures("every_address_is_public")
    def test_ends_although_each_byte_comes_in_time(self, monkeypatch):
        monkeypatch.setattr(public_web, "LONGEST", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with pytest.raises(NoAnswer, match=r"127\.0\.0\.1 has not answered"):
                ask("GET", f"http://127.0.0.1:{port}/")
