"""What calls do when prompts change: tell every worker, and never stop the publisher."""

import logging

from asgiref.sync import async_to_sync
from django.dispatch import receiver

from calls.groups import Changed, announce
from calls.proof.confirmations import announced, not_announced
from prompts.signals import instructions_changed

logger = logging.getLogger(__name__)


@receiver(instructions_changed)
def tell_every_worker(*, business_id: int | None, revision: int, **kwargs: object) -> None:
    """Send the group message; a layer that is away is made good by the reconcile query."""
    try:
        async_to_sync(announce)(Changed(business_id, revision))
    except Exception as error:  # noqa: BLE001 - whatever a layer raises must not reach the publisher
        not_announced(business_id, revision)
        logger.warning("The change was not announced (%s); calls will find it.", error)
    else:
        announced(business_id)
