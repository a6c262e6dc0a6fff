"""Which addresses have a surrogate key, in little memory."""

from collections.abc import Collection

# A path, or a path and a query string.
Key = str | tuple[str, str]

# A set takes two hundred bytes even for one address, and most keys are on few pages.
MOST_IN_TUPLE = 8


class AddressIndex:
    """The addresses of the pages that have a key."""

    def __init__(self) -> None:
        self._addresses: dict[str, tuple[Key, ...] | set[Key]] = {}

    def __len__(self) -> int:
        return len(self._addresses)

    def of(self, key: str) -> Collection[Key]:
        """Return the addresses with a key."""
        return self._addresses.get(key, ())

    def add(self, key: str, address: Key) -> None:
        """Add an address, which may be there already."""
        held = self._addresses.get(key, ())
        if isinstance(held, set):
            held.add(address)
        elif address not in held:
            more = (*held, address)
            self._addresses[key] = more if len(more) <= MOST_IN_TUPLE else set(more)

    def discard(self, key: str, address: Key) -> None:
        """Remove an address, if it is there."""
        held = self._addresses.get(key, ())
        if isinstance(held, set):
            held.discard(address)
        elif address in held:
            held = self._addresses[key] = tuple(other for other in held if other != address)
        if not held:
            self._addresses.pop(key, None)

    def clear(self) -> None:
        """Forget all addresses."""
        self._addresses.clear()
