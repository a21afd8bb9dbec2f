"""Django's command, which leaves an audit entry and keeps the software's own name free."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User

from prompts.services.accounts import record_added_outside
from prompts.validation import account_name_faults


class Command(createsuperuser.Command):
    """Makes a superuser, and writes it down right after: no lock is held while a person types."""

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Make the account as Django does, then its entry."""
        known = list(User.objects.values_list("pk", flat=True))
        super().handle(*arguments, **options)
        for account in User.objects.filter(is_superuser=True).exclude(pk__in=known):
            record_added_outside(account)

    def _validate_username(self, username: str, *named: Any) -> str | None:
        """Why the name cannot be taken, if it cannot."""
        fault: str | None = super()._validate_username(  # type: ignore[misc]  # its stub has none
            username, *named
        )
        return fault or next(iter(account_name_faults(username)), None)
