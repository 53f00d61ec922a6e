"""The batches of a file for a second process to make, packed to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from hub.intake.batches import Batch, Order, batches
from hub.intake.prepared import Prepared, PreparedItem, details_of
from schemas.declarations import PartyName


class Remaining(NamedTuple):
    """What to make: the batches of a file but for its first ``consumed`` items."""

    order: Order
    consumed: int

    def results(self) -> Iterator[Batch]:
        """The batches in the order of the file; none is held after it was given."""
        return map(partial(_packed_batch, self.order.submitter), batches(self.order, self.consumed))


def _packed_batch(submitter: str, batch: Batch) -> Batch:
    parties: dict[str, PartyName] = {}
    return Batch([_packed(item, submitter, parties) for item in batch.items], batch.place)


def _packed(item: PreparedItem, submitter: str, parties: dict[str, PartyName]) -> PreparedItem:
    """The item with its details in place of the declaration, which takes four times as long to send.

    ``parties`` are those met in the batch: the same one is sent once.
    """
    if not isinstance(item, Prepared):
        return item
    found = details_of(item, submitter)
    met = {digest: parties.setdefault(digest, party) for digest, party in found.parties.items()}
    named = {digest: parties.setdefault(digest, party) for digest, party in found.mentions.items()}
    return item._replace(declaration=None, details=found._replace(parties=met, mentions=named))
