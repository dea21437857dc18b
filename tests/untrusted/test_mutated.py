"""Damaged files end as a reading or as a refusal with a name, a reason and a remedy (row D1).

``python -m tests.untrusted.test_mutated 2000 [SEED]`` tries more of them and prints figures.
"""

import os
import sys
import time
from collections import Counter

from tests.untrusted.mutations import mutated
from tests.untrusted.trial import Trial, unnamed

COUNT, SEED = int(os.environ.get("SOZIALRAUM_MUTATED", "200")), 20261123
MAX_CPU_S, MAX_BYTES = 30.0, 2**30


def faults_of(outcome):
    """Say what is wrong with an outcome, which is nothing for readings and named refusals."""
    faults = unnamed(outcome.name, outcome.code, outcome.message) if outcome.code else []
    for member in outcome.unpacked.refused if outcome.unpacked else ():
        faults += unnamed(member.file, member.code, member.message)
    if outcome.cpu_s > MAX_CPU_S:
        faults.append(f"{outcome.cpu_s:.1f} CPU s")
    if outcome.memory > MAX_BYTES:
        faults.append(f"{outcome.memory >> 20} MB")
    return [f"{outcome.name}: {fault} ({outcome.message})" for fault in faults]


def test_damaged_files_are_read_or_refused_by_name():
    """None ends the run, none is refused with the words of a programmer, each stays in bounds."""
    with Trial() as trial:
        outcomes = [trial.read(file.name, file.content) for file in mutated(COUNT, SEED)]

    assert len(outcomes) == COUNT
    assert [fault for outcome in outcomes for fault in faults_of(outcome)] == []
    assert {bool(outcome.code) for outcome in outcomes} == {True, False}


def test_damage_is_the_same_for_the_same_seed():
    """A file that fails can be made again."""
    first = [file.content for file in mutated(30, 7)]

    assert first == [file.content for file in mutated(30, 7)]
    assert first != [file.content for file in mutated(30, 8)]


def main(count, seed):
    """Try ``count`` files and print what became of them."""
    started, codes, faults, outcomes = time.monotonic(), Counter(), [], []
    with Trial() as trial:
        for file in mutated(count, seed):
            outcome = trial.read(file.name, file.content)
            outcomes.append(outcome)
            codes[outcome.code or "read"] += 1
            for fault in faults_of(outcome):
                faults.append(fault)
                print(fault, flush=True)  # noqa: T201  # run by hand
    slowest = max(outcomes, key=lambda o: o.cpu_s)
    largest = max(outcomes, key=lambda o: o.memory)
    print(f"seed {seed}, {count} files, {time.monotonic() - started:.0f} s")  # noqa: T201
    print(dict(codes.most_common()))  # noqa: T201
    print(f"faults: {len(faults)}")  # noqa: T201
    print(f"slowest: {slowest.name} {slowest.cpu_s:.1f} CPU s")  # noqa: T201
    print(f"largest: {largest.name} {largest.memory >> 20} MB")  # noqa: T201


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [COUNT, SEED][len(numbers) :]))
