"""What each network is asked, as its documentation says, and what is said when it fails.

https://www.fastly.com/documentation/reference/api/purging/
https://developers.cloudflare.com/api/resources/cache/methods/purge/
https://github.com/varnish/varnish-modules/blob/master/src/vmod_xkey.vcc
"""

import json
import socket

import pytest

from stories_project.env import NetworkAddress
from stories_project.page_cache import posting
from stories_project.page_cache.networks import Cloudflare, Fastly, Varnish
from stories_project.page_cache.posting import NotDelivered
from tests.recording_server import recording_server

SECRET = "a-secret-token"


@pytest.fixture
def server():
    with recording_server() as server:
        yield server


def fastly(server):
    return Fastly(NetworkAddress("fastly", "SU1Z0isxPaozGVKXdv0eY", SECRET, server.address))


def cloudflare(server):
    zone = "023e105f4ecef8ad9ca31a8372d0c353"
    return Cloudflare(NetworkAddress("cloudflare", zone, SECRET, server.address))


def varnish(server):
    return Varnish(NetworkAddress("varnish", api=server.address))


class APurge:
    def test_is_what_fastly_asks_for(self, server):
        fastly(server).purge({"story-12", "newest"})
        [(method, path, headers, body)] = server.requests
        assert (method, path) == ("POST", "/service/SU1Z0isxPaozGVKXdv0eY/purge")
        assert headers["Fastly-Key"] == SECRET
        assert headers["Accept"] == headers["Content-Type"] == "application/json"
        assert json.loads(body) == {"surrogate_keys": ["newest", "story-12"]}
        assert "Fastly-Soft-Purge" not in {name.title() for name in headers}

    def test_is_what_cloudflare_asks_for(self, server):
        cloudflare(server).purge({"story-12", "newest"})
        [(method, path, headers, body)] = server.requests
        zone = "023e105f4ecef8ad9ca31a8372d0c353"
        assert (method, path) == ("POST", f"/client/v4/zones/{zone}/purge_cache")
        assert headers["Authorization"] == f"Bearer {SECRET}"
        assert headers["Content-Type"] == "application/json"
        assert json.loads(body) == {"tags": ["newest", "story-12"]}

    def test_is_what_our_configuration_of_varnish_asks_for(self, server):
        varnish(server).purge({"story-12", "newest"})
        [(method, path, headers, body)] = server.requests
        assert (method, path, body) == ("PURGE", "/", b"")
        assert {name.lower(): value for name, value in headers.items()}["xkey"] == "newest story-12"

    def test_stays_within_what_the_provider_takes_in_one_call(self):
        assert (Fastly.keys_a_call, Cloudflare.keys_a_call) == (256, 30)
        longest = "stories-of-founder-9223372036854775807 "
        assert Varnish.keys_a_call * len(longest) < 8_000


class AFailedPurge:
    @pytest.mark.parametrize("status", [301, 307, 400, 403, 429, 500, 503])
    @pytest.mark.parametrize("provider", [fastly, cloudflare, varnish])
    def test_says_the_status_and_nothing_else(self, server, provider, status):
        server.usual = (status, SECRET.encode())
        network = provider(server)
        with pytest.raises(NotDelivered) as failure:
            network.purge({"story-12"})
        assert str(failure.value) == f"{network.name} answered with status {status}."
        assert len(server.requests) == 1  # no redirect was followed

    @pytest.mark.parametrize("body", [b"", b"<html>", b'{"success": false}', b"[]"])
    def test_at_cloudflare_may_have_the_status_of_a_success(self, server, body):
        server.usual = (200, body)
        with pytest.raises(NotDelivered, match="did not say that it has purged"):
            cloudflare(server).purge({"story-12"})

    def test_because_nobody_answers_in_time_says_so(self, server, monkeypatch):
        monkeypatch.setattr(posting, "TIMEOUT", 0.2)
        server.delay = 0.5
        with pytest.raises(NotDelivered, match="Fastly did not answer within"):
            fastly(server).purge({"story-12"})

    def test_because_nobody_listens_says_so(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            network = Varnish(NetworkAddress("varnish", api=address))
            with pytest.raises(NotDelivered) as failure:
                network.purge({"story-12"})
        assert str(failure.value) == "Varnish cannot be reached."

    def test_shows_no_token_where_the_address_is_printed(self, server):
        assert SECRET not in repr(fastly(server).address)


class ManyKeysOfAPage:
    @pytest.mark.parametrize("network", [Fastly, Cloudflare, Varnish])
    def test_are_summed_up_before_the_header_is_too_long(self, network):
        keys = {f"stories-of-founder-{number}" for number in range(2000)} | {"newest"}
        [(name, value)] = network(NetworkAddress("any")).keys(keys)
        expected = ["everything", "newest", "stories-of-founder-any"]
        assert value.split(network.separator) == expected
        assert name == network.key_header

    def test_are_all_named_as_long_as_they_fit(self):
        keys = {f"story-{number}" for number in range(200)}
        [(_, value)] = Varnish(NetworkAddress("any")).keys(keys)
        assert set(value.split()) == keys | {"everything"}
