"""Restoring a former state of the settings: what would change, whom it reaches, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts import past
from prompts.admin import rights
from prompts.admin.forms import Base, Reason
from prompts.admin.outcomes.change import PROMISES, land_on_change
from prompts.admin.pages.page import (
    Crumb,
    history_url,
    own_url,
    redirect_with,
    set_posted,
    show,
    way_to,
)
from prompts.admin.values import value_name
from prompts.admin.window import look
from prompts.domain.reach import reach_of
from prompts.domain.roles import Right
from prompts.models import AuditEntry, Business
from prompts.past import NUMBERS
from prompts.sentences import Sentence
from prompts.services.errors import StaleSettings
from prompts.services.restore import RESTORED, restorable, restore_settings

from .differences import NAMES, TITLES, WHO_GETS_IT, Group, compared

Faults = Mapping[str, Sequence[str]]


class RestoreForm(forms.Form):
    """Which parts of the state come back, and why."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What to restore"),
        choices=list(TITLES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what is to be restored.")},
    )
    reason = Reason(
        label=gettext_lazy("Why you restore this"),
        help_text=gettext_lazy("Required. It stands in the audit."),
    )
    base = Base()


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of rows on the page: its box to tick, what would change, and what is wrong."""

    tick: object
    group: Group
    faults: Sequence[str]


def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show the way back from today to the state after a change, and go it."""
    business = rights.find_business(request, pk, Right.CHANGE_SETTINGS)
    changes = past.settings_changes(business)
    entry = get_object_or_404(changes, number=number)
    newest = changes[0]  # read before the values: a change between the two is then noticed
    then, now = map(restorable, past.settings_after(business, entry.number, past.NOW))
    groups = compared(now, then)
    if not groups:
        sentence = _("There is nothing to restore: everything stands as it did then.")
        back = own_url("past_change", pk, number)
        return redirect_with(request, sentence, back, messages.info)
    form = RestoreForm(request.POST or None, initial=_initial(entry, newest, groups))
    faults: Faults = {}
    meanwhile: list[Group] = []
    if request.method == "POST" and form.is_valid():
        try:
            _act(request, business, entry, form.cleaned_data)
        except ValidationError as error:
            faults = error.message_dict
        except StaleSettings:
            meanwhile = _since(business, form.cleaned_data["base"])
            form.add_error(None, _moved(newest))
            set_posted(form, "base", newest.number)
        else:
            return _land(request, business, entry, groups, form.cleaned_data["kinds"])
    parts = _put_beside_values(form, groups, faults)
    return show(
        request,
        "admin/prompts/restore.html",
        title=_("Restore what stood after change %(number)d?") % {"number": number},
        crumbs=_way(business, entry),
        business=business,
        entry=entry,
        form=form,
        is_refused=bool(form.errors or faults),
        parts=parts,
        meanwhile=meanwhile,
        promises=list(_promises(groups)),
        live_calls=look().live_calls(business.pk, None),
        cancel_url=own_url("past_change", pk, number),
    )


def _initial(entry: AuditEntry, newest: AuditEntry, groups: Sequence[Group]) -> dict[str, Any]:
    """All that differs is ticked, and the reason says what was done."""
    reason = _("Restored what stood after change %(number)d") % {"number": entry.number}
    return {
        "kinds": [group.name for group in groups],
        "reason": reason,
        "base": newest.number,
    }


def _way(business: Business, entry: AuditEntry) -> list[Crumb]:
    return [
        *way_to(business),
        Crumb(_("History of the settings"), history_url(business)),
        Crumb(
            _("Change %(number)d") % {"number": entry.number},
            own_url("past_change", business.pk, entry.number),
        ),
    ]


def _act(
    request: HttpRequest, business: Business, entry: AuditEntry, values: dict[str, Any]
) -> None:
    restore_settings(
        business=business,
        number=entry.number,
        kinds=[NAMES[name] for name in values["kinds"]],
        base=values["base"],
        actor=rights.person(request),
        reason=values["reason"],
    )


def _land(
    request: HttpRequest,
    business: Business,
    entry: AuditEntry,
    groups: Sequence[Group],
    chosen: Sequence[str],
) -> HttpResponse:
    """To the page that tells what becomes of it in calls; to the history where it was several."""
    done = [group.name for group in groups if group.name in chosen]
    if len(done) == 1 and NAMES[done[0]] != NUMBERS:
        return land_on_change(request, business)
    sentence = _("Restored: what you chose stands again as it did after change %(number)d.")
    said = sentence % {"number": entry.number}
    return redirect_with(request, said, history_url(business), messages.success)


def _moved(newest: AuditEntry) -> str:
    """Who was faster, and what to do."""
    sentence = _(
        "%(person)s changed the settings while you were looking (“%(reason)s”), so nothing was "
        "restored. Below stands what changed meanwhile, and what restoring would change now: "
        "look again, and then decide."
    )
    return Sentence.of(sentence, person=newest.actor_name, reason=newest.reason)


def _since(business: Business, base: int) -> list[Group]:
    """What others changed after what the person saw."""
    if not past.settings_changes(business).filter(number=base).exists():
        return []
    return compared(*past.settings_after(business, base, past.NOW))


def _promises(groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    """Which of the values reach which calls."""
    rows = [row for group in groups for row in group.rows]
    for reach, sentence in PROMISES.items():
        if names := [row.name for row in rows if reach_of(row.field) is reach]:
            yield ", ".join(names), str(sentence)


def _put_beside_values(form: RestoreForm, groups: Sequence[Group], faults: Faults) -> list[Part]:
    """The parts of the page, each sentence of the service at the value or part that it is about."""
    left, parts = dict(faults), []
    ticks = {str(one.data["value"]): one for one in form["kinds"]}
    for group in groups:
        kind = NAMES[group.name]
        rows = [
            replace(row, who=str(WHO_GETS_IT[reach_of(row.field)]), faults=left.pop(row.field, ()))
            for row in group.rows
        ]
        own = [
            Sentence.of("%(name)s: %(why)s", name=value_name(kind, name), why=why)
            for name in RESTORED[kind]
            for why in left.pop(name, ())
        ]
        parts.append(Part(ticks[group.name], replace(group, rows=rows), own))
    for name, sentences in left.items():
        form.add_error(name if name in form.fields else None, list(sentences))
    return parts
