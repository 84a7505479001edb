"""The rights of this floor, by name. Who reads a document is its kind's own business."""

from typing import Any

import rules

from e2c_portal.documents.models import Batch

FOLLOW_BATCH = "documents.follow_batch"


@rules.predicate
def asked_for_it(user: Any, batch: Batch) -> bool:
    return bool(batch.requested_by_id == user.pk)


@rules.predicate
def works_for_the_whole_network(user: Any) -> bool:
    # The account's own word for somebody who has a role for the network; accounts stand on a floor above.
    return bool(user.is_staff)


rules.add_perm(FOLLOW_BATCH, asked_for_it | works_for_the_whole_network)
