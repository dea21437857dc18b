"""Does a web page only lead to a publication, and by which of its links? Pure.

The page is the document itself unless one link clearly leads to it. Points are set by the
table of pages in ``tests/ingest/test_fetch.py``.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import httpx

from ingest.formats import FOREIGN
from ingest.web.content import ACCEPTED
from ingest.web.page import Link, Page

MAX_LISTED = 8
# Words in the main part: from here on a page is mainly text, and below it hardly any.
_MAINLY_TEXT, _HARDLY_TEXT = 400, 120
# Points a link needs to be followed: where there is hardly any text, usually, from a text.
_FROM_LIST, _FOLLOWED, _FROM_TEXT = 2, 3, 7
# The best must be ahead of the next by as much.
_LEAD = 2

_DOCUMENTS = ({*ACCEPTED, *FOREIGN}) - {".html", ".htm", ".eml"}
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# All patterns below meet text in lower case without umlauts.
_LOADING = re.compile(r"download|(?:he)?runter(?:zu)?laden|als pdf\b|zum pdf\b")
_WORK = re.compile(
    r"publikation|doku|veroeffentlichung|broschuere|bericht|studie|leitfaden|"
    r"handreichung|arbeitshilfe|themenheft|werkstattheft|\bheft\b|gutachten|konzept|langfassung|"
    r"volltext|gesamtfassung|protokoll"
)
_PDF = re.compile(r"\bpdf\b|\d\s?[mk]b\b")
_OFFERED = re.compile(r"download|herunterladen|publikation|dokumentation|zum bericht")
_ELSEWHERE = re.compile(
    r"weiterfuehrend|weitere|siehe auch|verwandt|auch interessieren|quellen|literatur|\blinks\b|"
    r"zum weiterlesen|mehr zum thema|archiv|presse|rechtliches|hinweise|formulare"
)
_IN_PASSING = re.compile(
    r"weitere (?:informationen|hinweise)|mehr (?:dazu|zum|informationen)|siehe auch|naeheres|"
    r"\bvgl\b"
)
_OFFICIAL = re.compile(
    r"impressum|datenschutz|barrierefreiheit|satzung|formular|antrag|nutzungsbedingung|\bagb\b|"
    r"lizenz|anmeld|einladung|tagesordnung|flyer|plakat|pressemitteilung|programm\b|lageplan|anfahrt"
)
_VARIANT = re.compile(
    r"leichte[rn]? sprache|gebaerden|englisch|english|franzoes|francais|tuerk|polnisch|polski|"
    r"arabisch|russisch|ukrain|spanisch|italien|niederl|kurzfassung|zusammenfassung|summary|"
    r"abstract|auszug|leseprobe|inhaltsverzeichnis|barrierefreie|anhang|anlage|praesentation|"
    r"folien|vortrag|poster"
)
_MEANINGFUL = re.compile(r"[a-z]{4,}|\b\d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Choice:
    """The link to follow; else, where several are equally good, all of them; else neither."""

    address: str = ""
    candidates: tuple[tuple[str, str], ...] = ()
    """What each is called, and its address."""


@dataclass(frozen=True, slots=True)
class _Scored:
    points: int
    text: str
    address: str
    work: str
    """Equal for the same work in several formats."""


def chosen(page: Page, address: str) -> Choice:
    """Return which link of the page at ``address`` leads to its publication."""
    base = _joined(address, page.base) or httpx.URL(address)
    stated = {str(url) for one in page.stated if (url := _joined(str(base), one))}
    if len(stated) == 1:
        return Choice(stated.pop())
    ranked = _ranked(page, str(base), address)
    if not ranked:
        return Choice()
    best = ranked[0]
    mainly_text = page.words >= _MAINLY_TEXT
    usual = _FROM_LIST if page.words < _HARDLY_TEXT else _FOLLOWED
    if best.points < (_FROM_TEXT if mainly_text else usual):
        return Choice()
    rivals = [one for one in ranked if one.points > best.points - _LEAD]
    if len(rivals) == 1:
        return Choice(best.address)
    # A long text that offers several documents isn't there for any one of them.
    return Choice() if mainly_text else Choice("", tuple((r.text, r.address) for r in rivals))


def _ranked(page: Page, base: str, address: str) -> list[_Scored]:
    """Return the links that may lead to documents, best first, each work once."""
    best: dict[str, _Scored] = {}
    for link in page.links:
        url = _joined(base, link.address)
        if url is None or url == httpx.URL(address).copy_with(fragment=None):
            continue
        if not _may_be_document(link, url):
            continue
        path = _path(url)
        stem = path.with_suffix("") if path.suffix.lower() in _DOCUMENTS else path
        work = f"{url.host}{stem}?{url.query.decode('ascii', 'replace')}"
        scored = _Scored(_points(link, url, page), _called(link, url), str(url), work)
        if scored.points > 0 and (work not in best or scored.points > best[work].points):
            best[work] = scored
    return sorted(best.values(), key=lambda one: -one.points)


def _may_be_document(link: Link, url: httpx.URL) -> bool:
    if _path(url).suffix.lower() in _DOCUMENTS:
        return True
    if link.download or link.media_type == "application/pdf":
        return True
    # A program that delivers the file: only where the words leave no doubt.
    said = _plain(link.text if len(link.text) > len("hier klicken") else f"{link.near} {link.text}")
    return bool(_LOADING.search(said) and _WORK.search(said))


def _points(link: Link, url: httpx.URL, page: Page) -> int:
    said, near, heading = _plain(link.text), _plain(link.near), _plain(link.heading)
    name = _plain(_path(url).name)
    title = _plain(page.title)
    own = f"{said} {name}"
    points = 3 if _LOADING.search(said) else 2 if link.download or _LOADING.search(near) else 0
    points += 3 if _WORK.search(said) else 2 if _WORK.search(f"{near} {name}") else 0
    points += name.endswith(tuple(_DOCUMENTS))
    points += bool(name.endswith(".pdf") or _PDF.search(f"{said} {near}"))
    points += 2 * _shares_words(own, title)
    if _ELSEWHERE.search(heading):
        points -= 5
    elif heading != title and _OFFERED.search(heading):
        points += 2
    points -= 3 * bool(_IN_PASSING.search(near))
    # A page about a statute leads to the statute.
    points -= 5 * bool(_OFFICIAL.search(own) and not _OFFICIAL.search(title))
    foreign = bool(link.language) and link.language != "de"
    points -= 4 * bool((foreign or _VARIANT.search(own)) and not _VARIANT.search(title))
    return points - 2 * link.aside


def _shares_words(said: str, title: str) -> bool:
    wanted = set(_MEANINGFUL.findall(title))
    return len(wanted & set(_MEANINGFUL.findall(said))) >= min(2, max(1, len(wanted)))


def _called(link: Link, url: httpx.URL) -> str:
    text = link.text if len(link.text) > len("hier klicken") else f"{link.near} {link.text}"
    return text.strip(" …")[:100] or _path(url).name


def _path(url: httpx.URL) -> PurePosixPath:
    """The path without the session that some servers hang on to it."""
    return PurePosixPath(url.path.partition(";")[0])


def _joined(base: str, address: str) -> httpx.URL | None:
    try:
        url = httpx.URL(base).join(address.strip()) if address.strip() else None
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return None
    web = url is not None and url.scheme in ("http", "https") and url.host
    return url.copy_with(fragment=None) if url is not None and web else None


def _plain(text: str) -> str:
    """Lower case, umlauts written out, file names taken apart."""
    folded = unicodedata.normalize("NFC", text).lower().translate(_TRANSLITERATION)
    return folded.replace("_", " ").replace("%20", " ").replace("-", " ")
