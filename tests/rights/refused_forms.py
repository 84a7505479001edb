"""Every address sent nonsense by those who may send it something: where a form is refused, and what is then answered."""

from collections.abc import Iterator

from django.db import transaction

from e2c_portal.ui.refused_answers import tells_errors
from tests.rights.blank import shown as pages
from tests.rights.walk import Asker, declared


def refused_forms(addresses: dict[str, str], groups: dict[str, list[Asker]]) -> Iterator[tuple[str, int]]:
    """Send nonsense to every address; yield each where a form is shown again with errors, and what it answers."""
    askers, table = [*groups["network"], *groups["own"]], declared()
    with transaction.atomic():
        start = transaction.savepoint()
        for route, address in addresses.items():
            let_in = table[route]["POST network"] + table[route]["POST own"]
            asker = next((one for one in askers if one.letter in let_in), None)
            if asker is None:
                continue
            pages.clear()
            answer = asker.answer_to_nonsense(address, start)
            if answer is not None and any(tells_errors(page) for page in pages):
                yield route, answer.status_code
