"""Small questions asked of text and elements everywhere in this package. Pure."""

from collections.abc import Iterable

from bs4 import Tag

from ingest.characters import cleaned, closed_up


def one_line(text: str) -> str:
    """Return text cleaned, letterspacing closed up, every white space one blank."""
    return " ".join(closed_up(cleaned(text)).split())


def classes(tag: Tag, attribute: str = "class") -> str:
    """Return an element's classes, or the words of a like attribute, parted by blanks."""
    return " ".join(str(name) for name in tag.get_attribute_list(attribute) if name)


def elements(root: Tag, *names: str) -> list[Tag]:
    """Return all elements below ``root``, or those of these names, in document order.

    bs4's own search by several names takes four times as long (bs4 4.15).
    """
    wanted = frozenset(names)
    below = [node for node in root.descendants if isinstance(node, Tag)]
    return [tag for tag in below if tag.name in wanted] if wanted else below


def with_ancestors(tags: Iterable[Tag]) -> set[int]:
    """Return the ids of elements and of all that hold one of them."""
    ids: set[int] = set()
    for tag in tags:
        node: Tag | None = tag
        while node is not None and id(node) not in ids:
            ids.add(id(node))
            node = node.parent
    return ids
