"""The commands that measure: ``evaluate`` and ``evaluate compare``. They parse, call, print."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.german_typer import GermanCommand, app
from ui.cli.shared import Json, print_json
from ui.evaluation.places import EVALUATIONS, LOOKS, folder_name
from ui.first_start import read_starter

if TYPE_CHECKING:
    from assistant.evaluation.types import Run

PROJECT = Path(__file__).resolve().parents[2]
GOLDEN = PROJECT / "tests" / "golden"
EXIT_AGAINST = 1
EXIT_BROKEN = 1
"""A promise that must always hold was broken, such as a citation that can't be resolved."""

evaluate = app("Misst die Antwortgüte über den Prüffragen; „compare“ vergleicht zwei Messungen.")


class Split(StrEnum):
    """The two parts of the golden set."""

    dev = "dev"
    test = "test"


Out = Annotated[Path | None, typer.Option("--out", help="Ordner für die Berichte.")]


@evaluate.callback(invoke_without_command=True, no_args_is_help=False)
def run(
    context: typer.Context,
    golden: Annotated[
        Path | None, typer.Option("--golden", help="Ordner mit den Prüffragen.")
    ] = None,
    split: Annotated[
        Split,
        typer.Option("--split", help="dev zum Verbessern; test nur zur Veröffentlichung."),
    ] = Split.dev,
    out: Out = None,
    calibrate: Annotated[
        bool,
        typer.Option(
            "--calibrate", help="Auch sagen, wo die Schwelle stehen sollte, mit Nachweis."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Misst die Antwortgüte über den Prüffragen; „compare“ vergleicht zwei Messungen."""
    if context.invoked_subcommand is not None:
        return
    from assistant.evaluation.calibrate import CalibrationError
    from ui.evaluation import summary
    from ui.evaluation.files import write_run
    from ui.evaluation.threshold import advice, evidence, keep

    if calibrate and split is Split.test:
        raise CalibrationError(
            "Die Schwelle wird nur an „dev“ bestimmt; wer sie an „test“ wählt, kann an „test“ "
            "nichts mehr prüfen. Bitte lassen Sie eine der beiden Angaben weg."
        )
    measured, data = _measure(golden, split)
    files = write_run(measured, out or _folder(data, measured))
    told = summary.tell(measured)
    block = evidence(measured) if calibrate else ""
    # Only the project's own questions say anything of the project's own threshold.
    kept = keep(block, PROJECT) if block and golden is None else None
    if as_json:
        found = summary.as_object(measured, told)
        named = {name: str(path) for name, path in files.items()}
        print_json({**found, "files": named, **({"calibration": block} if block else {})})
    else:
        print(summary.text(measured, told))
        if block:
            print(f"\n{block}\n{advice(measured, kept, PROJECT)}")
        print(f"\nBericht: {files['html']}")
    if any(check.broken for check in told.checks):
        raise typer.Exit(EXIT_BROKEN)


@evaluate.command(cls=GermanCommand)
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Alter Stand: Messung oder ihr Ordner.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Neuer Stand: Messung oder ihr Ordner.")],
    out: Out = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Mit Status 1 enden, wenn etwas gegen B spricht.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Vergleicht zwei Messungen: besser, schlechter oder nicht entschieden."""
    from assistant.evaluation.compare import compare as compared_with
    from assistant.evaluation.verdict import regression
    from ui.evaluation import comparison
    from ui.evaluation.files import read_run, write_comparison

    old, new = read_run(a), read_run(b)
    found = compared_with(old, new)
    files = write_comparison(found, new, out or (b if b.is_dir() else b.parent))
    if as_json:
        named = {name: str(path) for name, path in files.items()}
        print_json({**comparison.as_object(found), "files": named})
    else:
        print(comparison.text(found))
        print(f"\nBericht: {files['html']}")
    if gate and regression(found):
        raise typer.Exit(EXIT_AGAINST)


def _measure(golden: Path | None, split: Split) -> tuple[Run, Path]:
    """Return the run and the data folder."""
    from assistant.evaluation.golden_files import load_golden
    from assistant.evaluation.run import evaluate as measure
    from corpus.store import Store
    from ui.cli.output import progress_bars
    from ui.local import LocalService
    from ui.settings import read_settings

    folder = _golden(golden)
    questions = load_golden(folder)
    settings = read_settings()
    store = Store(settings.data)
    read_starter(settings, store)
    assistant = LocalService(
        store, settings.embedder, settings.threads, settings.reranker
    ).assistant()
    with progress_bars() as progress:
        measured = measure(
            *(assistant, questions, split.value, progress),
            settings={"threads": str(settings.threads)},
            looks_file=folder / LOOKS,
            with_cases=True,
        )
    return measured, settings.data


def _golden(given: Path | None) -> Path:
    from assistant.evaluation.golden_files import GoldenError

    if given is None and not GOLDEN.is_dir():
        raise GoldenError(
            "Dem installierten Programm liegen keine Prüffragen bei; sie gehören zum Quelltext "
            "(tests/golden). Bitte nennen Sie ihren Ordner mit „--golden ORDNER“."
        )
    return given or GOLDEN


def _folder(data: Path, measured: Run) -> Path:
    return data / EVALUATIONS / folder_name(measured.header.started, measured.header.split)
