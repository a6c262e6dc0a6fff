"""Whatever happens, the cache answers what Django would answer now.

Random edits, decisions, transitions and reads: after each event, every address is asked from the
cache and from Django itself, and both must say the same.
"""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.newsroom import Newsroom, addresses
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS_THAT_PASS = (0, 0, 0, 1, 5, 31, 91, 3600, 90000)


@settings(
    max_examples=2,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(rng=st.randoms(use_true_random=False))
def test_the_cache_answers_what_django_answers(rng):
    with time_machine.travel(START, tick=False) as clock, transaction.atomic():
        newsroom, cached = Newsroom(rng), CachingClient()
        known = dict.fromkeys(addresses())
        for _ in range(rng.randint(3, 10)):
            for address in rng.sample(list(known), 12):
                cached.get(address)
            event = newsroom.happen()
            clock.shift(rng.choice(SECONDS_THAT_PASS))
            cached.cache.freshness.hurry()
            known |= dict.fromkeys(addresses())
            for address in known:
                answer, truth = cached.get(address), cached.uncached(address)
                assert answer.status_code == truth.status_code, (event, address)
                assert answer.body == truth.body, (event, address)
        transaction.set_rollback(True)
