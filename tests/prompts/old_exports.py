"""Exports of an older system, in the shapes in which they really arrive, whole and broken."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """A file that cannot be taken as it is, and the places that a person must be told of."""

    name: str
    content: bytes
    places: tuple[tuple[int, str], ...]
    word: str = ""  # a piece of the sentence

    def __str__(self) -> str:
        return self.name


def as_json(*rows: object) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


def row(**fields: object) -> dict[str, object]:
    return {"business_id": 1, **fields}


def prompt(value: object, field: str = "ai_prompt") -> bytes:
    return as_json(row(**{field: value}))


def csv(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


HEAD = "business_id,ai_prompt,outbound_ai_prompt"
WHOLE = as_json(row(ai_prompt="Be kind."), {"business_id": 2, "ai_prompt": "Be brief."})

BROKEN = (
    # JSON as a file
    Broken("empty.json", b"", ((0, ""),), "empty"),
    Broken("blank.json", b" \n\t ", ((0, ""),), "empty"),
    Broken("no-rows.json", b"[]", ((0, ""),), "no rows"),
    Broken("truncated-in-text.json", WHOLE[:-8], ((2, "ai_prompt"),), "ends too soon"),
    Broken("truncated-in-key.json", WHOLE[:60], ((2, ""),), "ends too soon"),
    Broken("truncated-after-row.json", WHOLE[:-1], ((3, ""),), "ends too soon"),
    Broken("two-lists.json", b'[{"business_id": 1}] [1]', ((2, ""),), "Extra data"),
    Broken("single-quotes.json", b"[{'business_id': 1}]", ((1, ""),), "broken"),
    Broken("comma-at-end.json", b'[{"business_id": 1,}]', ((1, "business_id"),), "broken"),
    Broken("nan.json", b'[{"temperature": NaN}]', ((0, ""),), "NaN"),
    Broken("deep.json", b"[" * 100_000, ((0, ""),), "nested too deeply"),
    Broken("long-number.json", b'[{"id": ' + b"9" * 5000 + b"}]", ((0, ""),), "limit"),
    Broken("a-number.json", b"7", ((0, ""),), "a number"),
    Broken("null.json", b"null", ((0, ""),), "nothing"),
    Broken("csv-inside.json", csv(HEAD, "1,Hello,"), ((0, ""),), "broken"),
    Broken("under-wrong-key.json", b'{"businesses": 7}', ((0, ""),), "no list"),
    Broken(
        "list-and-more.json", b'{"businesses": [], "businesses": []}', ((0, ""),), "stands beside"
    ),
    Broken("utf-16.json", WHOLE.decode().encode("utf-16"), ((0, ""),), "UTF-16"),
    # JSON rows
    Broken(
        "rows-of-text.json", as_json("a", None, [1]), ((1, ""), (2, ""), (3, "")), "in the place"
    ),
    Broken(
        "key-twice.json", b'[{"id": 1, "ai_prompt": "a", "ai_prompt": "b"}]', ((1, "ai_prompt"),)
    ),
    Broken("no-business.json", as_json({"ai_prompt": "a"}), ((1, "business_id"),), "names no"),
    Broken("no-text.json", as_json({"business_id": 1}), ((1, "ai_prompt"),), "none of"),
    Broken("typo.json", as_json(row(ai_promt="Be kind.")), ((1, "ai_prompt"),), "none of"),
    Broken("id-true.json", as_json({"id": True, "ai_prompt": "a"}), ((1, "id"),), "yes or no"),
    Broken("id-float.json", as_json({"id": 1.5, "ai_prompt": "a"}), ((1, "id"),), "a number"),
    Broken("id-minus.json", as_json({"id": -1, "ai_prompt": "a"}), ((1, "id"),), "such as 7"),
    Broken("id-words.json", as_json({"id": "one", "ai_prompt": "a"}), ((1, "id"),), "“one”"),
    Broken("id-arabic.json", as_json({"id": "١", "ai_prompt": "a"}), ((1, "id"),), "such as 7"),
    Broken("id-huge.json", as_json({"id": 10**30, "ai_prompt": "a"}), ((1, "id"),), "such as 7"),
    Broken("id-list.json", as_json({"id": [1], "ai_prompt": "a"}), ((1, "id"),), "a list"),
    Broken("name-lines.json", as_json({"name": "a\nb", "ai_prompt": "a"}), ((1, "name"),)),
    Broken(
        "phone.json", as_json(row(phone_number="050-123", ai_prompt="a")), ((1, "phone_number"),)
    ),
    Broken("changed-number.json", as_json(row(ai_prompt="a", updated_at=17)), ((1, "updated_at"),)),
    Broken("by-list.json", as_json(row(ai_prompt="a", updated_by=[1])), ((1, "updated_by"),)),
    Broken(
        "many-wrong.json",
        as_json(row(ai_prompt=1, outbound_ai_prompt=[], greeting_message=True, updated_at={})),
        ((1, "ai_prompt"), (1, "outbound_ai_prompt"), (1, "greeting_message"), (1, "updated_at")),
    ),
    # JSON texts
    Broken("text-number.json", prompt(7), ((1, "ai_prompt"),), "a number"),
    Broken("text-list.json", prompt(["a"]), ((1, "ai_prompt"),), "a list"),
    Broken("text-true.json", prompt(True), ((1, "ai_prompt"),), "yes or no"),
    Broken("nul.json", prompt("a\0b"), ((1, "ai_prompt"),), "control character"),
    Broken("escape.json", prompt("a\x1b[31mb"), ((1, "ai_prompt"),), "control character"),
    Broken("half.json", b'[{"id": 1, "ai_prompt": "\\ud83d"}]', ((1, "ai_prompt"),), "half"),
    Broken("huge.json", prompt("a" * 20_001), ((1, "ai_prompt"),), "20001 characters"),
    Broken("greeting-nul.json", prompt("\0", "greeting_message"), ((1, "greeting_message"),)),
    Broken(
        "latin-1.json", prompt("Grüße").decode().encode("latin-1"), ((1, "ai_prompt"),), "UTF-8"
    ),
    Broken("hebrew.json", prompt("שלום").decode().encode("cp1255"), ((1, "ai_prompt"),), "UTF-8"),
    # words for calls and for WhatsApp
    Broken("channel.json", prompt({"calls": "a", "sms": "b"}), ((1, "ai_prompt"),), "“sms”"),
    Broken(
        "channel-list.json", prompt({"calls": ["a"]}), ((1, "ai_prompt"),), "calls: Here stands"
    ),
    Broken("channel-deep.json", prompt({"calls": {"text": "a"}}), ((1, "ai_prompt"),), "an object"),
    Broken("channel-nul.json", prompt({"whatsapp": "\0"}), ((1, "ai_prompt"),), "whatsapp: The"),
    Broken(
        "channel-twice.json",
        b'[{"id": 1, "ai_prompt": {"calls": "a", "calls": "b"}}]',
        ((1, "ai_prompt"),),
        "stands twice",
    ),
    Broken("nested.json", prompt('{"calls": "a"'), ((1, "ai_prompt"),), "begins like JSON"),
    Broken("nested-cut.json", prompt('{"calls": "a, b'), ((1, "ai_prompt"),), "Unterminated"),
    Broken("nested-key.json", prompt('{"text": "a"}'), ((1, "ai_prompt"),), "“text”"),
    Broken("nested-python.json", prompt("{'calls': 'a'}"), ((1, "ai_prompt"),), "begins like JSON"),
    Broken("nested-bare.json", prompt("{calls: a}"), ((1, "ai_prompt"),), "begins like JSON"),
    Broken("nested-more.json", prompt('{"calls": "a"} b'), ((1, "ai_prompt"),), "Extra data"),
    Broken("nested-nan.json", prompt('{"calls": NaN}'), ((1, "ai_prompt"),), "NaN"),
    Broken("nested-twice.json", prompt('{"calls":"a","calls":""}'), ((1, "ai_prompt"),), "twice"),
    Broken("nested-nul.json", prompt('{"calls": "\\u0000"}'), ((1, "ai_prompt"),), "control"),
    Broken(
        "in-nested.json", prompt({"calls": '{"calls": "a"}'}), ((1, "ai_prompt"),), "inside JSON"
    ),
    Broken(
        "quoted.json", prompt(json.dumps('{"calls": "a"}')), ((1, "ai_prompt"),), "quoted twice"
    ),
    # CSV
    Broken("empty.csv", b"\xef\xbb\xbf\r\n", ((0, ""),), "empty"),
    Broken("header-only.csv", csv(HEAD), ((0, ""),), "no rows"),
    Broken("short.csv", csv(HEAD, "1,Hello", "2,Hello,"), ((2, ""),), "2 cells"),
    Broken("long.csv", csv(HEAD, "1,Hello, you,"), ((2, ""),), "4 cells"),
    Broken(
        "column-twice.csv", csv("id,ai_prompt,ai_prompt", "1,a,b"), ((1, "ai_prompt"),), "twice"
    ),
    Broken("column-nameless.csv", csv("id,ai_prompt,", "1,a,"), ((1, ""),), "Column 3"),
    Broken("open-quote.csv", csv(HEAD, "2,Fine,", '1,"Hello,', "x"), ((3, "ai_prompt"),), "quote"),
    Broken("quote-inside.csv", csv(HEAD, '1,"Say "hello",'), ((2, ""),), "quote"),
    Broken("unknown.csv", csv("a,b", "1,2"), ((2, "business_id"), (2, "ai_prompt")), "none of"),
    Broken("nul.csv", csv(HEAD, "1,He\0llo,"), ((2, "ai_prompt"),), "control character"),
    Broken("huge.csv", csv(HEAD, f"1,{'a' * 200_000},"), ((2, "ai_prompt"),), "200000 characters"),
    Broken(
        "latin-1.csv", csv(HEAD, "1,Hello,x").replace(b"x", b"\xe9"), ((2, "outbound_ai_prompt"),)
    ),
    Broken(
        "nested.csv", csv(HEAD, '1,"{""calls"": ""a",'), ((2, "ai_prompt"),), "begins like JSON"
    ),
    Broken("id.csv", csv(HEAD, "x,Hello,"), ((2, "business_id"),), "such as 7"),
    Broken("utf-16.csv", csv(HEAD, "1,Hello,").decode().encode("utf-16"), ((0, ""),), "UTF-16"),
    Broken("binary.bin", bytes(range(256)), ((1, ""),)),
)
