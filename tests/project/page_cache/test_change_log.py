"""Every committed change is read once, whatever the order of the commits."""

import threading

import pytest
from django.db import connection, transaction

from stories_project.page_cache import change_log
from stories_project.page_cache.change_log import Reader
from stories_project.page_cache.models import Change


@pytest.mark.django_db
class AReader:
    def test_begins_with_what_is_there_and_then_reads_what_is_new(self):
        change_log.record("story-1")
        reader = Reader()
        assert reader.read() is None
        assert reader.read() == set()
        change_log.record("story-2", "newest")
        assert reader.read() == {"story-2", "story-any", "newest"}
        assert reader.read() == set()

    def test_says_that_everything_may_have_changed_if_the_database_is_an_older_one(self):
        reader = Reader()
        for number in range(3):
            change_log.record(f"story-{number}")
        reader.read()
        if connection.vendor == "postgresql":
            reader._position += 1_000_000
        else:
            Change.objects.exclude(pk=Change.objects.earliest("pk").pk).delete()
        assert reader.read() is None

    def test_reads_on_after_old_changes_were_removed(self):
        reader = Reader()
        change_log.record("story-1")
        reader.read()
        Change.objects.all().delete()
        assert reader.read() == set()
        change_log.record("story-2")
        assert "story-2" in reader.read()


@pytest.mark.django_db(transaction=True)
class ATransactionThatCommitsLate:
    def test_is_read_although_a_later_one_came_first(self):
        """The first transaction takes its number, the second commits, then the first."""
        if connection.vendor != "postgresql":
            pytest.skip("SQLite writes one transaction at a time")
        reader, has_written, may_commit = Reader(), threading.Event(), threading.Event()
        reader.read()

        def slow():
            with transaction.atomic():
                change_log.record("story-1")
                has_written.set()
                may_commit.wait(10)
            connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        has_written.wait(10)
        change_log.record("story-2")
        assert reader.read() == {"story-2", "story-any"}
        may_commit.set()
        thread.join()
        assert reader.read() == {"story-1", "story-any"}
        assert reader.read() == set()


@pytest.mark.django_db
class AChange:
    def test_is_not_recorded_by_a_transaction_that_is_rolled_back(self):
        reader = Reader()
        reader.read()
        with transaction.atomic():
            change_log.record("story-1")
            transaction.set_rollback(True)
        assert reader.read() == set()

    def test_of_nothing_writes_no_row(self):
        change_log.record()
        assert not Change.objects.exists()
