"""A run from end to end: ask, score, keep. The one place that knows the order of the steps."""

import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant import pipeline
from assistant.answer import gate, select
from assistant.evaluation import lint
from assistant.evaluation.cases import cases
from assistant.evaluation.golden import GoldenSet, Item, Split, digest
from assistant.evaluation.golden_files import GoldenError
from assistant.evaluation.metrics import Scorer
from assistant.evaluation.observe import SAMPLE, observe
from assistant.evaluation.source import GenerationSource, Source
from assistant.evaluation.types import RUN_SCHEMA, Header, Observation, Run
from assistant.pipeline import Assistant
from corpus.errors import SozialraumError
from corpus.generation import Generation, Progress

SCORING = (
    *("citations", "failures", "golden", "groundedness", "matching", "metrics"),
    *("observe", "retrieval", "source"),
)
"""Modules that decide a score. Runs scored by other versions of them can't be compared."""
PACKAGE = "sozialraum-assistent"

_HERE = Path(__file__).parent
_RUN = TypeAdapter(Run)


class RunError(SozialraumError):
    """A file isn't a run, or was written by a newer program."""

    code = "ERR_RUN"


def evaluate(
    assistant: Assistant,
    golden: GoldenSet,
    split: Split,
    progress: Progress,
    *,
    settings: Mapping[str, str] | None = None,
    looks_file: Path | None = None,
    with_cases: bool = False,
    sample: int = SAMPLE,
) -> Run:
    """Ask and score all active items of a split.

    ``settings`` are noted beside those of gate and retrieval. A look at the test split is
    counted in ``looks_file``, before anything is asked. ``with_cases`` asks again with the gate
    open. ``sample`` questions are asked five times. Raises GoldenError when an item can't be
    scored.
    """
    began = time.perf_counter()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    source = GenerationSource(assistant.generation)
    active = golden.active(split)
    items, stale = scorable(active, golden, source)
    looks = count_look(looks_file, started, digest(active)) if split == "test" else 0
    observations = observe(assistant, items, progress, sample)
    scorer = Scorer.over(items, source)
    scores = scorer.score(observations, read=select.PASSAGES)
    found = cases(assistant, items, progress) if with_cases else ()
    header = _header(assistant.generation, active, items, observations, settings or {})
    return Run(
        header=header(split=split, started=started, looks=looks, began=began),
        items=items,
        quarantined=stale,
        observations=observations,
        scores=scores,
        cases=found,
    )


def scorable(
    active: tuple[Item, ...], golden: GoldenSet, source: Source
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return the items to score and the ids of those whose quotes are gone.

    Raises GoldenError naming file and item when something is missing that scoring needs.
    """
    faults = [f"{golden.files.get(f.item, '')}, {f.item}: {f.message}" for f in lint.answer(active)]
    if faults:
        raise GoldenError("\n".join(faults))
    stale = lint.quarantined(lint.quotes(active, source))
    items = tuple(item for item in active if item.id not in stale)
    if not items:
        raise GoldenError(
            "Von den Prüffragen lässt sich keine werten: "
            f"{lint.stale_notice(stale) or 'Keine ist aktiv.'} Bitte lesen Sie die Sammlung ein, "
            "zu der die Fragen gehören."
        )
    return items, stale


def dump(run: Run, path: Path) -> None:
    """Write a run as JSON; ``load`` gives back an equal one."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(_RUN.dump_json(run))
    draft.replace(path)


def load(path: Path) -> Run:
    """Read a run. Raises RunError when the file isn't one."""
    try:
        content = path.read_bytes()
        schema = json.loads(content)["header"]["schema"]
        if schema > RUN_SCHEMA:
            raise RunError(
                f"Die Messung {path.name} stammt von einer neueren Programmfassung. Bitte das "
                "Programm erneuern."
            )
        return _RUN.validate_json(content)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as fault:
        raise RunError(
            f"{path} ist keine Messung ({type(fault).__name__}). Bitte nennen Sie eine Datei, die "
            "„sozialraum evaluate“ geschrieben hat."
        ) from fault


def count_look(file: Path | None, when: str, golden: str) -> int:
    """Note a look at the test split in a file and return how many there were, this one included.

    0 when there is no file to count in.
    """
    if file is None:
        return 0
    note = json.dumps({"when": when, "golden": golden, "commit": commit()})
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{note}\n")
    return len(file.read_text(encoding="utf-8").splitlines())


# -- what a run was made with ---------------------------------------------------------------


def scorer_version() -> str:
    """Return the digest of the modules that decide a score."""
    content = hashlib.sha256()
    for name in SCORING:
        source = (_HERE / f"{name}.py").read_text(encoding="utf-8")
        content.update(f"{name}\n{source}".encode())
    return content.hexdigest()[:16]


def commit() -> str:
    """Return the git commit of this source, "+" behind it when it has changes; else empty."""
    root = _HERE.parents[1]
    if not (root / ".git").exists():
        return ""
    try:
        name = _git(root, "rev-parse", "--short=12", "HEAD")
        return name + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", "-C", str(root), *arguments],  # noqa: S607  # whichever git the person has
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    return done.stdout.strip()


def _machine() -> str:
    """Describe the machine by what timings depend on. Its name is nobody's business."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} Kerne, "
        f"Python {platform.python_version()}"
    )


def _program() -> str:
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return ""


def collection_hash(generation: Generation) -> str:
    """Name the documents asked about by their bytes.

    Another reader's version leaves it as it is: what reading in does to the answers is to be
    compared as well.
    """
    versions = sorted(f"{d.id} {d.version}" for d in generation.documents.values())
    return hashlib.sha256("\n".join(versions).encode()).hexdigest()


def _header(
    generation: Generation,
    active: tuple[Item, ...],
    items: tuple[Item, ...],
    observations: tuple[Observation, ...],
    settings: Mapping[str, str],
) -> Callable[..., Header]:
    manifest = generation.manifest
    own = {
        "gate.THRESHOLD": str(gate.THRESHOLD),
        "pipeline.TOP_K": str(pipeline.TOP_K),
        "select.PASSAGES": str(select.PASSAGES),
    }

    def header(*, split: Split, started: str, looks: int, began: float) -> Header:
        return Header(
            golden=digest(active),
            split=split,
            items=len(items),
            questions=len(observations),
            collection=collection_hash(generation),
            scorer=scorer_version(),
            generation=manifest.id,
            embedder=manifest.fingerprint,
            analyser=manifest.analyser,
            settings={**own, **settings},
            program=_program(),
            commit=commit(),
            machine=_machine(),
            started=started,
            seconds=round(time.perf_counter() - began, 2),
            looks=looks,
        )

    return header
