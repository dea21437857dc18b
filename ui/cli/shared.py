"""What the commands have in common: settings, data folder, model, progress, printing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from corpus.store import Store
    from ingest.report import Report
    from ui.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON für Programme.")]


def current_settings() -> Settings:
    """Read the settings from the environment."""
    from ui.settings import read_settings

    return read_settings()


def open_store(settings: Settings) -> Store:
    """Open the data folder."""
    from corpus.store import Store

    return Store(settings.data)


def embedder_model(settings: Settings) -> Any:  # noqa: ANN401  # a type of ingest, imported lazily
    """Return the embedder that is set, not loaded yet."""
    from ui.local import model

    return model(settings.embedder, settings.threads)


def progress_on_stderr() -> Any:  # noqa: ANN401  # a context manager yielding ingest's Progress
    """Draw a bar for each stage."""
    from ui.cli.output import progress_bars

    return progress_bars()


def print_report(report: Report, *, as_json: bool) -> None:
    """Print what a run of reading in did."""
    from ui.cli.output import report_text
    from ui.contract import report_object

    if as_json:
        print_json(report_object(report))
    else:
        print(report_text(report))


def print_json(data: object, indent: int | None = 2) -> None:
    """Print JSON; without indent on one line."""
    print(json.dumps(data, ensure_ascii=False, indent=indent), flush=True)
