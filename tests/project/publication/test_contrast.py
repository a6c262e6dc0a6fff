import pytest

from stories_project.publication.contrast import (
    DARK_PAGES,
    FOR_TEXT,
    LIGHT_PAGES,
    contrast,
    least_contrast,
    nearest,
)
from stories_project.publication.values import Publication


class TheContrast:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("#000000", "#ffffff", 21),
            ("#ffffff", "#000000", 21),
            ("#777777", "#ffffff", 4.48),
            ("#ff0000", "#ffffff", 4.0),
            ("#123456", "#123456", 1),
        ],
    )
    def test_is_that_of_wcag(self, one, other, expected):
        assert contrast(one, other) == pytest.approx(expected, abs=0.01)

    def test_of_our_own_accents_is_enough(self):
        assert least_contrast(Publication.accent, LIGHT_PAGES) >= FOR_TEXT
        assert least_contrast(Publication.dark_accent, DARK_PAGES) >= FOR_TEXT

    @pytest.mark.parametrize("pages", [LIGHT_PAGES, DARK_PAGES])
    @pytest.mark.parametrize("colour", ["#ff8800", "#ffffff", "#000000", "#93331c"])
    def test_of_the_nearest_colour_is_just_enough(self, colour, pages):
        found = nearest(colour, pages, FOR_TEXT)
        assert least_contrast(found, pages) >= FOR_TEXT
        if least_contrast(colour, pages) >= FOR_TEXT:
            assert found == colour
        else:
            assert least_contrast(found, pages) < FOR_TEXT + 0.5
