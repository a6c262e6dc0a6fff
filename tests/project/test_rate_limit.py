import pytest

from stories_project.rate_limit import client_of


class AClient:
    @pytest.mark.parametrize(
        ("address", "client"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("fe80::1%eth0", "fe80::/64"),
            ("unknown", "unknown"),
            ("", ""),
        ],
    )
    def test_is_an_address_or_the_network_of_an_ipv6_customer(self, address, client):
        assert client_of(address) == client
