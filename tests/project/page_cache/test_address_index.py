import pytest

from stories_project.page_cache.address_index import MOST_IN_TUPLE, AddressIndex


class AnIndex:
    @pytest.mark.parametrize("count", [1, MOST_IN_TUPLE, MOST_IN_TUPLE + 1, 100])
    def test_keeps_every_address_once_and_forgets_it(self, count):
        index = AddressIndex()
        addresses = [f"/stories/{number}/" for number in range(count)]
        for address in addresses * 2:
            index.add("newest", address)
        assert sorted(index.of("newest")) == sorted(addresses)
        for number, address in enumerate(addresses, start=1):
            index.discard("newest", address)
            index.discard("newest", address)
            assert len(index.of("newest")) == count - number
        assert len(index) == 0

    def test_knows_no_other_key(self):
        index = AddressIndex()
        index.add("newest", "/")
        index.discard("lead", "/")
        assert list(index.of("lead")) == []
        assert list(index.of("newest")) == ["/"]
