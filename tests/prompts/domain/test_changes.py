from dataclasses import replace

import pytest

from prompts.domain.changes import FIRST, Link, canonical_json, differences, find_fault, link_hash


def chain(*contents: str) -> list[Link]:
    links: list[Link] = []
    for number, content in enumerate(contents, start=1):
        previous = links[-1].hash if links else FIRST
        links.append(Link(number, content, previous, link_hash(content, previous)))
    return links


LINKS = chain("one", "two", "three")


def fault(links):
    return find_fault(links, count=3, head=LINKS[-1].hash)


def test_only_what_changed_is_told():
    assert differences({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 4}) == (
        {"b": 2, "c": 3},
        {"b": 5, "d": 4},
    )


def test_json_has_one_spelling():
    assert canonical_json({"b": 1, "a": "שלום"}) == '{"a":"שלום","b":1}'


def test_a_whole_chain_has_no_fault():
    assert fault(LINKS) is None
    assert find_fault([], count=0, head="") is None


@pytest.mark.parametrize(
    "links",
    [
        [LINKS[0], replace(LINKS[1], content="other"), LINKS[2]],
        [LINKS[0], LINKS[2]],
        LINKS[:2],
        [*LINKS, Link(4, "more", LINKS[2].hash, link_hash("more", LINKS[2].hash))],
        [LINKS[1], LINKS[0], LINKS[2]],
        chain("one", "other", "three"),
    ],
    ids=["altered", "removed", "cut off", "added", "reordered", "rewritten"],
)
def test_every_tampering_is_found(links):
    assert fault(links) is not None
