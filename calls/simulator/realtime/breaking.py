"""When one connection breaks, as the faults want it."""

from calls.simulator.faults import Faults, applies


class Breaking:
    """Counts what passes on a connection; ``number`` is its own, from 1."""

    def __init__(self, faults: Faults, number: int) -> None:
        self._faults = faults
        self._number = number
        self._updates = self._done = 0

    @property
    def _is_meant(self) -> bool:
        return applies(self._faults.broken, self._number)

    @property
    def expires_after(self) -> float | None:
        """After how many seconds the session reaches its maximum duration, if it does."""
        return self._faults.expire_after if self._is_meant else None

    def on_update(self) -> bool:
        """Whether the update that just came is the last thing to come."""
        self._updates += 1
        return self._updates == self._faults.drop_on_update and self._is_meant

    def on_updated(self) -> bool:
        """Whether nothing follows an update that was applied."""
        return self._faults.drop_after == 0 and self._is_meant

    def in_response(self, number: int, share: float) -> bool:
        """Whether a response breaks off, of which this share was said."""
        return number == self._faults.drop_during and share >= 0.5 and self._is_meant

    def on_done(self) -> bool:
        """Whether the response that is just over was the last."""
        self._done += 1
        return self._done == self._faults.drop_after and self._is_meant
