"""Text stays text; what isn't allowed doesn't pass the fence."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.pages import Page, assert_safe
from tests.ui.payloads import PAYLOADS
from ui.markup import Html, fence, join, lines, tag, text

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
any_text = st.one_of(
    st.text(),
    st.text(alphabet="<>&\"'/=`$ {}!-\x00\n\tax"),
    st.lists(st.sampled_from(PAYLOADS), min_size=1, max_size=3).map("".join),
)


def seen(value):
    """What a reader sees of a text."""
    return UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


@given(any_text)
def test_text_comes_out_as_it_went_in(value):
    """A browser shows a text as it is, but for invisible characters."""
    page = Page(fence(tag("p", value)))

    assert [element.name for element in page.elements] == ["p"]
    assert page.text == seen(value)


@given(any_text)
def test_attributes_hold_any_text(value):
    """No text leaves the attribute it was put into."""
    page = Page(tag("img", alt=value, src=Html(value)))

    assert [element.name for element in page.elements] == ["img"]
    assert page.elements[0].attributes == {"alt": seen(value), "src": seen(value)}


@given(st.lists(any_text, max_size=4))
def test_the_fence_changes_nothing_of_what_tag_built(parts):
    """The second guard has nothing to do as long as the first one holds."""
    built = tag("div", *(tag("p", lines(part)) for part in parts), class_="reply")

    assert html.unescape(fence(built)) == html.unescape(built)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_fence_holds_alone(payload):
    """Even markup that was never escaped loses all that could act or reach outside."""
    kept = fence(Html(payload), images=True)

    assert not re.search(r"<(?!/?(p|a|img|button|mark|div|table|tbody|tr|td)\b)", kept)
    assert not re.search(r"<[^>]*\b(on\w+|style|srcset|ping|action|formaction)=", kept)
    assert not re.search(r"<[^>]*(evil|javascript|data:|gradio_api)", kept)


@given(st.lists(st.sampled_from(PAYLOADS), min_size=1, max_size=4).map("".join))
def test_the_fence_leaves_nothing_to_fence(payload):
    """What has passed once passes unchanged, so it can't become something else on the way."""
    once = fence(Html(payload))

    assert fence(once) == once


def test_images_pass_only_where_they_are_admitted():
    """An answer has no images at all; the source panel has those of our own route."""
    own = tag("img", src=f"/seite/heft/{'a' * 64}/3.png?passage=p-1&von=0&bis=12", alt="Seite")
    foreign = tag("img", src="/gradio_api/file=x.png", alt="Seite")

    assert "<img" not in fence(own)
    assert Page(fence(own, images=True)).elements[0].attributes["src"].endswith("bis=12")
    assert "src" not in Page(fence(foreign, images=True)).elements[0].attributes


def test_lone_surrogates_are_replaced():
    """Text that can't be encoded doesn't stop the page."""
    assert fence(tag("p", "a\ud800b")) == "<p>a?b</p>"


def test_join_leaves_out_empty_parts():
    """Separators stand only between parts that say something."""
    assert join("a", "", Html("<b>"), by=" & ") == "a &amp; <b>"


def test_html_is_not_escaped_again():
    """What ``tag`` has built can be put into another element."""
    assert tag("p", tag("em", "a<b")) == "<p><em>a&lt;b</em></p>"
    assert text(text("&")) == "&amp;"


def test_own_markup_is_safe_for_the_strict_reader():
    """The reader that other tests rely on does find fault."""
    assert_safe("<p>gut</p>")
    with pytest.raises(AssertionError):
        assert_safe('<p onclick="x">schlecht</p>')
    with pytest.raises(AssertionError):
        assert_safe("<p><b>verschränkt</p></b>")


def test_what_reports_are_built_of_passes_only_where_it_is_admitted():
    """An answer neither unfolds nor has a bar; where it is admitted, nothing acts."""
    built = tag("details", tag("summary", "a"), tag("progress", max="9", value="3"), ontoggle="x()")

    assert fence(built) == "a"
    shown = '<details><summary>a</summary><progress max="9" value="3"></progress></details>'
    assert fence(built, report=True) == shown


@pytest.mark.parametrize(
    ("name", "attribute", "address", "passes"),
    [
        ("a", "href", "/messung/2026-11-23T100000-dev/bericht.html", True),
        ("a", "href", "/messung/a/b/vergleich.html", True),
        ("a", "href", "/messung/../bericht.html", False),
        ("a", "href", "/messung/a/fremd.html", False),
        ("img", "src", "/messung/a/stufen.svg", True),
        ("img", "src", "/messung/a/b/stufen.svg", False),
        ("img", "src", "/messung/a/run.json", False),
    ],
)
def test_addresses_of_runs_pass_only_as_they_are_written(name, attribute, address, passes):
    """No way out of the folder of runs, and no other file."""
    shown = Page(fence(tag(name, **{attribute: address}), images=True)).elements[0]

    assert (shown.attributes.get(attribute) == address) is passes
