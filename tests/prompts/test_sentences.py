"""Words of others inside sentences of ours."""

from django.template import Context, Template

from prompts.sentences import Sentence


def test_a_sentence_is_plain_text_and_on_a_page_keeps_what_was_put_in_apart() -> None:
    line = Sentence.of("Line %(line)d: %(rest)s", line=3, rest=Sentence.of("by %(who)s", who="<b>"))
    assert line == "Line 3: by <b>"
    shown = Template("{{ line }}").render(Context({"line": line}))
    assert shown == "Line 3: by <bdi>&lt;b&gt;</bdi>"
