"""Two runs -> what differs, what of it is more than chance, and what must not ship. Pure.

A is the old state, B the new one; a difference is B minus A. One item of the golden set counts
once, with the mean over its question and paraphrases. The wording without history of a
follow-up isn't what was asked and stays out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev

from assistant.evaluation.comparison import (
    DECIDED,
    ERRORS,
    PRIMARY,
    ChangedQuestion,
    Comparison,
    MetricComparison,
    RateComparison,
)
from assistant.evaluation.golden import Item
from assistant.evaluation.metrics import FALSE_REFUSAL, LOWER_IS_BETTER, REFUSAL_RECALL
from assistant.evaluation.statistics import (
    ALPHA,
    TIE,
    at_most,
    bca_interval,
    cluster_interval,
    direction,
    holm,
    mcnemar,
    paired_permutation,
    smallest_effect,
    smallest_one_sided_effect,
    tally,
    wilson,
)
from assistant.evaluation.types import Header, Observation, Run, Score
from assistant.evaluation.verdict import gate, judge, judge_metric, regression
from corpus.errors import SozialraumError

__all__ = ("CompareError", "compare", "gate", "regression")

CLEARLY_WIDER = 1.25
"""Times the interval by workshop must be as wide as that by question to be quoted instead. Of
300 simulated sets of 204 questions in 12 clusters without anything in common, 7 % exceeded it;
of 300 sets in 10 clusters that share a tenth of their variance, four in five."""
PLANNED_SD = 0.25
"""Standard deviation of differences assumed where none has been seen: the one the design of the
evaluation plans its sizes with."""


class CompareError(SozialraumError):
    """Two runs were not measured in the same way, so their figures don't compare."""

    code = "ERR_COMPARE"


@dataclass(frozen=True, slots=True)
class _Wording:
    """One wording in both runs."""

    item: str
    old: Observation
    new: Observation
    old_score: Score
    new_score: Score
    old_figures: Mapping[str, float]
    new_figures: Mapping[str, float]


def compare(a: Run, b: Run) -> Comparison:
    """Compare the old state A with the new state B. Raises CompareError when they don't compare.

    A primary metric is „besser“ or „schlechter“ when its p after Holm is below 5 % and the
    quoted interval leaves out zero, else „nicht entschieden“. Overall B is „besser“ when at
    least one primary metric is better, none worse, and the gate has nothing against it;
    „schlechter“ when at least one is worse and none better; else „nicht entschieden“, which
    doesn't mean that A and B are alike.
    """
    _check(a, b)
    items = {item.id: item for item in a.items}
    wordings = _paired(a, b)
    asked = [w for w in wordings if w.old.form != "standalone"]
    names = sorted({name for w in asked for name in (*w.old_figures, *w.new_figures)})
    measured = {name: m for name in names if (m := _measure(name, asked, items)) is not None}
    primary = _decide([m for name in PRIMARY if (m := measured.get(name))], asked, items)
    rest = [m for name, m in measured.items() if name not in (*PRIMARY, *ERRORS)]
    changed = [c for w in wordings if (c := _changed(w)) is not None]
    compared = Comparison(
        a=a.header,
        b=b.header,
        differs=_differs(a.header, b.header),
        primary=primary,
        errors=tuple(m for name in ERRORS if (m := measured.get(name))),
        exploratory=tuple(rest),
        rates=tuple(r for name in (DECIDED, *ERRORS) if (r := _rate(name, asked))),
        changed=tuple(sorted(changed, key=lambda c: (c.direction, c.item, c.wording))),
        items=len(items),
        items_changed=_items_changed(asked),
        faults=sum(len(score.faults) for score in b.scores),
    )
    return judge(compared)


# -- may they be compared? ------------------------------------------------------------------


def _check(a: Run, b: Run) -> None:
    reasons = [
        f"{what} (A: {_short(old)}, B: {_short(new)}). {remedy}"
        for what, old, new, remedy in (
            (
                "Die Teile des Fragensatzes sind verschieden",
                a.header.split,
                b.header.split,
                "Bitte messen Sie beide Stände mit demselben „--split“.",
            ),
            (
                "Die Prüffragen sind nicht dieselben",
                a.header.golden,
                b.header.golden,
                "Bitte messen Sie den alten Stand mit den heutigen Prüffragen noch einmal.",
            ),
            (
                "Die Sammlungen sind nicht dieselben",
                a.header.collection,
                b.header.collection,
                "Bitte messen Sie beide Stände über denselben eingelesenen Dokumenten.",
            ),
            (
                "Gewertet wurde nach verschiedenen Regeln",
                a.header.scorer,
                b.header.scorer,
                "Bitte messen Sie beide Stände mit derselben Fassung der Auswertung.",
            ),
        )
        if old != new
    ]
    if not reasons:
        reasons = _other_questions(a, b)
    if reasons:
        raise CompareError("A und B lassen sich nicht vergleichen. " + " ".join(reasons))


def _other_questions(a: Run, b: Run) -> list[str]:
    """Name the questions only one of the runs has."""
    old, new = (
        Counter((o.item, o.wording, o.form, o.question) for o in run.observations) for run in (a, b)
    )
    items = [{item.id: item for item in run.items} for run in (a, b)]
    ids = {key[0] for key in ((old - new) | (new - old))}
    ids |= {id for id in items[0].keys() | items[1].keys() if items[0].get(id) != items[1].get(id)}
    if not ids and old and max(old.values()) == 1:
        return []
    if not ids:
        return [
            "Ein Lauf enthält keine Fragen oder dieselbe Frage mehrmals; er ist beschädigt. "
            "Bitte messen Sie noch einmal."
        ]
    named = sorted(ids)[:5]
    more = f" und {len(ids) - len(named)} weitere" if len(ids) > len(named) else ""
    return [
        f"Gestellt wurden nicht dieselben Fragen; es unterscheiden sich: {', '.join(named)}{more}. "
        "Meist ist eine Frage in einem der Läufe zurückgestellt, weil ihr Beleg nicht mehr in der "
        "Sammlung steht. Bitte messen Sie beide Stände noch einmal."
    ]


def _short(value: str) -> str:
    return value[:12] or "unbekannt"


def _differs(a: Header, b: Header) -> tuple[tuple[str, str, str], ...]:
    """List what may differ between two runs and does, under German names."""
    pairs = [
        ("Generation", a.generation, b.generation),
        ("Einbettungsmodell", _embedder(a), _embedder(b)),
        ("Wortanalyse", a.analyser, b.analyser),
        ("Programm", a.program, b.program),
        ("Stand im Git", a.commit, b.commit),
        ("Rechner", a.machine, b.machine),
    ]
    for name in sorted(a.settings.keys() | b.settings.keys()):
        pairs.append((f"Einstellung {name}", a.settings.get(name, ""), b.settings.get(name, "")))
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _embedder(header: Header) -> str:
    return f"{header.embedder.name} {_short(header.embedder.digest)}"


# -- one number per item --------------------------------------------------------------------


def _paired(a: Run, b: Run) -> list[_Wording]:
    """Return the wordings of both runs, by item and wording."""
    sides = [
        {(o.item, o.wording): (o, s) for o, s in zip(run.observations, run.scores, strict=True)}
        for run in (a, b)
    ]
    found = []
    for key in sorted(sides[0]):
        (old, old_score), (new, new_score) = sides[0][key], sides[1][key]
        figures = _figures(old_score), _figures(new_score)
        found.append(_Wording(key[0], old, new, old_score, new_score, *figures))
    return found


def _figures(score: Score) -> dict[str, float]:
    """Return the figures of a score, and whether it was rightly decided to answer."""
    figures = dict(score.figures)
    if FALSE_REFUSAL in figures:
        figures[DECIDED] = 1.0 - figures[FALSE_REFUSAL]
    elif REFUSAL_RECALL in figures:
        figures[DECIDED] = figures[REFUSAL_RECALL]
    return figures


def _by_item(name: str, wordings: Iterable[_Wording]) -> dict[str, list[tuple[float, float]]]:
    """Return old and new of each item's wordings that have the figure in both runs."""
    found: dict[str, list[tuple[float, float]]] = {}
    for w in wordings:
        if name in w.old_figures and name in w.new_figures:
            found.setdefault(w.item, []).append((w.old_figures[name], w.new_figures[name]))
    return found


def _means(name: str, wordings: Iterable[_Wording]) -> dict[str, tuple[float, float]]:
    return {
        item: (fmean(old for old, _ in pairs), fmean(new for _, new in pairs))
        for item, pairs in _by_item(name, wordings).items()
    }


def _cluster(item: Item) -> str:
    """Name what an item hangs together with: the workshop of its first evidence, or else its
    document, or else, where nothing answers it, nothing but itself.
    """
    if not item.evidence:
        return f"item {item.id}"
    first = item.evidence[0]
    return f"workshop {first.workshop}" if first.workshop is not None else f"doc {first.doc}"


# -- measuring and deciding -----------------------------------------------------------------


def _measure(
    name: str, wordings: Sequence[_Wording], items: Mapping[str, Item]
) -> MetricComparison | None:
    """Return a metric's differences and intervals; None where no item has it in both runs."""
    means = _means(name, wordings)
    if not means:
        return None
    differences = [new - old for old, new in means.values()]
    by_question = bca_interval(differences)
    by_workshop = cluster_interval(differences, [_cluster(items[id]) for id in means])
    wider = (
        by_question is not None
        and by_workshop is not None
        and by_workshop.width > CLEARLY_WIDER * by_question.width + TIE
    )
    return MetricComparison(
        name=name,
        primary=name in PRIMARY,
        n=len(means),
        old=fmean(old for old, _ in means.values()),
        new=fmean(new for _, new in means.values()),
        difference=fmean(differences),
        by_question=by_question,
        by_workshop=by_workshop,
        quoted="Werkstatt" if wider else "Frage",
        tally=tally(differences, higher_is_better=name not in LOWER_IS_BETTER),
    )


def _decide(
    metrics: Sequence[MetricComparison], wordings: Sequence[_Wording], items: Mapping[str, Item]
) -> tuple[MetricComparison, ...]:
    """Test the primary metrics together and judge each."""
    tested = []
    for metric in metrics:
        means = _means(metric.name, wordings)
        differences = [new - old for old, new in means.values()]
        clusters = [_cluster(items[id]) for id in means] if metric.quoted == "Werkstatt" else None
        visible = _visible(metric, differences, ALPHA / len(metrics))
        p = paired_permutation(differences, clusters)
        tested.append(replace(metric, p=p, visible=visible))
    adjusted = holm([metric.p for metric in tested if metric.p is not None])
    return tuple(
        judge_metric(replace(metric, p_adjusted=p))
        for metric, p in zip(tested, adjusted, strict=True)
    )


def _visible(metric: MetricComparison, differences: Sequence[float], alpha: float) -> float:
    """Return the smallest difference the set can see, at the level one metric has to pass alone.

    What spread is to be expected is read off the differences; but if few questions changed,
    more of that size have to, for any test to see it. By workshop the set sees as much less
    as its interval is wider.
    """
    n, sizes = len(differences), [abs(d) for d in differences if abs(d) > TIE]
    if not sizes:
        return min(1.0, smallest_effect(n, PLANNED_SD, alpha))
    seen = max(
        smallest_effect(n, stdev(differences) if n > 1 else PLANNED_SD, alpha),
        smallest_one_sided_effect(n, alpha) * fmean(sizes),
    )
    if metric.quoted == "Werkstatt" and metric.by_workshop and metric.by_question:
        seen *= metric.by_workshop.width / metric.by_question.width
    return min(1.0, seen)


def _rate(name: str, wordings: Sequence[_Wording]) -> RateComparison | None:
    """Count items that are right in every wording, before and after."""
    wrong = 1.0 if name in LOWER_IS_BETTER else 0.0
    right = [
        (all(old != wrong for old, _ in pairs), all(new != wrong for _, new in pairs))
        for pairs in _by_item(name, wordings).values()
    ]
    if not right:
        return None
    n, counts = len(right), Counter(right)
    old_right = sum(old for old, _ in right)
    new_right = sum(new for _, new in right)
    return RateComparison(
        name=name,
        n=n,
        old_right=old_right,
        new_right=new_right,
        old_interval=wilson(old_right, n),
        new_interval=wilson(new_right, n),
        gained=counts[False, True],
        lost=counts[True, False],
        p=mcnemar(counts[False, True], counts[True, False]),
        new_failures_at_most=at_most(n) if new_right == n else None,
    )


# -- what changed ---------------------------------------------------------------------------


def _changed(w: _Wording) -> ChangedQuestion | None:
    """Return a wording old beside new; None when a reader would see no difference."""
    figures = tuple(
        (name, old, new)
        for name in sorted(w.old_figures.keys() | w.new_figures.keys())
        if _differ(old := w.old_figures.get(name), new := w.new_figures.get(name))
    )
    if (
        not figures
        and _shown(w.old) == _shown(w.new)
        and _judged(w.old_score) == _judged(w.new_score)
    ):
        return None
    signs = {
        direction(new - old)
        for name, old, new in figures
        if name in PRIMARY and old is not None and new is not None
    }
    return ChangedQuestion(
        item=w.item,
        wording=w.old.wording,
        question=w.old.question,
        old=w.old,
        new=w.new,
        old_score=w.old_score,
        new_score=w.new_score,
        figures=figures,
        direction=1 if signs == {1} else -1 if signs == {-1} else 0,
    )


def _differ(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return abs(new - old) > TIE


def _shown(seen: Observation) -> tuple[object, ...]:
    """Return what a reader sees of an answer: no ids, no times."""
    citations = [
        (c.document, c.title, c.workshop, c.section, c.page_label, c.quote, c.located)
        for c in seen.citations
    ]
    numbers = {c.key: c.number for c in seen.citations}
    segments = [(s.text, [numbers.get(k) for k in s.citations], s.support) for s in seen.segments]
    return (seen.status, seen.reason, seen.hint, seen.query, segments, citations)


def _judged(score: Score) -> tuple[object, ...]:
    return (score.nuggets, score.forbidden, score.faults, score.failure)


def _items_changed(wordings: Sequence[_Wording]) -> int:
    return len(
        {
            item
            for name in PRIMARY
            for item, (old, new) in _means(name, wordings).items()
            if abs(new - old) > TIE
        }
    )
