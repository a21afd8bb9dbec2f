"""The order of the start page: the daily work first, users and groups last."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Pages whose title is no plural of a row: the menu calls them as they call themselves.
TITLES = {"AuditEntry": gettext_lazy("Audit"), "Platform": gettext_lazy("Platform prompts")}
ORDER = ("Business", "Call", "AuditEntry", "Platform", "ApiToken")
OURS = ("prompts", "calls")


def put_work_first(site: AdminSite) -> None:
    """Let ``site`` list our pages as one section, before those of Django."""
    stock = site.get_app_list

    def get_app_list(request: HttpRequest, app_label: str | None = None) -> list[Any]:
        sections: list[Any] = stock(request, app_label)
        return sections if app_label else _work_first(sections)

    site.get_app_list = get_app_list  # type: ignore[method-assign]  # other sites keep the stock one


def _work_first(sections: list[Any]) -> list[Any]:
    """The same entries, ours as one section in the order of the work."""
    ours = [one for one in sections if one["app_label"] in OURS]
    if not ours:
        return sections
    models = sorted((_titled(model) for one in ours for model in one["models"]), key=_place)
    others = [one for one in sections if one["app_label"] not in OURS]
    return [{**ours[-1], "name": _("Voice agent"), "models": models}, *others]


def _titled(model: dict[str, Any]) -> dict[str, Any]:
    title = TITLES.get(model["object_name"])
    return {**model, "name": str(title)} if title else model


def _place(model: dict[str, Any]) -> int:
    name = model["object_name"]
    return ORDER.index(name) if name in ORDER else len(ORDER)
