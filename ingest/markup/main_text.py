"""Which part of a web page is its text, and which only leads to other pages. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from ingest.markup.text import classes, elements, with_ancestors

_NEVER_NAMES = (
    "head script style template noscript svg canvas iframe object embed audio video button input "
    "select textarea dialog map link meta"
)
_NEVER_TEXT = frozenset(_NEVER_NAMES.split())
_AROUND = ("nav", "form", "footer", "header", "aside")
_FRAME = ("footer", "header", "aside")  # within the text they belong to it
_AROUND_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu")
_HOLDERS = ("div", "section", "ul", "ol", "span", "p", "table", *_AROUND)
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|men[uü]e?|breadcrumbs?|brotkrumen|klickpfad"
    r"|rootline|sidebar|seitenleiste|marginalspalte|cookies?|cookiebot|consent|gdpr|dsgvo|shar(?:e|ing)"
    r"|social|socialmedia|teilen|shariff|pagination|pager|skip|skiplinks?|suche|search|searchform"
    r"|login|newsletter|popup|modal|overlay|comments?|kommentare|respond|related|verwandte"
    r"|footer|topbar|toolbar|banner|werbung)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:wir|diese|unsere|die) .{0,40}?(?:verwende|benutz|nutz|setz|gebrauch).{0,60}?cookies"
    r"|^cookie-?\s?(?:hinweis|einstellungen|richtlinie|zustimmung)|we use cookies",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"sie (?:sind|befinden sich) hier\b|(?:das|dies) könnte sie auch interessieren",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"akzeptier|zustimm|ablehn|einverstanden|accept|\bok\b|einstellungen", re.IGNORECASE
)
_NOISE_LINK = re.compile(
    r"(?:nach oben|zum seitenanfang|seitenanfang|(?:seite |artikel )?drucken|(?:seite )?teilen"
    r"|seite (?:weiter)?empfehlen|(?:direkt )?zum (?:inhalt|hauptinhalt)(?: springen)?"
    r"|zur navigation(?: springen)?|zurück(?: zur übersicht)?|mehr erfahren|weiterlesen)\W*",
    re.IGNORECASE,
)
_MAX_NOTICE_WORDS = 120
_MAX_NOTICE_CHARS = 1_000  # of one stretch of text
_NOTICE_LEVELS = 6  # between a notice's words and the element that holds its buttons
_CORE_SHARE = 0.4  # of a page's words: what holds more is no frame, whatever it is called
_MAIN_SHARE = 0.5  # of the words that are left: less in "main" is a page with wrong marks


def surroundings(page: Tag) -> set[int]:
    """Return the ids of what stands around a page's text: menus, notices, forms, scripts."""
    tags = elements(page)
    words = _word_counts(page)
    core = with_ancestors([tag for tag in tags if tag.name in ("h1", "main") or _is_main(tag)])
    in_text: set[int] = set()
    found = {id(tag) for tag in tags if tag.name in _NEVER_TEXT}
    for tag in tags:
        if tag.parent and (tag.parent.name in ("main", "article") or id(tag.parent) in in_text):
            in_text.add(id(tag))
        is_core = id(tag) in core or words[id(tag)] > _CORE_SHARE * words[id(page)]
        is_nav = tag.name == "nav" or tag.get("role") == "navigation"
        is_around = (is_nav or not is_core) and _is_around(tag, id(tag) in in_text)
        if is_around or _is_noise_link(tag):
            found.add(id(tag))
    return found | {id(tag) for tag in _notices(page, words) if id(tag) not in core}


def main_text(page: Tag, left_out: Collection[int]) -> Tag:
    """Return the element that holds the page's text."""
    articles = elements(page, "article")
    found = [tag for tag in elements(page) if tag.name == "main" or _is_main(tag)]
    found += articles if len(articles) == 1 else []
    words = _word_counts(page, left_out)
    largest = max(found, key=lambda tag: words[id(tag)], default=page)
    return largest if words[id(largest)] >= _MAIN_SHARE * words[id(page)] else page


def _is_main(tag: Tag) -> bool:
    return tag.get("role") == "main"


def _is_noise_link(tag: Tag) -> bool:
    return tag.name == "a" and bool(_NOISE_LINK.fullmatch(" ".join(tag.get_text().split())))


def _is_around(tag: Tag, in_text: bool) -> bool:
    if tag.get("role") in _AROUND_ROLES:
        return True
    if tag.name not in _HOLDERS:
        return False
    if tag.name in _AROUND and not (tag.name in _FRAME and in_text):
        return True
    return bool(_AROUND_NAMES.search(f"{classes(tag)} {tag.get('id', '')}"))


def _notices(page: Tag, words: Mapping[int, int]) -> Iterator[Tag]:
    """Yield what asks for consent, says where one is or leads elsewhere, by its words."""
    for text in page.descendants:
        plain = " ".join(text.split()) if type(text) is NavigableString else ""
        if not plain or len(plain) > _MAX_NOTICE_CHARS:
            continue
        if _ELSEWHERE.match(plain):
            yield from islice(_small(text, words), 1)
        elif "cookie" in plain.lower() and _NOTICE.search(plain):
            yield from islice((tag for tag in _small(text, words) if _asks(tag)), 1)


def _small(text: PageElement, words: Mapping[int, int]) -> Iterator[Tag]:
    for tag in islice(text.parents, _NOTICE_LEVELS):
        if tag.name in _HOLDERS and words.get(id(tag), 0) <= _MAX_NOTICE_WORDS:
            yield tag


def _asks(tag: Tag) -> bool:
    answers = elements(tag, "a", "button", "input")
    return any(_CONSENT.search(f"{a.get_text()} {a.get('value', '')}") for a in answers)


def _word_counts(page: Tag, left_out: Collection[int] = ()) -> dict[int, int]:
    """Return the number of words in each element, without what is left out."""
    counts: dict[int, int] = {}
    for tag in reversed([page, *elements(page)]):  # children come before their parents
        counts[id(tag)] = sum(
            counts.get(id(child), 0) if isinstance(child, Tag) else len(child.split())
            for child in tag.children
            if type(child) is NavigableString or isinstance(child, Tag)
        )
        if id(tag) in left_out:
            counts[id(tag)] = 0
    return counts
