"""The benchmark's own measure: what counts as found, out of order, on its page."""

from tests.bench.expected import FILES, blocks, headings, rows, sentences
from tests.bench.extraction import Output, Score, Unit, _count, flat

FILE = FILES["w2_zweispaltig.pdf"]


def unit(text, page=0, workshop=None, section=()):
    return Unit(text, lambda start, end: page, lambda at: workshop, section)


def scored(units, given=None):
    score = Score()
    _count(score, FILE, Output(units, "\n".join(u.text for u in units), given, 9))
    return score


def test_the_truth_itself_scores_full_marks():
    """Whoever returns the truth, sentence by sentence, has found all of it in order."""
    found = blocks(FILE)
    units = [
        unit(s.text, min(s.pages), s.workshop, ("Titel", *(s.section or ())))
        for s in sentences(found)
    ]
    score = scored([*units, *map(unit, rows(found))], headings(found))

    assert score.lost == []
    assert score.found == score.sentences == score.page_right == score.section_right > 100
    assert score.workshop_right == score.attributed > 100
    assert (score.misordered, score.words_found) == (0, score.words)
    assert score.headings_found == score.headings_given == score.headings == 22
    assert score.rows_found == score.rows == 15


def test_faults_are_counted():
    """Reversed, on a wrong page, in no section, with a hyphen left, without headings."""
    found = sentences(blocks(FILE))
    broken = found[0].text.replace("Stadt", "Stad- t", 1)
    score = scored([unit(s.text, 99) for s in reversed(found[1:])] + [unit(broken)], [])

    assert score.lost == [found[0].text]
    assert score.page_right == score.section_right == 0
    assert score.misordered == score.pairs > 80
    assert score.headings_found == score.headings_given == 0


def test_white_space_and_the_look_of_quotes_dont_count():
    """Both ways are compared with single blanks and plain quotes; offsets lead back."""
    text, offsets = flat(" „Sozial\u00adraum“\n heißt\u00a0»so« ")

    assert text == '"Sozial\u00adraum" heißt "so"'
    assert [offsets[text.index(word)] for word in ("Sozial", "heißt", "so")] == [2, 16, 23]
