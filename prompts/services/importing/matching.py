"""Which business here a row of the old system means; whatever disagrees is refused."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from prompts.domain.legacy import Fault, Record
from prompts.models import Business, PhoneNumber

Match = tuple[Record, Business]


class Matcher:
    """The businesses by number, phone number and name, read once."""

    def __init__(self) -> None:
        """Read them all."""
        self.by_id = Business.objects.in_bulk()
        self.by_number = dict(PhoneNumber.objects.values_list("number", "business_id"))
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for pk, business in self.by_id.items():
            self.by_name[business.name].append(pk)

    def match(self, records: Sequence[Record]) -> tuple[list[Match], list[Fault]]:
        """Each record with its business, or what keeps it from one; a business stands once."""
        found = [(record, self._find(record)) for record in records]
        faults = [one for _record, one in found if isinstance(one, Fault)]
        matches = [(record, one) for record, one in found if isinstance(one, Business)]
        times = Counter(business.pk for _record, business in matches)
        for record, business in matches:
            if times[business.pk] > 1:
                rows = [str(one.row) for one, same in matches if same.pk == business.pk]
                sentence = f"Business {business.pk} stands in rows {', '.join(rows)}. Keep one."
                faults.append(Fault(record.row, "business_id", sentence))
        return [one for one in matches if times[one[1].pk] == 1], faults

    def _find(self, record: Record) -> Business | Fault:
        """The one business that all that the row says points to."""
        if record.business_id is not None:
            return self._agreeing(record, self.by_id.get(record.business_id))
        if record.phone_number:
            pk = self.by_number.get(record.phone_number)
            return self._agreeing(record, self.by_id[pk] if pk else None)
        named = self.by_name.get(record.name, [])
        if len(named) > 1:
            ids = ", ".join(map(str, named))
            sentence = f"The businesses {ids} all have this name. Name one by business_id."
            return Fault(record.row, "name", sentence)
        return self._agreeing(record, self.by_id[named[0]] if named else None)

    def _agreeing(self, record: Record, business: Business | None) -> Business | Fault:
        if business is None:
            sentence = "There is no such business here. Add it in the admin first, or correct this."
            return Fault(record.row, _pointer(record), sentence)
        if record.name and record.name != business.name:
            sentence = (
                f"Business {business.pk} has another name here. Compare the two, then "
                "correct the name in the file or leave it out."
            )
            return Fault(record.row, "name", sentence)
        if self.by_number.get(record.phone_number, business.pk) != business.pk:
            sentence = f"The number belongs to another business than {business.pk}. Correct one."
            return Fault(record.row, "phone_number", sentence)
        return business


def _pointer(record: Record) -> str:
    """The field by which a row names its business."""
    if record.business_id is not None:
        return "business_id"
    return "phone_number" if record.phone_number else "name"
