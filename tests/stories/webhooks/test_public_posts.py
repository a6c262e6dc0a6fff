"""A URL that somebody has typed leads nowhere inside, and holds nobody up."""

import socket
import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError

from stories.models.webhook import validate_address
from stories.webhooks.public_posts import post
from stories_project import public_web
from stories_project.page_cache.posting import NotDelivered
from stories_project.public_web import is_public
from tests.recording_server import recording_server

EVERY = "0.0.0.0"  # noqa: S104  nothing listens there
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", EVERY, "10.0.0.1", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.9", "::1", "::", "fe80::1"),
    *("fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a00:1::"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1", "2001:0:7f00:1::"),
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"]


@pytest.fixture
def private_allowed(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True


def refusal(url):
    with pytest.raises(NotDelivered) as failure:
        post(url, b"{}", {})
    return str(failure.value)


def resolve_to(monkeypatch, *addresses):
    """Let every host name have these addresses, and note to which one a connection is opened."""
    opened = []

    def resolve(host, port, *more, **options):
        return [(None, None, None, "", (address, port)) for address in addresses]

    def connect(address, timeout, *more, **options):
        opened.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    return opened


class AnAddress:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_of_a_private_network_is_not_public(self, address):
        assert not is_public(address)

    @pytest.mark.parametrize("address", PUBLIC)
    def test_of_everybody_is_public(self, address):
        assert is_public(address)

    @pytest.mark.parametrize("address", PRIVATE)
    def test_of_a_private_network_is_never_connected_to(self, monkeypatch, address):
        opened = resolve_to(monkeypatch, address)
        assert "not on the public internet" in refusal("https://example.org/hook")
        assert not opened

    def test_beside_a_private_one_is_not_connected_to(self, monkeypatch):
        opened = resolve_to(monkeypatch, "1.1.1.1", "10.0.0.1")
        assert "not on the public internet" in refusal("https://example.org/hook")
        assert not opened

    def test_that_was_checked_is_the_one_connected_to(self, monkeypatch):
        """The name is not resolved again: its name server might answer otherwise."""
        opened = resolve_to(monkeypatch, "1.1.1.1")
        assert refusal("https://example.org:8443/hook") == "example.org cannot be reached."
        assert opened == [("1.1.1.1", 8443)]

    @pytest.mark.parametrize(
        "host",
        [
            *("127.0.0.1", "localhost", "[::1]", EVERY, "2130706433", "0x7f000001", "127.1"),
            *("0177.0.0.1", "[::ffff:127.0.0.1]", "127.0.0.1."),
        ],
    )
    def test_of_this_machine_is_refused_however_it_is_spelt(self, host):
        with recording_server() as server:
            sentence = refusal(f"https://{host}:{server.port}/")
            assert "is not on the public internet" in sentence or "cannot be reached" in sentence
            assert not server.requests

    @pytest.mark.parametrize(
        "url", ["http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd", "x"]
    )
    def test_without_tls_is_refused(self, url):
        assert refusal(url) == "The address does not begin with https://."

    @pytest.mark.parametrize(
        "url", ["https://", "https://a..b/", "https://host:99999/", "https://[/"]
    )
    def test_that_is_none_cannot_be_reached(self, url):
        assert refusal(url).endswith(".")


class AnAddressThatIsTyped:
    @pytest.mark.parametrize(
        "url",
        [
            *("http://example.org/", "ftp://example.org/", "example.org", "javascript:alert(1)"),
            *("https://user:secret@example.org/", "https://user@example.org/"),
        ],
    )
    def test_is_refused_with_a_sentence(self, url):
        with pytest.raises(ValidationError) as refused:
            validate_address(url)
        assert refused.value.messages[0].endswith(".")

    def test_may_be_without_tls_in_a_private_network(self, private_allowed):
        validate_address("http://127.0.0.1:8000/hook")


@contextmanager
def dripping_server():
    """A server that accepts, and then sends a byte now and then, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def drip():
        connection, _ = listener.accept()
        with connection:
            try:
                while not is_over.wait(0.02):
                    connection.sendall(b"H")
            except OSError:
                pass

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        is_over.set()
        thread.join()
        listener.close()


class AReceiver:
    def test_answers_with_a_status_and_the_beginning_of_a_text(self, private_allowed):
        with recording_server() as server:
            server.usual = (418, b"x" * 2000)
            answer = post(f"{server.address}/hook?a=b", b"{}", {"webhook-id": "1"})
            assert (answer.status, answer.start) == (418, "x" * 500)
            [(method, path, headers, body)] = server.requests
            assert (method, path, body) == ("POST", "/hook?a=b", b"{}")
            assert headers["Host"] == f"127.0.0.1:{server.port}"

    def test_that_sends_a_byte_now_and_then_is_hung_up(self, private_allowed, monkeypatch):
        monkeypatch.setattr(public_web, "LONGEST", 0.2)
        with dripping_server() as url:
            assert "has not answered within" in refusal(url)

    def test_that_says_nothing_is_hung_up(self, private_allowed, monkeypatch):
        monkeypatch.setattr(public_web, "STEP", 0.1)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            assert "has not answered within" in refusal(url)

    def test_that_does_not_listen_cannot_be_reached(self, private_allowed):
        assert refusal("http://127.0.0.1:1/") == "127.0.0.1 cannot be reached."

    def test_that_speaks_no_tls_is_not_trusted(self, private_allowed):
        with recording_server() as server:
            sentence = refusal(f"https://127.0.0.1:{server.port}/")
            assert sentence == "The certificate of 127.0.0.1 cannot be trusted."
