"""Rows for tests, made as the product makes them: through the services."""

from itertools import count

from django.contrib.auth.models import User

from prompts.domain.kinds import Apply, Direction
from prompts.domain.roles import Role
from prompts.models import Business, PromptVersion
from prompts.selectors import current_versions
from prompts.services.accounts import allow_platform
from prompts.services.business import add_phone_number, create_business
from prompts.services.people import give_role
from prompts.services.publish import publish
from prompts.services.slots import Text

_numbers = count(1)


def make_user(username: str = "editor", **fields: object) -> User:
    """A superuser who may do all, because most tests are not about rights."""
    user: User = User.objects.create_superuser(username, password="secret", **fields)  # type: ignore[arg-type]
    allow_platform(user, publishes=True)
    return user


def make_member(business: Business, *roles: Role, username: str = "member") -> User:
    """Somebody who has nothing but ``roles`` in one business; more can be given by the service."""
    user = User.objects.filter(username=username).first()
    user = user or User.objects.create_user(username, password="secret", is_staff=True)
    for role in roles:
        give_role(business=business, person=user, role=role, actor=None, reason="A test")
    return user


def make_business(name: str = "Bloom & Stem", *, number: str = "", **details: object) -> Business:
    """A business without prompts; with a phone number when one is given."""
    business = create_business(details={"name": name, **details}, actor=None)
    if number:
        add_phone_number(business=business, number=number, actor=None, reason="A test")
    return business


def make_number() -> str:
    """A phone number that no other test row has."""
    return f"+1500556{next(_numbers):04d}"


def publish_text(
    business: Business,
    text: str = "You are the assistant of {{ business_name }}.",
    *,
    direction: Direction = Direction.INBOUND,
    greeting: str = "",
    apply: Apply = Apply.LIVE,
    actor: User | None = None,
) -> PromptVersion:
    """Publish one direction on top of whatever is in force."""
    current = current_versions(business)[direction]
    published = publish(
        business=business,
        texts={direction: Text(text, greeting)},
        base={direction: current.number if current else None},
        note="A test",
        apply=apply,
        actor=actor,
    )
    return published.versions[direction]
