import pytest

from stories_project.page_cache.encodings import encoding_for, is_compressible


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("BR;q=0.1, gzip;q=0.9", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("", "identity"),
        ("br;q=broken", "identity"),
        (",;q=,,;", "identity"),
        ("x" * 1_000_000, "identity"),
    ],
)
def test_a_client_gets_the_smallest_encoding_that_it_accepts(accepted, encoding):
    assert encoding_for(accepted) == encoding


@pytest.mark.parametrize(
    ("content_type", "is_worth_it"),
    [
        ("text/html; charset=utf-8", True),
        ("application/atom+xml", True),
        ("application/feed+json", True),
        ("image/svg+xml", True),
        ("image/jpeg", False),
        ("", False),
    ],
)
def test_only_texts_are_encoded(content_type, is_worth_it):
    assert is_compressible(content_type, b"x" * 1000) == is_worth_it
    assert not is_compressible(content_type, b"x" * 100)
