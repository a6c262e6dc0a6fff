import pytest
from django.core.cache.backends.db import DatabaseCache

from stories_project import rate_limit
from stories_project.rate_limit import address_of, client_of, is_over_limit
from tests.at_once import at_once


class ALimit:
    def test_holds_for_many_requests_at_once_without_redis(
        self, transactional_db, rf, monkeypatch, tmp_path
    ):
        monkeypatch.setattr(rate_limit, "cache", DatabaseCache("shared_cache", {}))

        def ask(connect, n):
            connect()
            return [is_over_limit(rf.get("/"), "forms", 10, 3600) for _ in range(5)]

        answers = at_once(8, tmp_path, ask)
        assert sum(answer.count(False) for answer in answers) == 10

    def test_is_one_for_each_thing_and_for_each_client(self, rf):
        first, second = rf.get("/", REMOTE_ADDR="203.0.113.1"), rf.get("/", REMOTE_ADDR="::1")
        asked = [(first, "forms"), (first, "forms"), (second, "forms"), (first, "guesses")]
        over = [is_over_limit(request, what, 1, 3600) for request, what in asked]
        assert over == [False, True, False, False]

    def test_begins_again_with_the_next_period(self, rf, monkeypatch):
        for now, is_over in [(3600, False), (7199, True), (7200, False)]:
            monkeypatch.setattr(rate_limit, "time", lambda now=now: now)
            assert is_over_limit(rf.get("/"), "forms", 1, 3600) == is_over


class AClient:
    @pytest.mark.parametrize(
        ("address", "client"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("unknown", "unknown"),
            ("", ""),
        ],
    )
    def test_is_an_address_or_the_network_of_an_ipv6_customer(self, address, client):
        assert client_of(address) == client


class TheAddressOfAClient:
    @pytest.mark.parametrize(
        ("header", "address"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:DB8::1", "2001:db8::1"),
            # What a client invents comes before what the proxy adds.
            ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ],
    )
    def test_is_what_the_proxy_has_written(self, header, address, rf, settings):
        settings.CLIENT_ADDRESS_VARIABLE = "HTTP_X_REAL_IP"
        assert address_of(rf.get("/", headers={"x-real-ip": header})) == address
