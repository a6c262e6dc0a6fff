"""What pages remember is never out of date, nor that of another zone or language."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.template import Context, Template
from django.utils import timezone, translation

DAY = Template('{{ day|date:"DATE_FORMAT" }} {{ day|date:"c" }}')


def written(day):
    return DAY.render(Context({"day": day}))


class ADate:
    def test_is_written_in_the_language_of_the_page(self):
        with translation.override("en"):
            english = written(date(2026, 5, 3))
        with translation.override("de"):
            assert written(date(2026, 5, 3)) != english
        with translation.override("en"):
            assert written(date(2026, 5, 3)) == english

    def test_is_written_in_the_zone_of_the_page(self):
        moment = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)
        with timezone.override(ZoneInfo("UTC")):
            assert written(moment).endswith("2026-05-03T23:30:00+00:00")
        with timezone.override(ZoneInfo("Asia/Tokyo")):
            assert written(moment).endswith("2026-05-04T08:30:00+09:00")

    def test_knows_the_hour_that_comes_twice(self):
        with timezone.override(ZoneInfo("Europe/Berlin")):
            first = written(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
            second = written(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
        assert first.endswith("02:30:00+02:00")
        assert second.endswith("02:30:00+01:00")

    def test_may_be_missing(self):
        assert written(None) == " "
