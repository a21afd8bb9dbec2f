"""What this application announces."""

from django.dispatch import Signal

# Sent after the commit, with business_id: int | None (None is every business) and revision: int
# (the business's own, or the platform's). It may be sent twice or not at all: the database is
# the truth, and the revision lets a listener ignore what it already has.
instructions_changed = Signal()

# Sent inside the transaction that erases what a business knows of a caller, with business_id: int,
# number: str (E.164), erased_by: str and at: datetime. Whoever kept a copy erases it too; an error
# of a listener undoes the erasure, so that nothing is half forgotten. A listener answers in words
# what it has erased, such as ["2 notes"].
caller_forgotten = Signal()
