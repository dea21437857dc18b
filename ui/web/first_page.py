"""The HTML that gradio delivers first, made German, ours, and free of foreign addresses."""

import re

_HEAD = """\
<title>Sozialraum-Assistent</title>
<meta name="description" content="Fragen an Werkstattdokumentationen, jede Antwort mit Seite.">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/ui/icon.svg">
<link rel="stylesheet" href="/ui/design.css">
<link rel="stylesheet" href="/ui/evaluation.css">
<link rel="stylesheet" href="/ui/style.css">
<script src="/ui/page.js"></script>
"""
_LOADING = '<p id="loading">Der Sozialraum-Assistent wird geladen …</p>'
_NOSCRIPT = "<noscript><p>Bitte schalten Sie JavaScript ein, um Fragen zu stellen.</p></noscript>"


def prepare(page: str, nonce: str) -> str:
    """Return gradio's first page in German, with our style and script.

    Drops the preview tags, which name foreign hosts, and gives each script the nonce that the
    content security policy asks for.
    """
    page = re.sub(r'(<html\b[^>]*\blang=)"[^"]*"', r'\1"de"', page, count=1)
    page = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', "", page)
    page = re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL)
    page = re.sub(r'<link rel="(?:icon|manifest)"[^>]*>\s*', "", page)
    page = page.replace("</head>", f"{_HEAD}</head>", 1)
    page = re.sub(r"(<body\b[^>]*>)", rf"\1{_NOSCRIPT}{_LOADING}", page, count=1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)
