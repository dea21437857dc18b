"""The link that changes the language of the readers' pages. Pure."""

from urllib.parse import quote

from ui.language import Language, spoken
from ui.markup import Html, join, tag

# As each language calls itself; never translated.
_NAMES: dict[Language, str] = {"de": "Deutsch", "en": "English"}


def switch(back: str) -> Html:
    """Render the link to the other language, which leads back to ``back``, a place of ours."""
    other: Language = "de" if spoken() == "en" else "en"
    return _link(other, back, Html(_NAMES[other]))


def short(language: Language, back: str) -> Html:
    """Render the link to one language, with a name for where there is little room."""
    name = tag("span", Html(_NAMES[language]), class_="name")
    code = tag("span", Html(language.upper()), class_="short", aria_hidden="true")
    return _link(language, back, join(name, code))


def _link(language: Language, back: str, name: Html) -> Html:
    address = f"/sprache/{language}?zurueck={quote(back, safe='')}"
    return tag("a", name, href=address, class_="language", lang=language)
