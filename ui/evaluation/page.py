"""The frame of a report: one HTML page that needs nothing else.

No script, no address. All foreign text is escaped by ``ui.markup.tag``; a content security
policy in the page forbids whatever else might get in.
"""

from pathlib import Path

from ui.evaluation.plots import table
from ui.markup import Html, join, lines, tag

_UI = Path(__file__).parents[1]
_HEAD = """<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
"""


def page(title: str, *parts: Html) -> str:
    """Return a whole page."""
    style = Html(f"<style>\n{_style()}</style>\n")
    head = f"{_HEAD}{tag('title', title)}\n{style}</head>\n"
    main = tag("main", join(*parts, by="\n"), class_="evaluation")
    return f"{head}<body>\n{main}\n</body>\n</html>\n"


def section(heading: str, *parts: Html, says: str = "", id: str | None = None) -> Html:
    """Build a section; ``says`` is the sentence that tells what follows."""
    lead = tag("p", says, class_="says") if says else Html()
    return tag("section", tag("h2", heading), lead, *parts, id=id)


def folded(summary: Html | str, *parts: Html, kind: str = "") -> Html:
    """Build a part that unfolds without a script."""
    return tag("details", tag("summary", summary), *parts, class_=kind or None)


def pairs(rows: list[tuple[str, str]]) -> Html:
    """Build a list of names and values."""
    return tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in rows))


def paragraph(text: str, kind: str | None = None) -> Html:
    """Build a paragraph of foreign text; its line breaks stay."""
    return tag("p", lines(text), class_=kind)


def _style() -> str:
    """Return the colours and sizes of the application, the manner of its reports, and ours."""
    shared = (_UI / "design.css").read_text("utf-8")
    reports = (_UI / "report" / "report.css").read_text("utf-8")
    drawings = (_UI / "evaluation" / "plots.css").read_text("utf-8")
    own = (_UI / "evaluation" / "evaluation.css").read_text("utf-8")
    return shared + reports + drawings + own


__all__ = ("folded", "page", "pairs", "paragraph", "section", "table")
