"""Days and hours on a business's clock as moments on everybody's."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct


class Period(Struct, frozen=True):
    """Some days on the wall, from the first to the last, or one hour of the first."""

    first: date
    last: date
    hour: int | None = None

    def within(self, time_zone: str) -> tuple[datetime, datetime]:
        """From this moment, up to but without that one.

        An hour that the clock shows twice is two hours long, one that it leaves out has none.
        """
        zone = ZoneInfo(time_zone)
        begins = datetime.combine(self.first, time(self.hour or 0))
        if self.hour is not None:
            return _on_wall(begins, zone), _on_wall(begins + timedelta(hours=1), zone)
        ends = datetime.combine(self.last, time()) + timedelta(days=1)
        return _on_wall(begins, zone), _on_wall(ends, zone)


def _on_wall(naive: datetime, zone: ZoneInfo) -> datetime:
    return naive.replace(tzinfo=zone)
