import pytest

from stories_project.rate_limit import address_of, client_of


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
