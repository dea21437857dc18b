"""HTML out of plain values: text is escaped where it enters, and the result is fenced again.

Two independent guards. ``tag`` escapes every child and attribute that isn't ``Html`` already, so
that markup can only come from a ``tag`` call in this program. ``fence`` runs the finished page
part through nh3 with a short allow-list; it changes nothing as long as the first guard holds.

It is also the one place of translation: a plain string is a phrase of ours, and stands in the
page in the language spoken (``ui/language.py``). What comes from the collection or from a person
is ``foreign``: never translated, and marked as German within an English page.
"""

import html
import re
from collections.abc import Iterable

import nh3

from ui.language import Piece, pieces, spoken, translated

VOID_TAGS = frozenset({"img", "br", "input", "meta"})

ALLOWED_TAGS = frozenset(
    {
        *("article", "section", "nav", "div", "h1", "h2", "h3", "p", "br", "blockquote"),
        *("ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("span", "strong", "em", "code", "mark", "a", "button", "img"),
    }
)
# Of reports shown in the page; an answer has none of these.
REPORT_TAGS = frozenset(
    {"details", "summary", "dl", "dt", "dd", "h4", "small", "header", "progress"}
)
# Of the one form that readers fill in; it holds no text but ours.
FORM_TAGS = frozenset({"fieldset", "legend", "label", "input", "textarea"})
ALLOWED_ATTRIBUTES = {
    "*": {
        "class",
        "id",
        "role",
        "aria-label",
        "aria-labelledby",
        "aria-current",
        "aria-disabled",
        "aria-hidden",
        "aria-pressed",
        "tabindex",
        "lang",
    },
    "a": {"href", "target", "rel", "download"},
    "img": {"src", "alt", "decoding", "width", "height"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "progress": {"value", "max"},
    "input": {"type", "name", "value"},
    "textarea": {"name", "rows", "maxlength"},
}

# Ids that documents get on the command line, as one quoted path segment; versions are SHA-256.
_ITEM = r"[A-Za-z0-9._~%-]{1,400}/[A-Za-z0-9]{1,128}"
# A run's folder, see ui/evaluation/measurements.py.
_RUN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}"
# An answer that can be taken away, see ui/records.py.
_RECORD = r"[0-9a-f]{32}"
ADDRESS_RULES = {
    ("a", "href"): re.compile(
        rf"#[a-z0-9-]{{1,60}}|/[a-z]{{0,30}}|/\?[a-z]{{1,20}}=[A-Za-z0-9._~%&=+-]{{1,800}}|/rueckmeldungen/wissensluecken\.csv|/original/{_ITEM}(#page=[0-9]{{1,6}})?"
        rf"|/messung/{_RUN}/(bericht\.html|bericht\.md|run\.json)"
        rf"|/messung/{_RUN}/{_RUN}/vergleich\.html"
        r"|/unterlagen/(bericht/[A-Za-z0-9._~%-]{1,400}|beleg/[0-9a-f]{16}\.txt)"
        rf"|/\?frage=[A-Za-z0-9._~%-]{{1,600}}(&werkstatt=[0-9]{{1,6}})?"
        rf"|/antwort/{_RECORD}(#drucken|/(vermerk\.(docx|pdf)|antwort\.md|quellen\.(bib|ris)))?"
        r"|/sprache/(de|en)\?zurueck=[A-Za-z0-9._~%-]{1,1000}"
        rf"|/gespraech\.md\?antworten={_RECORD}(,{_RECORD}){{0,49}}"
    ),
    ("img", "src"): re.compile(
        rf"/seite/{_ITEM}/[0-9]{{1,6}}\.png(\?passage=[A-Za-z0-9._~%-]{{1,400}}&von=\d+&bis=\d+)?"
        rf"|/messung/{_RUN}/[a-z]{{1,20}}\.svg"
    ),
}
# Where a catalogue says it knows something from; another host, asked only when a reader presses.
SOURCE_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?([/?#][A-Za-z0-9._~%!$&'()*+,;=:@/?#-]{0,1900})?"
)
_FORM_RULES = {
    ("input", "type"): re.compile(r"radio|checkbox"),
    ("input", "name"): re.compile(r"[a-z]{1,20}"),
    ("input", "value"): re.compile(r"[a-z]{1,20}"),
    ("textarea", "name"): re.compile(r"[a-z]{1,20}"),
    ("textarea", "rows"): re.compile(r"[0-9]{1,2}"),
    ("textarea", "maxlength"): re.compile(r"[0-9]{1,5}"),
}
_VALUE_RULES = {
    "class": re.compile(r"[a-z0-9 -]{0,80}"),
    "id": re.compile(r"[a-z0-9-]{1,60}"),
    "role": re.compile(r"status|group"),
    "aria-current": re.compile(r"page"),
    "aria-disabled": re.compile(r"true"),
    "aria-hidden": re.compile(r"true"),
    "aria-pressed": re.compile(r"true|false"),
    "tabindex": re.compile(r"0|-1"),
    "lang": re.compile(r"de|en"),
    "width": re.compile(r"[0-9]{1,4}"),
    "height": re.compile(r"[0-9]{1,4}"),
    "colspan": re.compile(r"[0-9]{1,4}"),
    "rowspan": re.compile(r"[0-9]{1,4}"),
    "max": re.compile(r"[0-9]{1,9}"),
    "value": re.compile(r"[0-9]{1,9}"),
    "target": re.compile(r"_blank"),
    "rel": re.compile(r"noopener noreferrer"),
}

# Control characters but tab and newline; and the marks that reorder text on the screen, with
# which a file name can pass for another one. Neither shows anything by itself.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


# Attributes that a person reads or hears.
_SPOKEN_ATTRIBUTES = frozenset({"aria-label", "title", "alt", "placeholder"})
# Elements that hold text and no markup.
_TEXT_ALONE = frozenset({"title", "textarea"})
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_SPOKEN = re.compile(rf' ((?:{"|".join(sorted(_SPOKEN_ATTRIBUTES))})=")([^"]*)"')
_LETTERS = re.compile(r"[^\W\d_]{2}")


class Html(str):
    """Markup that is safe as it stands. Every other string is text."""

    __slots__ = ()


class Foreign(str):
    """Text of the collection or of a person: German, shown as it is in every language."""

    __slots__ = ()


def foreign(value: str) -> str:
    """Mark text that comes from the collection or from a person; markup stays markup."""
    return value if isinstance(value, Html) else Foreign(value)


def text(value: str) -> Html:
    """Escape ``value``; drop control characters and marks that reorder text.

    A phrase of ours is translated, what stays German is marked so within an English page.
    """
    if isinstance(value, Html):
        return value
    return Html("".join(_marked(piece) for piece in _pieces(value)))


def _pieces(value: str) -> tuple[Piece, ...]:
    if not isinstance(value, Foreign):
        return pieces(value)
    stays = spoken() != "de" and _LETTERS.search(value)
    return (Piece(value, "kept" if stays else "ours"),)


def _marked(piece: Piece) -> str:
    escaped = _escaped(piece.text)
    return escaped if piece.kind == "ours" else f'<span lang="de">{escaped}</span>'


def _escaped(value: str) -> str:
    return html.escape(readable(value))


def readable(value: str) -> str:
    r"""Drop control characters and marks that reorder text; line ends become ``\n``.

    For files as well: what is left may stand in XML.
    """
    # Lone surrogates come from broken files and can't be sent as UTF-8.
    encodable = value.encode("utf-8", "replace").decode("utf-8")
    return _UNSEEN.sub("", encodable.replace("\r\n", "\n").replace("\r", "\n"))


def join(*parts: str, by: str = "") -> Html:
    """Put parts one after the other, each escaped unless it is Html; empty ones are left out."""
    return Html(text(by).join(text(part) for part in parts if part))


def tag(name: str, *children: str, **attributes: str | None) -> Html:
    """Build an element. ``class_`` and ``aria_label`` stand for ``class`` and ``aria-label``.

    An attribute that is None is left out. The children of a void element must be empty.
    """
    named = {
        key.rstrip("_").replace("_", "-"): value if isinstance(value, Foreign) else str(value)
        for key, value in attributes.items()
        if value is not None
    }
    if name in _TEXT_ALONE:
        content = "".join(_said(child) for child in children)
    elif len(children) == 1 and _stays_german(children[0]) and _may_be_marked(named):
        named["lang"] = "de"
        content = _escaped(children[0])
    else:
        content = join(*children)
    written = "".join(f' {key}="{_attribute(key, value)}"' for key, value in named.items())
    if name in VOID_TAGS:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{content}</{name}>")


def _attribute(key: str, value: str) -> str:
    return _said(value) if key in _SPOKEN_ATTRIBUTES else _escaped(value)


def _said(value: str) -> str:
    """Write a text where nothing can be marked."""
    if isinstance(value, Html):
        return value
    return _escaped(value if isinstance(value, Foreign) else translated(value))


def _stays_german(child: str) -> bool:
    if spoken() == "de" or isinstance(child, Html):
        return False
    return all(piece.kind != "ours" for piece in _pieces(child) if piece.text)


def _may_be_marked(attributes: dict[str, str]) -> bool:
    """Tell whether the element can be marked whole: it has no words of its own, or is already."""
    return not _SPOKEN_ATTRIBUTES & attributes.keys() and "lang" not in attributes


def fence(
    markup: Html,
    *,
    images: bool = False,
    report: bool = False,
    form: bool = False,
    sources: bool = False,
) -> Html:
    """Return ``markup`` without any element, attribute or address that isn't allowed.

    ``images`` admits images of our own routes, and no others; ``report`` what reports are built
    of, such as parts that unfold; ``form`` what can be filled in; ``sources`` links to the
    addresses of others that a catalogue names.
    """
    tags = ALLOWED_TAGS if images else ALLOWED_TAGS - {"img"}
    tags |= (REPORT_TAGS if report else set()) | (FORM_TAGS if form else set())
    return Html(
        nh3.clean(
            markup,
            tags=set(tags),
            attributes={name: set(values) for name, values in ALLOWED_ATTRIBUTES.items()},
            attribute_filter=_allowed_source if sources else _allowed_value,
            url_schemes={"http", "https"} if sources else set(),
            link_rel=None,
        )
    )


def retold(markup: Html) -> Html:
    """Translate markup that was rendered in German and holds no words but ours."""
    told = _TEXT.sub(lambda found: text(html.unescape(found[0])), markup)
    return Html(_SPOKEN.sub(lambda found: f' {found[1]}{_said(html.unescape(found[2]))}"', told))


def items(parts: Iterable[str], **attributes: str | None) -> Html:
    """Build a list of ``li`` in a ``ul``."""
    return tag("ul", *(tag("li", part) for part in parts), **attributes)


def lines(value: str) -> Html:
    """Escape text and keep its line breaks."""
    return Html(text(value).replace("\n", "<br>"))


def _allowed_value(element: str, attribute: str, value: str) -> str | None:
    own = ADDRESS_RULES.get((element, attribute)) or _FORM_RULES.get((element, attribute))
    rule = own or _VALUE_RULES.get(attribute)
    return value if rule is None or rule.fullmatch(value) else None


def _allowed_source(element: str, attribute: str, value: str) -> str | None:
    is_source = (element, attribute) == ("a", "href") and SOURCE_ADDRESS.fullmatch(value)
    return value if is_source else _allowed_value(element, attribute, value)
