"""Hits in, a written answer out: every sentence proven, every citation a slice of its passage."""

from itertools import groupby

import pytest

from tests.assistant.generate.cases import (
    DOCUMENTS,
    EXTRACTIVE,
    HITS,
    TRUE,
    claim,
    claims,
    code_of,
    good,
    make_writer,
    shown,
    write,
)
from tests.assistant.generate.servers import Turn, serving

FALSE = "Regelaufgaben der Stadt gehören in einen Verfügungsfonds."


def with_false(passages):
    """Reply with a true sentence, then a false one."""
    fund = code_of(passages, "Verfügungsfonds")
    quote = "Regelaufgaben der Stadt gehören nicht in einen Verfügungsfonds"
    return claims(claim(TRUE, fund, quote), claim(FALSE, fund, quote))


def in_plain_text(passages):
    """Reply as a small model does."""
    return f"{TRUE[:-1]} [{code_of(passages, 'Verfügungsfonds')}]."


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_a_good_reply_becomes_the_answer(kind):
    """Two sentences, two citations with the extractive mode's fields."""
    with serving(kind, Turn(good)) as script:
        answer = write(script, kind)

    assert (answer.mode, answer.status, answer.note) == ("generative", "answered", "")
    assert [s.support for s in answer.segments] == ["full", "full"]
    assert [s.citations for s in answer.segments] == [("z1",), ("z2",)]
    passages = {hit.passage.id: hit.passage for hit in HITS}
    for citation in answer.citations:
        assert citation.quote == passages[citation.passage].text[citation.start : citation.end]
        assert (citation.page_label, citation.title) != ("", "")


def test_what_fails_the_gate_is_dropped_or_marked():
    """Dropped by default; marked, it has no citation and isn't called proven."""
    with serving("openai", Turn(with_false)) as script:
        dropped, marked = write(script), write(script, unproven="mark")

    assert shown(dropped) == [TRUE]
    assert [(s.text, s.support, s.citations) for s in marked.segments] == [
        (TRUE, "full", ("z1",)),
        (FALSE, "none", ()),
    ]


def test_plain_text_of_a_small_model_is_proven_by_the_best_sentence():
    """No quote was given: the sentence of the passage that carries it is cited."""
    with serving("openai", Turn(in_plain_text)) as script:
        answer = write(script)

    assert shown(answer) == [TRUE]
    assert answer.citations[0].quote == TRUE


def test_sentences_of_one_place_share_a_citation():
    """And a sentence said twice is shown once."""

    def twice(passages):
        fund = code_of(passages, "Verfügungsfonds")
        quote = "Regelaufgaben der Stadt gehören nicht"
        other = "In einen Verfügungsfonds gehören keine Regelaufgaben der Stadt."
        return claims(claim(TRUE, fund, quote), claim(TRUE, fund, quote), claim(other, fund, quote))

    with serving("openai", Turn(twice)) as script:
        answer = write(script)

    assert len(answer.segments) == 2
    assert len(answer.citations) == 1


def test_the_answer_grows_by_whole_checked_sentences():
    """Nothing half is ever seen: each step is an answer whose sentences are all proven."""
    with serving("openai", Turn(good, pause_s=0.001)) as script:
        stream = make_writer(script).stream(EXTRACTIVE, HITS, DOCUMENTS)
        steps = [step for step, _ in groupby(stream) if step is not EXTRACTIVE]

    assert [len(step.segments) for step in steps] == [1, 2]
    assert all(s.text.endswith(".") and s.citations for step in steps for s in step.segments)
    assert all(set(shown(a)) <= set(shown(steps[-1])) for a in steps)


def test_a_stream_that_breaks_takes_back_what_it_showed():
    """The last answer counts: the extractive one, with the note."""
    with serving("openai", Turn(good, cut_after=30)) as script:
        stream = make_writer(script).stream(EXTRACTIVE, HITS, DOCUMENTS)
        steps = [step for step, _ in groupby(stream) if step is not EXTRACTIVE]

    assert steps[0].mode == "generative"
    assert (steps[-1].mode, bool(steps[-1].note)) == ("extractive", True)


def test_cancel_ends_the_request():
    """Whoever stops reading stops the model."""
    with serving("openai", Turn(lambda p: good(p) + "x" * 7000, pause_s=0.005)) as script:
        steps = make_writer(script).stream(EXTRACTIVE, HITS, DOCUMENTS)
        next(steps)
        steps.close()
        assert script.disconnected.wait(5)


@pytest.mark.parametrize("text", ["", "x" * 7000])
def test_whoever_waits_can_leave_soon(text):
    """A model that says nothing, or never ends its sentence, still lets the reader go."""
    slow = Turn(
        lambda p: text + good(p), pause_s=0.005 if text else 0.0, first_delay_s=0.0 if text else 2.0
    )
    with serving("openai", slow) as script:
        steps = make_writer(script).stream(EXTRACTIVE, HITS, DOCUMENTS)
        first = next(steps)
        steps.close()
        assert first is EXTRACTIVE
        assert script.disconnected.wait(5)


@pytest.mark.parametrize(
    "text",
    [
        f"{TRUE[:-1]} https://boese.example/x.",
        f"{TRUE[:-1]} ![bild](//boese.example/p.png).",
        f"<img src=x> {TRUE}",
        f"{TRUE} www.boese.example",
        f"**{TRUE}**",
    ],
)
@pytest.mark.parametrize("unproven", ["drop", "mark"])
def test_no_address_or_markup_of_the_model_is_shown(text, unproven):
    """Not even as unproven."""

    def reply(passages):
        quote = "Regelaufgaben der Stadt gehören nicht"
        return claims(claim(text, code_of(passages, "Verfügungsfonds"), quote))

    with serving("openai", Turn(reply)) as script:
        answer = write(script, unproven=unproven)

    assert answer.mode == "extractive"
    assert "boese" not in repr(answer)


def test_codes_inside_a_sentence_are_taken_out():
    """The reader never sees a code."""

    def reply(passages):
        fund = code_of(passages, "Verfügungsfonds")
        return claims(
            claim(f"{TRUE[:-1]} [{fund}].", fund, "Regelaufgaben der Stadt gehören nicht")
        )

    with serving("openai", Turn(reply)) as script:
        assert shown(write(script)) == [TRUE]


def test_a_reply_that_ran_out_of_room_says_so():
    """What was proven until then is shown."""
    with serving("openai", Turn(lambda p: good(p)[:-3], finish="length")) as script:
        answer = write(script)

    assert len(answer.segments) == 2
    assert "nicht zum Ende" in answer.note
