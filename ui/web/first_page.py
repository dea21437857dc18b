"""The HTML that gradio delivers first, in our language, ours, and free of foreign addresses."""

import json
import re
from collections.abc import MutableMapping
from typing import Any

from ui.language import Language, script_phrases, speaking, spoken, translated
from ui.markup import Html, retold, tag

_HEAD = """\
<title>Sozialraum-Assistent</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/ui/icon.svg">
<link rel="stylesheet" href="/ui/design.css">
<link rel="stylesheet" href="/ui/evaluation.css">
<link rel="stylesheet" href="/ui/frame.css">
<link rel="stylesheet" href="/ui/bar.css">
<link rel="stylesheet" href="/ui/ask.css">
<link rel="stylesheet" href="/ui/facets.css">
<link rel="stylesheet" href="/ui/answer.css">
<link rel="stylesheet" href="/ui/sources.css">
<link rel="stylesheet" href="/ui/rating.css">
<link rel="stylesheet" href="/ui/history.css">
<link rel="stylesheet" href="/ui/quality.css">
<link rel="stylesheet" href="/ui/feedback.css">
<link rel="stylesheet" href="/ui/runs.css">
<link rel="stylesheet" href="/ui/golden.css">
<link rel="stylesheet" href="/ui/search.css">
<link rel="stylesheet" href="/ui/workshops.css">
<link rel="stylesheet" href="/ui/documents.css">
<link rel="stylesheet" href="/ui/record.css">
<script src="/ui/words.js"></script>
<script src="/ui/page.js"></script>
<script src="/ui/history.js"></script>
<script src="/ui/ask.js"></script>
<script src="/ui/connection.js"></script>
<script src="/ui/workshops.js"></script>
<link rel="stylesheet" href="/ui/access.css">
<script src="/ui/access.js"></script>
<script src="/ui/documents.js"></script>
"""
_CONFIG = "window.gradio_config = "
# What gradio's parts show of words, beside the HTML that we render.
_SHOWN = ("label", "placeholder", "value")


def prepare(page: str, nonce: str, language: Language = "de", wanted: Language = "de") -> str:
    """Return gradio's first page in the language given, with our style and script.

    ``wanted`` is the language its reader has chosen; the style sheet says so where it differs.
    Drops the preview tags, which name foreign hosts, and what gradio tells of its other pages,
    which not everybody may see. Gives each script the nonce that the content security policy asks
    for.
    """
    with speaking(language):
        return _prepared(page, nonce, f'"{language}" data-wanted="{wanted}"')


def _prepared(page: str, nonce: str, language: str) -> str:
    page = _without_other_pages(page)
    page = re.sub(r'(<html\b[^>]*\blang=)"[^"]*"', rf"\1{language}", page, count=1)
    page = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', "", page)
    page = re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL)
    page = re.sub(r'<link rel="(?:icon|manifest)"[^>]*>\s*', "", page)
    page = page.replace("</head>", f"{_description()}{_HEAD}{words()}</head>", 1)
    page = re.sub(r"(<body\b[^>]*>)", rf"\1{_waiting()}", page, count=1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)


def words() -> Html:
    """Return what the scripts say in the language spoken, for words.js; nothing in German."""
    if spoken() == "de":
        return Html()
    block = json.dumps(dict(script_phrases())).replace("<", r"\u003c")
    return Html(f'<script type="application/json" id="words">{block}</script>')


def _description() -> Html:
    said = translated("Fragen an Werkstattdokumentationen, jede Antwort mit Seite.")
    return tag("meta", name_="description", content=said)


def _waiting() -> Html:
    script = "Bitte schalten Sie JavaScript ein, um Fragen zu stellen."
    loading = tag("p", "Der Sozialraum-Assistent wird geladen …", id="loading")
    return Html(tag("noscript", tag("p", script)) + loading)


def _translate(component: MutableMapping[str, Any]) -> None:
    """Put a part as it was laid out into the language spoken; nothing of a document is in it."""
    props = component.get("props", {})
    for name in _SHOWN:
        given = props.get(name)
        if isinstance(given, str):
            is_html = (component.get("type"), name) == ("html", "value")
            props[name] = retold(Html(given)) if is_html else translated(given)


def _without_other_pages(page: str) -> str:
    before, found, rest = page.partition(_CONFIG)
    if not found:
        return page
    config, end = json.JSONDecoder().raw_decode(rest)
    here = config.get("current_page", "")
    config["page"] = {here: config["page"][here]} if "page" in config else {}
    config["pages"] = []
    if spoken() != "de":
        for component in config.get("components", ()):
            _translate(component)
    # Nothing in it may end the script that it stands in.
    written = (
        json.dumps(config, separators=(",", ":")).replace("<", r"\u003c").replace(">", r"\u003e")
    )
    return before + found + written.replace("&", r"\u0026") + rest[end:]
