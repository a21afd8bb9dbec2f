"""Django's command, which leaves an audit entry."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.models import User

from prompts.services.accounts import record_new_password


class Command(changepassword.Command):
    """Gives an account another password, and writes it down right after."""

    def handle(self, *arguments: Any, **options: Any) -> Any:
        """Change the password as Django does, then write its entry."""
        answer = super().handle(*arguments, **options)
        account = User.objects.get(username=options["username"] or getpass.getuser())
        record_new_password(account=account, actor=None)
        return answer
