"""The HTML that gradio delivers first, made German, ours, and free of foreign addresses."""

import json
import re

_HEAD = """\
<title>Sozialraum-Assistent</title>
<meta name="description" content="Fragen an Werkstattdokumentationen, jede Antwort mit Seite.">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/ui/icon.svg">
<link rel="stylesheet" href="/ui/design.css">
<link rel="stylesheet" href="/ui/evaluation.css">
<link rel="stylesheet" href="/ui/style.css">
<link rel="stylesheet" href="/ui/bar.css">
<link rel="stylesheet" href="/ui/ask.css">
<link rel="stylesheet" href="/ui/workshops.css">
<link rel="stylesheet" href="/ui/documents.css">
<link rel="stylesheet" href="/ui/record.css">
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
_LOADING = '<p id="loading">Der Sozialraum-Assistent wird geladen …</p>'
_NOSCRIPT = "<noscript><p>Bitte schalten Sie JavaScript ein, um Fragen zu stellen.</p></noscript>"


def prepare(page: str, nonce: str) -> str:
    """Return gradio's first page in German, with our style and script.

    Drops the preview tags, which name foreign hosts, and what gradio tells of its other pages,
    which not everybody may see. Gives each script the nonce that the content security policy asks
    for.
    """
    page = _without_other_pages(page)
    page = re.sub(r'(<html\b[^>]*\blang=)"[^"]*"', r'\1"de"', page, count=1)
    page = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', "", page)
    page = re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL)
    page = re.sub(r'<link rel="(?:icon|manifest)"[^>]*>\s*', "", page)
    page = page.replace("</head>", f"{_HEAD}</head>", 1)
    page = re.sub(r"(<body\b[^>]*>)", rf"\1{_NOSCRIPT}{_LOADING}", page, count=1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)


def _without_other_pages(page: str) -> str:
    before, found, rest = page.partition(_CONFIG)
    if not found:
        return page
    config, end = json.JSONDecoder().raw_decode(rest)
    here = config.get("current_page", "")
    config["page"] = {here: config["page"][here]} if "page" in config else {}
    config["pages"] = []
    # Nothing in it may end the script that it stands in.
    written = (
        json.dumps(config, separators=(",", ":")).replace("<", r"\u003c").replace(">", r"\u003e")
    )
    return before + found + written.replace("&", r"\u0026") + rest[end:]
