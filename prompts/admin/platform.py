"""Platform prompts, the text of every version and every release: the pages are ours."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from prompts.models import Platform, PromptVersion, Release, Revision

from .base import ReadOnlyAdmin
from .outcomes.change import change_page, change_result
from .outcomes.release import release_page, release_result
from .pages.platform import platform_list
from .pages.versions import version_text
from .places.finding import at_platform
from .workspace.routes import PAGES, prompt_urls


@admin.register(Platform)
class PlatformAdmin(ReadOnlyAdmin[Platform]):
    """What all businesses share; only superusers come here."""

    def get_urls(self) -> list[URLPattern]:
        """The list of the three prompts, and the pages of each."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(platform_list), name="prompts_platform_changelist"),
            *prompt_urls(
                PAGES, "<platform:direction>", "platform", lambda view: wrap(at_platform(view))
            ),
        ]


@admin.register(PromptVersion)
class PromptVersionAdmin(ReadOnlyAdmin[PromptVersion]):
    """One page for each text; the lists stand beside the prompts."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """There is no list to offer."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page of a text."""
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/", wrap(version_text), name="prompts_promptversion_text")]


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin[Release]):
    """One page for each release, which its version and the person's own results lead to."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """There is no list to offer."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page of a release, and its part that a script renews."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/", wrap(release_page), name="prompts_release_page"),
            path("<int:pk>/result/", wrap(release_result), name="prompts_release_result"),
        ]


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin[Revision]):
    """One page for each change that moved no prompt, where saving it leads."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """There is no list to offer."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page of a change, and its part that a script renews."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/", wrap(change_page), name="prompts_revision_page"),
            path("<int:pk>/result/", wrap(change_result), name="prompts_revision_result"),
        ]
