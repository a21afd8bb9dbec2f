"""Making the demo businesses, and only those."""

from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection, transaction

from prompts.demo import DEMO, DemoBusiness
from prompts.models import AuditEntry, Business, PhoneNumber

from .accounts import add_account, allow_platform
from .business import add_phone_number, create_business
from .publish import publish
from .settings import change_settings
from .slots import Text

REASON = "Demo data"
USERNAME = PASSWORD = "demo"  # noqa: S105  # made on this machine only, see seed_demo


class Occupied(Exception):
    """An id or a number of the demo belongs to a row that the demo did not make."""


@transaction.atomic
def seed_businesses() -> list[Business]:
    """Make the demo businesses that are not there yet; those that are stay as people left them."""
    missing = [demo for demo in DEMO if not _is_there(demo)]
    made = [_make(demo) for demo in missing]
    if made:
        _continue_after_given_ids()
    return made


def seed_user() -> bool:
    """Make the user of the demo, unless the name is taken; say whether it was made."""
    if User.objects.filter(username=USERNAME).exists():
        return False
    user = User(username=USERNAME, is_superuser=True)
    user.set_password(PASSWORD)
    add_account(account=user, actor=None)
    allow_platform(user, publishes=True)
    return True


def _is_there(demo: DemoBusiness) -> bool:
    """Whether this demo business exists; raises `Occupied` when something else is in its place."""
    if Business.objects.filter(pk=demo.pk).exists():
        first = AuditEntry.objects.filter(business_id=demo.pk, number=1).first()
        if first is None or first.reason != REASON:
            raise Occupied(
                f"Business {demo.pk} was not made by seed_demo, so it stays as it is. "
                "Use an empty database for the demo."
            )
        return True
    if PhoneNumber.objects.filter(number=demo.number).exists():
        raise Occupied(
            f"The number {demo.number} belongs to a business that seed_demo did not make. "
            "Use an empty database for the demo."
        )
    return False


def _make(demo: DemoBusiness) -> Business:
    """One business with its number, settings and published prompts."""
    business = create_business(details=demo.details, actor=None, reason=REASON, pk=demo.pk)
    add_phone_number(business=business, number=demo.number, actor=None, reason=REASON)
    change_settings(
        business=business,
        changes={"fallback_number": demo.fallback_number},
        actor=None,
        reason=REASON,
    )
    publish(
        business=business,
        texts={one: Text(prompt.text, prompt.greeting) for one, prompt in demo.prompts.items()},
        base=dict.fromkeys(demo.prompts),
        note=REASON,
        actor=None,
    )
    return business


def _continue_after_given_ids() -> None:
    """Let PostgreSQL's sequence go on after the ids that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Business]):
            cursor.execute(statement)
