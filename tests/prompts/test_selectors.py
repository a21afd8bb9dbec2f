import threading
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import connection

from prompts import selectors
from prompts.domain.kinds import Apply, Direction
from prompts.domain.layers import MissingPrompt, Started, compose
from prompts.models import Business, Platform
from prompts.selectors import current_revision, read_wording, unpublished_shipped
from prompts.services.business import change_business
from prompts.services.platform import publish_platform
from prompts.services.settings import change_settings, pause
from tests.factories import make_business, publish_text

INBOUND = Direction.INBOUND


def in_another_connection(work) -> None:
    """Run ``work`` to its commit in a thread with a connection of its own."""
    problems = []

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # shown below, in the test's own thread
            problems.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not problems, problems


@contextmanager
def before_query(number: int, work):
    """Do ``work`` elsewhere just before the query with this number, counting from 0."""
    seen = 0

    def hook(execute, sql, params, many, context):
        nonlocal seen
        if seen == number:
            in_another_connection(work)
        seen += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hook):
        yield lambda: seen


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("kind", ["business", "platform", "settings"])
def test_a_publish_between_any_two_queries_never_labels_old_words_with_the_new_revision(
    number, kind
):
    business = make_business()
    publish_text(business, "Old words.")
    began = current_revision(business.pk)
    old = compose(read_wording(business.pk, INBOUND), context="")

    def change() -> None:
        if kind == "business":
            publish_text(business, "New words.")
        elif kind == "settings":
            change_settings(
                business=business, changes={"voice": "cedar"}, actor=None, reason="A test"
            )
        else:
            publish_platform(direction=None, text="New rules.", base=1, note="A test", actor=None)

    with before_query(number, change) as queries:
        wording = read_wording(business.pk, INBOUND)
    assert queries() <= 3
    now = compose(read_wording(business.pk, INBOUND), context="")
    read = compose(wording, context="")
    if wording.revision == began:
        assert read.text == old.text
        assert wording.settings.voice == "marin"
    else:
        assert wording.revision == current_revision(business.pk)
        assert read.text == now.text
        assert wording.settings.voice == ("cedar" if kind == "settings" else "marin")


@pytest.mark.django_db
def test_a_wording_takes_at_most_three_queries(django_assert_max_num_queries):
    business = make_business()
    for number in range(5):
        publish_text(business, f"Text {number}.", apply=Apply.NEW_CALLS)
    with django_assert_max_num_queries(3):
        read_wording(business.pk, INBOUND)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_only_what_a_call_may_still_follow_is_read():
    business = make_business()
    for number, apply in enumerate([Apply.LIVE, Apply.LIVE, Apply.NEW_CALLS]):
        publish_text(business, f"Text {number}.", apply=apply)
    assert [one.version.number for one in read_wording(business.pk, INBOUND).business] == [2, 3]


@pytest.mark.django_db
def test_a_release_for_new_calls_leaves_running_calls_where_they_are():
    business = make_business()
    publish_text(business, "Old words.")
    wording = read_wording(business.pk, INBOUND)
    started = Started(wording.revision, wording.platform_revision)
    publish_text(business, "New words.", apply=Apply.NEW_CALLS)
    change_business(business=business, changes={"agent_name": "Dana"}, actor=None, reason="A test")
    held = compose(read_wording(business.pk, INBOUND), context="", started=started)
    assert "Old words." in held.text
    assert held.held
    publish_text(business, "New words.")
    moved = compose(read_wording(business.pk, INBOUND), context="", started=started)
    assert "New words." in moved.text
    assert not moved.held
    assert moved.version == 2


@pytest.mark.django_db
def test_an_unknown_business_is_an_error():
    with pytest.raises(Business.DoesNotExist):
        read_wording(404, INBOUND)
    with pytest.raises(Business.DoesNotExist):
        current_revision(404)


@pytest.mark.django_db
def test_settings_that_nobody_chose_are_the_servers(settings):
    settings.OPENAI_REALTIME_MODEL = "the-model"
    settings.OPENAI_TRANSCRIPTION_MODEL = "the-writer"
    settings.MAX_CALL_SECONDS = 100
    business = make_business(language="he")
    chosen = read_wording(business.pk, INBOUND).settings
    assert (chosen.model, chosen.transcription_model) == ("the-model", "the-writer")
    assert (chosen.languages, chosen.max_call_seconds) == (("he",), 100)
    change_settings(
        business=business,
        changes={
            "model": "own",
            "transcribe": False,
            "other_languages": "en, he,ar",
            "max_call_seconds": 60,
        },
        actor=None,
        reason="A test",
    )
    chosen = read_wording(business.pk, INBOUND).settings
    assert (chosen.model, chosen.transcription_model) == ("own", "")
    assert (chosen.languages, chosen.max_call_seconds) == (("he", "en", "ar"), 60)


@pytest.mark.django_db
def test_a_business_without_prompts_has_a_wording_with_a_fallback():
    business = make_business(language="he")
    wording = read_wording(business.pk, INBOUND)
    assert wording.fallback.language == "he"
    assert not wording.paused
    with pytest.raises(MissingPrompt):
        compose(wording, context="")
    pause(business=business, actor=None, reason="Holiday")
    assert read_wording(business.pk, INBOUND).paused


@pytest.mark.django_db
def test_one_row_gives_both_clocks():
    business = make_business()
    publish_platform(direction=None, text="Rules.", base=1, note="A test", actor=None)
    wording = read_wording(business.pk, INBOUND)
    assert wording.platform_revision == Platform.objects.get().revision
    assert current_revision(business.pk) == wording.revision


@pytest.mark.django_db
def test_a_newer_shipped_text_waits_to_be_published(monkeypatch):
    from prompts.services import shipped

    assert not unpublished_shipped()
    newer = shipped.SHIPPED[0].__class__(None, "Newer rules.")
    monkeypatch.setattr(shipped, "SHIPPED", (newer,))
    shipped.install_shipped()
    shipped.install_shipped()
    assert [one.text for one in unpublished_shipped()] == ["Newer rules."]
    business = make_business()
    publish_text(business)
    assert "Newer rules." not in compose(read_wording(business.pk, INBOUND), context="").text


@pytest.mark.django_db
def test_the_state_of_each_direction_is_its_newest_release():
    business = make_business()
    publish_text(business, "One.")
    publish_text(business, "Two.", apply=Apply.NEW_CALLS)
    business.refresh_from_db()
    newest = selectors.newest_releases(business)
    assert newest[INBOUND] is not None
    assert newest[INBOUND].to_version.text == "Two."
    assert newest[Direction.OUTBOUND] is None


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
def test_a_history_four_times_as_long_takes_about_four_times_the_steps() -> None:
    business = make_business()
    steps = []
    for versions in (60, 180):
        for number in range(versions):
            publish_text(business, f"v{versions} {number}")
        business.refresh_from_db()
        steps.append(steps_of(lambda: read_wording(business.pk, INBOUND)))
    assert steps[1] < 6 * steps[0], steps


def steps_of(work: Callable[[], object]) -> int:
    """How many steps the database takes, in tens."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    connection.ensure_connection()
    connection.connection.set_progress_handler(step, 10)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 10)
    return count
