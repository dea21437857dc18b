"""Numbers of automatic lists, which office files count instead of storing them. Pure."""

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MAX_ROMAN = 3999


def numeral(count: int, form: str) -> str:
    """Write a number as "1", "a", "A", "i" or "I" says; the 28th letter is "ab"."""
    if form in ("i", "I") and 0 < count <= _MAX_ROMAN:
        return _cased(_roman(count), form)
    if form in ("a", "A") and count > 0:
        return _cased(_letters(count), form)
    return str(count)


def _cased(text: str, form: str) -> str:
    return text.upper() if form.isupper() else text


def _roman(count: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (count // value)
        count %= value
    return text


def _letters(count: int) -> str:
    text = ""
    while count:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
