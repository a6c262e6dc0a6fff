"""Drawings never change, and their URL determines them."""

from dataclasses import replace
from hashlib import sha256
from xml.dom import minidom

import pytest

from stories_project.pictures.drawings import (
    PAPER,
    Drawing,
    as_svg,
    cover_for,
    drawing_at,
    inks_of,
    painted,
    seal_for,
)
from stories_project.pictures.grounds import GROUNDS
from stories_project.pictures.motifs import FIGURES
from stories_project.pictures.subjects import MOTIFS
from stories_project.publication.current import trying
from stories_project.publication.values import Publication


class ADrawing:
    def test_is_the_same_for_the_same_story_and_another_for_another(self):
        assert as_svg(cover_for(7, 3)) == as_svg(cover_for(7, 3))
        assert len({as_svg(cover_for(key, 3)) for key in range(50)}) == 50

    def test_has_the_inks_of_its_founder(self):
        for founder in range(20):
            every = set(sum(Publication().pairs_of_inks, ()))
            inks = {ink for ink in every if ink in as_svg(cover_for(1, founder))}
            assert inks == set(seal_for(founder).inks)

    def test_has_other_inks_if_the_publication_has(self):
        with trying(Publication(inks="#112233 #445566")):
            drawing = cover_for(7, 3)
        assert drawing.src == f"/drawn/cover-112233-445566-{drawing.seed}-arches.svg"
        assert drawing_at(f"cover-112233-445566-{drawing.seed}-arches") == drawing
        assert 'fill="#112233"' in as_svg(drawing)

    def test_draws_every_shape_as_svg_and_in_print(self):
        for key in range(len(FIGURES) * len(GROUNDS) * 2):
            motif = list(MOTIFS)[key % len(MOTIFS)]
            old = Drawing("cover", inks_of(key), f"{key:08x}")
            shown = replace(cover_for(key, key), motif=motif), replace(seal_for(key), motif=motif)
            for drawing in (*shown, old):
                minidom.parseString(as_svg(drawing))  # noqa: S318  our own
                image = painted(drawing, 0.1)
                assert image.size == (drawing.width // 10, drawing.height // 10)
                colours = {colour for _, colour in image.getcolors(100_000)}
                assert tuple(bytes.fromhex(PAPER)) in colours
                assert len(colours) > 3

    def test_can_be_drawn_for_a_story_that_is_not_stored(self):
        assert as_svg(cover_for(None, None))

    @pytest.mark.parametrize(
        ("texts", "motif"),
        [
            (["The Loom That Knew When to Stop"], "loom"),
            (["Ten Thousand Bottles for Königsberg"], "bottle"),
            (["The dowry and the engine"], "wheel"),
            (["Dismissed from his own name", "He sold looms, and then bottles."], "loom"),
            (["The bank clerk who liked photographs"], "camera"),
            (["Eine Bank in Kairo"], "coins"),
            (["A bank that kept its books in Arabic"], "coins"),
            (["Das Spielzeug des Tischlers"], "blocks"),
            (["A carpet, a banknote and a priceless rhyme"], "windows"),
            ([""], "windows"),
        ],
    )
    def test_shows_what_the_story_is_about(self, texts, motif):
        assert cover_for(4, 1, *texts).motif == motif

    def test_of_no_subject_shows_one_that_contradicts_none(self):
        motifs = {cover_for(key, 1, "Nobody knows").motif for key in range(20)}
        assert motifs == {"sun", "rings", "arches", "ladder", "windows"}


@pytest.mark.django_db
class TheAddressOfADrawing:
    def test_is_cached_for_ever_and_needs_no_query(self, client, django_assert_num_queries):
        client.get("/healthz")  # looks whether an update is due
        with django_assert_num_queries(0):
            response = client.get(cover_for(7, 3).src)
        assert response["Content-Type"] == "image/svg+xml"
        assert "immutable" in response["Cache-Control"]
        assert response.text == as_svg(cover_for(7, 3))

    def test_of_an_old_release_leads_to_the_same_drawing(self):
        with_inks = drawing_at("cover-2a6c78-cf5a3c-5b1f4a02")
        assert drawing_at("cover-2-5b1f4a02") == with_inks
        assert with_inks.src == "/drawn/cover-2a6c78-cf5a3c-5b1f4a02.svg"

    @pytest.mark.parametrize(
        ("name", "digest"),
        [
            ("cover-2a6c78-cf5a3c-5b1f4a02", "0feaf8cb240d"),
            ("cover-d8912c-2e4034-0d9c33e1", "816ea88f4209"),
            ("seal-bc3f24-1d3f5c-f30102aa", "8e07876cc426"),
        ],
    )
    def test_of_an_old_release_shows_what_it_has_always_shown(self, name, digest):
        svg = as_svg(drawing_at(name))
        assert sha256(svg.encode()).hexdigest()[:12] == digest

    @pytest.mark.parametrize(
        "name",
        [
            *("cover-99-00000000", "cover-1-0000000", "cover-1-0000000g", "x-1-00000000", "cover"),
            *("cover-1-00000000-", "cover-1-00000000-unknown", "cover-1-00000000-hills"),
        ],
    )
    def test_that_is_invalid_is_not_found(self, client, name):
        assert drawing_at(name) is None
        assert client.get(f"/drawn/{name}.svg").status_code == 404
