"""The committed figures that every change is compared with, without answers: small to review."""

import json
from dataclasses import replace
from pathlib import Path

from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.metrics import EVIDENCE_RECALL, PRIMARY, REFUSAL_RECALL, STRICT_VITAL
from assistant.evaluation.run import evaluate
from corpus.store import Store
from ui.local import LocalService

GOLDEN = Path(__file__).parent
FILE = GOLDEN / "baseline.json"
MUST_PASS = 20
"""Items that must stay right in every wording: evaluation.md, 5.4."""
HASHES = {
    "golden": "die Prüffragen",
    "collection": "die Sammlung",
    "scorer": "die Wertung (assistant/evaluation)",
}


def measure(data, **options):
    """Ask and score the dev split over the collection in a data folder."""
    assistant = LocalService(Store(data), None).assistant()
    quiet = lambda stage, done, total, item="": None  # noqa: E731
    return evaluate(assistant, load_golden(GOLDEN), "dev", quiet, **options)


def kept(run, reason):
    """Return what is committed of a run: hashes, the items that must pass, figures by item."""
    figures = {}
    for score in run.scores:
        for name, value in _primary(score).items():
            figures.setdefault(score.item, {}).setdefault(name, []).append(value)
    right = [id for id, item in figures.items() if is_right(item)]
    return {
        "reason": reason,
        "commit": run.header.commit,
        **{name: getattr(run.header, name) for name in HASHES},
        "must_pass": right[:: max(1, len(right) // MUST_PASS)][:MUST_PASS],
        "items": figures,
    }


def is_right(item):
    """Return whether nothing better can be wished for an item, in any of its wordings."""
    wanted = (REFUSAL_RECALL,) if REFUSAL_RECALL in item else (EVIDENCE_RECALL, STRICT_VITAL)
    return all(min(item[name]) == 1 for name in wanted)


def stale(baseline, header):
    """Say in German what the baseline no longer fits, and how it is renewed; else nothing."""
    changed = [name for key, name in HASHES.items() if baseline[key] != getattr(header, key)]
    if not changed:
        return ""
    return (
        f"Geändert hat sich {' und '.join(changed)}; mit tests/golden/baseline.json lässt sich "
        "darum nichts vergleichen. Erneuern: python -m tests.golden.renew „GRUND“. Was sie "
        "ausgibt, gehört in einen Commit für sich."
    )


def as_run(baseline, fresh):
    """Return the baseline in the form of a fresh run over the same questions."""
    scores = []
    for score in fresh.scores:
        item = baseline["items"].get(score.item, {})
        at = score.wording
        figures = {name: values[at] for name, values in item.items() if at < len(values)}
        scores.append(replace(score, figures=figures, faults=()))
    header = replace(fresh.header, **{name: baseline[name] for name in HASHES})
    return replace(fresh, header=header, scores=tuple(scores))


def lean(run):
    """Return a run with only the figures that a baseline has."""
    scores = tuple(replace(s, figures=_primary(s)) for s in run.scores)
    return replace(run, scores=scores)


def _primary(score):
    """Return the figures that count; a follow-up written out isn't what was asked."""
    if score.form == "standalone":
        return {}
    return {name: score.figures[name] for name in PRIMARY if name in score.figures}


def read():
    """Return the committed baseline."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def write(baseline):
    """Write a baseline, an item a line, so that a change can be read."""
    head = {key: value for key, value in baseline.items() if key != "items"}
    rows = [
        f"  {json.dumps(id)}: {json.dumps(item)}" for id, item in sorted(baseline["items"].items())
    ]
    text = json.dumps(head, ensure_ascii=False, indent=1).rstrip("\n}")
    FILE.write_text(f'{text},\n "items": {{\n' + ",\n".join(rows) + "\n }\n}\n", encoding="utf-8")
