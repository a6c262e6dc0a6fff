def is_primary_key(text: object) -> bool:
    """Whether a value from outside can be a primary key: decimal digits that fit into a bigint."""
    return str(text).isdecimal() and len(str(text)) < 19
