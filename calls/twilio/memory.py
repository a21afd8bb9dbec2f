"""The fallback of each business as this process last saw it, for when the database is away."""

from collections import OrderedDict

from prompts.domain.agent import Fallback

LIMIT = 1000


class FallbackMemory:
    """A bounded memory; a business never seen gets the general words, never those of another."""

    def __init__(self, general: Fallback, limit: int = LIMIT) -> None:
        self._general = general
        self._limit = limit
        self._seen: OrderedDict[int, Fallback] = OrderedDict()

    def remember(self, business_id: int, fallback: Fallback) -> None:
        """Keep the newest fallback of a business."""
        self._seen[business_id] = fallback
        self._seen.move_to_end(business_id)
        while len(self._seen) > self._limit:
            self._seen.popitem(last=False)

    def recall(self, business_id: int | None) -> Fallback:
        """The fallback last seen, or the general one."""
        if business_id is None:
            return self._general
        return self._seen.get(business_id, self._general)
