"""Write a small real PDF, as someone in an office would."""

import typst

_SOURCE = """#set text(lang: "de", font: "Libertinus Serif")
#set page(numbering: "1")
= Begehung
== Ergebnis
{text}
"""


def write_pdf(path, text):
    """Typeset one page with two headings and the text."""
    path.write_bytes(typst.compile(_SOURCE.format(text=text).encode()))
