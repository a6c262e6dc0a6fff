"""Labels as parts of a sentence, in the language of the page."""

from django.utils.translation import get_language


def inside_sentence(label: object) -> str:
    """Return a label as it stands inside a sentence: in English, it begins in lower case there.

    Languages in which nouns keep their capitals keep the label as it is.
    """
    text = str(label)
    return text.lower() if (get_language() or "en").startswith("en") else text
