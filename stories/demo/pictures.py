"""The pictures of the demo: drawn when it is added, and stored as uploads are.

Their renditions are made by the first request for one, so that `make run` need not wait for them.
"""

import re
from collections.abc import Callable
from io import BytesIO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from founders.models import Founder
from stories.demo.drawn import others, portraits, road, shares, trials
from stories.demo.drawn.sheet import Sheet
from stories.moderating.unused_pictures import delete_if_unused
from stories_project.library.models import StoredPicture
from stories_project.library.uploading import keep_upload
from stories_project.pictures.drawings import Inks, inks_of

NOTE = "Drawn by manage.py demo"
CREDIT = "Drawing: How They Began"
# In the text of a file: ![what is seen](drawn:map-of-the-road "the caption").
IN_TEXT = re.compile(r"\]\(drawn:(?P<name>[a-z0-9-]+)(?= \"|\))")
Draw = Callable[[Inks], Sheet]
FIGURES: dict[str, Draw] = {
    "map-of-the-road": road.map_of_the_road,
    "years-of-telling": road.years_of_telling,
    "trials-counted": trials.trials_counted,
    "thermometer": trials.thermometer,
    "ledger-of-shares": shares.ledger,
    "sales-of-1893": shares.sales_of_1893,
}
# {slug of a story: (what draws its cover, what is seen)}
COVERS: dict[str, tuple[Draw, str]] = {
    "behind-his-back-bertha-benz-and-the-road-to-pforzheim": (
        road.cover,
        "A three-wheeled car with three people on its bench, one of them in a feathered hat, on "
        "rolling hills under a low sun",
    ),
    "five-thousand-trials-josiah-wedgwood": (
        trials.cover,
        "Rows of small pierced trial pieces on shelves, with gaps between them, and a tall vase "
        "printed over them",
    ),
    "the-widows-shares-marguerite-boucicaut": (
        shares.cover,
        "A share with a heavy border and lines of text, and on it a store of three and four floors "
        "with a domed corner",
    ),
    "the-loom-that-knew-when-to-stop": (
        others.broken_thread,
        "The upright threads of a loom, one of them broken, with a shuttle above the woven cloth",
    ),
    "the-table-with-holes": (
        others.table_with_holes,
        "A table seen from the side with a row of holes; bottles stand on their necks in some of "
        "them",
    ),
    "a-hotel-worthy-of-bombay": (
        others.hotel_by_the_sea,
        "A long hotel of many windows with a dome and two towers, behind waves",
    ),
}


def drawn_cover(slug: str, founder_slug: str) -> dict[str, str]:
    """Return the values of a story's form for the cover drawn for it, or {} if there is none."""
    if slug not in COVERS:
        return {}
    draw, seen = COVERS[slug]
    name = _keep(draw(_inks(founder_slug)), f"Cover {slug}", "covers", seen)
    return {"cover": name, "cover_alt": seen, "cover_credit": CREDIT}


def with_figures(body: str, founder_slug: str) -> str:
    """Return a text in which the addresses of drawn figures are those of stored pictures."""

    def address(match: re.Match[str]) -> str:
        sheet = FIGURES[match["name"]](_inks(founder_slug))
        name = _keep(sheet, match["name"].replace("-", " "), "images")
        return f"]({default_storage.url(name)}"

    return IN_TEXT.sub(address, body)


def add_portrait(founder: Founder) -> None:
    """Give a stored founder the portrait that is drawn for them, if there is one."""
    looks = portraits.OF.get(founder.slug)
    if looks is None:
        return
    seen = f"Drawn profile of {founder.name}, turned to the left"
    sheet = portraits.portrait(looks, inks_of(founder.pk))
    founder.portrait.name = _keep(sheet, f"Portrait {founder.slug}", "portraits", seen)
    founder.portrait_alt, founder.portrait_credit = seen, CREDIT
    founder.save()
    founder.note_pictures()


def remove_unused() -> None:
    """Delete the drawn pictures that nothing uses any more, with their files."""
    now = timezone.now()
    ours = StoredPicture.objects.filter(licence_note=NOTE).unused()
    for name in list(ours.values_list("name", flat=True)):
        delete_if_unused(name, now, uploaded_before=now)


def _inks(founder_slug: str) -> Inks:
    return inks_of(Founder.objects.filter(slug=founder_slug).values_list("pk", flat=True).first())


def _keep(sheet: Sheet, title: str, folder: str, seen: str = "") -> str:
    """Store a sheet as an upload, and return the name of the stored picture."""
    buffer = BytesIO()
    sheet.image().save(buffer, "PNG", compress_level=1)
    upload = SimpleUploadedFile(f"{title}.png", buffer.getvalue(), "image/png")
    name = keep_upload(upload, folder, with_renditions=False)
    row = StoredPicture.objects.get(name=name)
    row.alt, row.credit, row.licence = seen, CREDIT, StoredPicture.Licence.OWN
    row.licence_note = NOTE
    row.save()
    return name
