"""Measure the dev split anew and write baseline.json: ``python -m tests.golden.renew REASON``.

Prints how the new figures compare with the old ones, for the commit that renews them.
"""

import argparse
import tempfile
from pathlib import Path

from assistant.evaluation.compare import compare
from corpus.store import Store
from ingest.pipeline import ingest
from tests.conftest import COLLECTION, quiet
from tests.golden import baseline
from ui.evaluation import comparison, summary
from ui.local import model


def main() -> None:
    """Renew the baseline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reason", help="why the figures may change; it is kept in the file")
    reason = parser.parse_args().reason
    with tempfile.TemporaryDirectory() as folder:
        ingest([COLLECTION], Store(Path(folder)), model(None), quiet)
        run = baseline.measure(Path(folder))
    print(summary.text(run, summary.tell(run)), "\n")
    if baseline.FILE.exists():
        old = baseline.read()
        if said := baseline.stale(old, run.header):
            print(said.partition(";")[0] + "; alt und neu sind nicht vergleichbar.")
        else:
            print(comparison.text(compare(baseline.as_run(old, run), baseline.lean(run))))
    baseline.write(baseline.kept(run, reason))
    print(f"\n{baseline.FILE}")


if __name__ == "__main__":
    main()
