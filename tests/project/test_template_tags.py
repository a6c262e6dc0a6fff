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


class ATranslatedText:
    def test_is_in_the_language_of_each_page(self):
        text = Template('{% load i18n %}{% translate "Stories" %}')
        for language, expected in (("en", "Stories"), ("de", "Geschichten"), ("en", "Stories")):
            with translation.override(language):
                assert text.render(Context()) == expected

    def test_is_not_remembered_if_it_comes_from_the_page(self):
        text = Template("{% load i18n %}{% translate word %}{% translate word as same %}{{ same }}")
        for word in ("<b>", "Stories"):
            shown = text.render(Context({"word": word}))
            assert shown == ("&lt;b&gt;&lt;b&gt;" if word == "<b>" else "StoriesStories")

    def test_may_have_a_filter_and_a_meaning(self):
        text = Template('{% load i18n %}{% translate "a"|add:end %}{% trans "b" context "the c" %}')
        assert [text.render(Context({"end": end})) for end in "xy"] == ["axb", "ayb"]


class ATranslatedSentence:
    def render(self, sentence, language="en", **values):
        with translation.override(language):
            return Template("{% load i18n %}" + sentence).render(Context(values))

    def test_is_in_the_language_of_each_page(self):
        text = Template(
            "{% load i18n %}{% blocktranslate %}{{ minutes }} min read{% endblocktranslate %}"
        )
        for language, expected in (("en", "5 min read"), ("de", "5 Min."), ("en", "5 min read")):
            with translation.override(language):
                assert text.render(Context({"minutes": 5})).startswith(expected)

    def test_escapes_each_value(self):
        sentence = (
            "{% blocktranslate with name=who|upper %}By {{ name }} 100%{% endblocktranslate %}"
        )
        assert self.render(sentence, who="<b>") == "By &lt;B&gt; 100%"

    def test_prefers_the_value_it_is_given(self):
        sentence = (
            "{% blocktranslate with name='Ada' %}By {{ name }}{% endblocktranslate %}{{ name }}"
        )
        assert self.render(sentence, name="Bea") == "By AdaBea"

    def test_says_nothing_for_a_value_that_is_missing(self):
        assert self.render("{% blocktranslate %}By {{ name }}.{% endblocktranslate %}") == "By ."

    def test_may_have_a_meaning_a_plural_and_a_name(self):
        assert self.render("{% blocktrans context 'a life' %}Since {{ a }}{% endblocktrans %}", a=1)
        plural = "{% blocktrans count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktrans %}"
        assert [self.render(plural, n=number) for number in (1, 2)] == ["1 day", "2 days"]
        assert (
            self.render("{% blocktrans asvar it %}By {{ a }}{% endblocktrans %}{{ it }}", a=1)
            == "By 1"
        )


class AShortText:
    def test_is_shortened_as_django_does(self):
        text = Template("{{ text|truncatechars:5 }}")
        for given, shown in (("short", "short"), ("longer", "long…"), (None, "None"), (12, "12")):
            assert text.render(Context({"text": given})) == shown

    def test_counts_a_letter_with_its_accent_once(self):
        text = Template("{{ text|truncatechars:5 }}")
        assert text.render(Context({"text": "cafe\u0301s"})) == "cafés"
