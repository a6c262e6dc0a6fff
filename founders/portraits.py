"""Who may see a portrait: all, while an approved founder has it; otherwise only the staff."""

from founders.models import Founder


def keys_of(name: str) -> list[str]:
    """Return the surrogate keys of the approved founders with a portrait; none: it is not public.

    `name` is the name of the stored picture, such as "portraits/….webp".
    """
    founders = Founder.objects.approved().with_portrait(name).only("pk")
    return [founder.surrogate_key for founder in founders]
