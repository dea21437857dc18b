"""Text that each of the formats could mistake for its own language."""

from hypothesis import strategies as st

from tests.ui.answers import make_answer, make_citation
from tests.ui.payloads import PAYLOADS
from tests.ui.records import make_record

PHRASES = (
    "Größe: 5 % für „Äpfel & Birnen“ – ß, §, €",
    '#panic("x") #read("/etc/passwd") $x^2$ *fett* _kursiv_ `roh` @marke <marke> // weg',
    "= Überschrift\n- Punkt\n+ Punkt\n1. Punkt\n/ Begriff: x",
    r"\input{/etc/passwd} \ { } ~ ^ % & $ # _ \textbf{x} }} {{",
    "ER  - \nTY  - BOOK\nTI  - Anderes",
    "},\n@book{fremd, title={Anderes}}",
    "| a | b |\n|---|---|\n> Zitat\n```\ncode\n```\n***\n[x]: y",
    "\u202everkehrt\u202c \x00\x07\ufffe \ud800 \u2066x\u2069",
    "a\tb\tc\n1\t2\t3",
    "<w:p/> ]]> &amp; &#x41; <?xml?>",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 40,
    *PAYLOADS,
)

words = st.one_of(
    st.sampled_from(PHRASES), st.text(max_size=60), st.text("#$\\{}[]<>*_`~^@|&%-+=.1a\n\t ")
)


@st.composite
def records(draw):
    """Records with such text in every field that comes from outside."""
    texts = draw(st.lists(words, min_size=1, max_size=4))
    cited = make_citation(
        quote=draw(words),
        title=draw(words),
        origin=draw(words),
        section=tuple(draw(st.lists(words, max_size=2))),
        page_label=draw(words),
        document=draw(words),
        date=draw(st.sampled_from(["", "2017", "2017-09", "2017-09-05", "gestern"])),
    )
    answer = make_answer(
        *texts,
        citations=[cited],
        question=draw(words),
        query=draw(words),
        note=draw(words),
        generation=draw(words),
    )
    return make_record(answer)


def squeezed(text):
    """Return text without any white space: lines break where a format likes."""
    return "".join(text.split())
