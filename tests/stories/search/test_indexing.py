"""Words that the spelling of a search can be corrected to."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stories.models import SearchWord
from stories.search.indexing import learn
from stories_project.text.words import indexed

TEXT = indexed("Looms and kilns")


def learnt():
    return sorted(SearchWord.objects.values_list("word", flat=True))


class AWordThatIsStored:
    @pytest.mark.django_db
    def test_is_stored_once(self):
        learn(TEXT, TEXT)
        learn(TEXT)
        assert learnt() == ["kilns", "looms"]

    @pytest.mark.django_db
    def test_is_not_looked_up(self):
        with CaptureQueriesContext(connection) as captured:
            learn(TEXT)
        assert not [query for query in captured if query["sql"].startswith("SELECT")]

    @pytest.mark.django_db
    def test_is_not_inserted_again(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            learn(TEXT)
        with CaptureQueriesContext(connection) as captured:
            learn(TEXT)
        assert not captured.captured_queries

    @pytest.mark.django_db(transaction=True)
    def test_is_stored_again_if_its_transaction_was_rolled_back(self):
        with transaction.atomic():
            learn(TEXT)
            transaction.set_rollback(True)
        assert learnt() == []
        learn(TEXT)
        assert learnt() == ["kilns", "looms"]
