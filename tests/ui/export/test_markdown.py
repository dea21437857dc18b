"""The Markdown, read by a parser of its own."""

from hypothesis import given, settings
from markdown_it import MarkdownIt

from tests.ui.answers import make_answer, make_citation
from tests.ui.export.nasty import records, squeezed, words
from tests.ui.records import make_record
from ui.export.markdown import escaped, markdown
from ui.export.memo import memo
from ui.markup import readable

PARSER = MarkdownIt("gfm-like", {"linkify": False})
OURS = {
    *("heading_open", "paragraph_open", "blockquote_open", "bullet_list_open", "list_item_open"),
    *("table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open"),
    *("text", "hardbreak", "softbreak", "text_special"),
}


def tokens(text):
    """Yield all tokens, those within lines included, but for the closing ones."""
    for token in PARSER.parse(text):
        for each in token.children if token.type == "inline" else [token]:
            if not each.type.endswith("_close"):
                yield each


def shown(text):
    """Return what a reader sees."""
    return "".join(t.content for t in tokens(text) if t.type in ("text", "text_special"))


@given(words)
def test_text_stays_text(text):
    """In a line, after any words of ours, nothing becomes markup."""
    clean = readable(text)
    found = list(tokens(f"- Name: {escaped(clean)}"))

    assert {token.type for token in found} <= OURS
    assert squeezed(shown(f"x {escaped(clean)}")) == squeezed(f"x{clean}")


@settings(deadline=None)
@given(records())
def test_a_memo_has_no_markup_but_ours(record):
    """No link, image, HTML or code, and no heading beside ours, whatever the sources say."""
    told = memo(record)
    found = list(tokens(markdown(told)))

    assert {token.type for token in found} <= OURS
    headings = sum(token.type == "heading_open" for token in found)
    ours = 5 + (1 if told.notes else 0) + len(told.sources)
    assert headings == ours + sum(block.kind == "heading" for block in told.body)


def test_a_memo_reads_like_one():
    """Question, answer with numbers, quote and facts, in this order."""
    cited = make_citation(quote="Sie war in Bochum.", date="2017-11")
    text = shown(markdown(memo(make_record(make_answer("Sie war in Bochum.", citations=[cited])))))

    parts = ("Vermerk", "Wo war die Werkstatt?", "Sie war in Bochum. [1]", "„Sie war in Bochum.“")
    places = [
        text.index(part) for part in (*parts, "Stand der Unterlage: November 2017", "9:07 Uhr")
    ]
    assert places == sorted(places)


def test_tables_and_lists_are_markdown_ones():
    """So that a wiki shows them as such."""
    table = markdown(memo(make_record(make_answer("a|b\tc\n1\t2"))))
    listed = markdown(memo(make_record(make_answer("So:\nerstens\nzweitens"))))

    assert "| a\\|b | c |\n| --- | --- |\n| 1 | 2 |" in table
    assert "- erstens\n- zweitens" in listed
