"""Reports on disk: a run in three forms, a comparison in two."""

from pathlib import Path

from assistant.evaluation.comparison import Comparison
from assistant.evaluation.run import RunError, dump, load
from assistant.evaluation.types import Run
from ui.evaluation import comparison, report, summary
from ui.evaluation.places import COMPARISON, COMPARISON_SUMMARY, REPORT, RUN, SUMMARY


def write_run(run: Run, folder: Path) -> dict[str, Path]:
    """Write a run as JSON, HTML and Markdown; return the files by kind. Raises OSError."""
    told = summary.tell(run)
    files = {
        "run": folder / RUN,
        "html": folder / REPORT,
        "markdown": folder / SUMMARY,
    }
    folder.mkdir(parents=True, exist_ok=True)
    dump(run, files["run"])
    files["html"].write_text(report.html(run, told), encoding="utf-8")
    files["markdown"].write_text(summary.markdown(run, told), encoding="utf-8")
    return files


def read_run(path: Path) -> Run:
    """Read a run from its file, or from the folder it was written to. Raises RunError."""
    file = path / RUN if path.is_dir() else path
    if not file.is_file():
        raise RunError(
            f"{path}: Dort liegt keine Messung. Bitte nennen Sie die Datei run.json, die "
            "„sozialraum evaluate“ geschrieben hat, oder ihren Ordner."
        )
    return load(file)


def write_comparison(compared: Comparison, run: Run, folder: Path) -> dict[str, Path]:
    """Write a comparison as HTML and Markdown; return the files by kind. Raises OSError."""
    files = {"html": folder / COMPARISON, "markdown": folder / COMPARISON_SUMMARY}
    folder.mkdir(parents=True, exist_ok=True)
    files["html"].write_text(comparison.html(compared, run), encoding="utf-8")
    files["markdown"].write_text(comparison.markdown(compared), encoding="utf-8")
    return files
