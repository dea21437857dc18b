"""The gate's threshold: what a run says of it, and where that is kept. Never changes the value."""

import re
from pathlib import Path

from assistant.answer import gate
from assistant.evaluation.calibrate import calibrate, markdown
from assistant.evaluation.types import Run
from ui.evaluation import words

DOCUMENT = Path("docs") / "evaluation.md"
SOURCE = Path("assistant") / "answer" / "gate.py"
BEGIN = "<!-- threshold: written by sozialraum evaluate --calibrate -->"
END = "<!-- threshold: end -->"
_VALUE = re.compile(r"^THRESHOLD = ", re.MULTILINE)


def evidence(run: Run) -> str:
    """Return the evidence for a threshold as Markdown. Raises CalibrationError."""
    header = run.header
    rests_on = {
        "Prüffragen": f"{header.split}, {header.golden[:16]}",
        "Sammlung": header.collection[:16],
        "Wertung": header.scorer,
        "Programm": f"{header.program} {header.commit}".strip(),
        "Gemessen": words.day(header.started),
    }
    return markdown(calibrate(run.cases), rests_on, in_use(run))


def in_use(run: Run) -> float:
    """Return the threshold a run was measured with."""
    return float(run.header.settings.get("gate.THRESHOLD", gate.THRESHOLD))


def keep(block: str, project: Path) -> Path | None:
    """Write the evidence to its place in the project; None where there is no such place."""
    file = project / DOCUMENT
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        return None
    # One heading deeper: the block is a part of a page there.
    inner = re.sub(r"^##", "###", block.strip(), flags=re.MULTILINE)
    file.write_text(f"{before}{BEGIN}\n{inner}\n{END}{after}", encoding="utf-8")
    return file


def advice(run: Run, kept: Path | None, project: Path) -> str:
    """Say which line to change, if any, and where the evidence stands."""
    best, now = calibrate(run.cases).threshold, in_use(run)
    place = _line(project / SOURCE)
    where = f"{SOURCE}, Zeile {place}" if place else str(SOURCE)
    if best == now:
        said = f"Die Schwelle steht richtig ({where})."
    else:
        said = (
            f"Geändert wurde nichts. Wer der Messung folgen will, ändert {where}: "
            f"THRESHOLD = {best:g} (jetzt {now:g})."
        )
    if kept is None:
        return f"{said} Der Nachweis steht nur hier."
    return f"{said} Der Nachweis steht in {DOCUMENT}."


def _line(source: Path) -> int | None:
    if not source.is_file():
        return None
    text = source.read_text(encoding="utf-8")
    found = _VALUE.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None
