def is_key(text):
    """Whether a text that came from outside can be the primary key of a row, in any database."""
    return str(text).isdecimal() and len(str(text)) < 19
