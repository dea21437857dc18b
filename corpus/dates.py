"""Dates as people write them."""

from datetime import date

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
    *("August", "September", "Oktober", "November", "Dezember"),
)


def is_date(text: str) -> bool:
    """Tell whether the text is an ISO 8601 year, month or day."""
    if len(text) not in (4, 7, 10):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def german_date(iso: str) -> str:
    """Return "5. September 2017" for "2017-09-05", "September 2017" and "2017" for less.

    Empty for what isn't a date.
    """
    if not is_date(iso):
        return ""
    year, *rest = iso.split("-")
    month = f"{MONTHS[int(rest[0]) - 1]} " if rest else ""
    day = f"{int(rest[1])}. " if len(rest) > 1 else ""
    return f"{day}{month}{year}"
