"""Thirty days before a file is erased by its rule, those concerned are told. No name travels: a number, and pages to open."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.french import counted, date_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.privacy.models import ErasureNotice
from e2c_portal.privacy.people import Capacity, PersonKind, Told

GIVEN_BEFORE = timedelta(days=30)
NOTICE = "privacy.erasure_notice"
TYPES = (
    MailType(
        NOTICE, "Préavis d’effacement", subject="{{ headline }}",
        sample={
            "headline": "2 dossiers seront effacés à partir du 1er juin 2027", "day": "1er juin 2027", "capacity": "staff",
            "pages": ["https://portail.exemple/stagiaires/1"], "more": 0,
        },
    ),
)  # fmt: skip
PAGES_NAMED = 50


@transaction.atomic
def give_notices(kind: PersonKind, rows: Sequence[Model]) -> int:
    """Note that these people will be erased in thirty days, and tell whoever must know. Returns how many are new."""
    known = set(
        ErasureNotice.objects.filter(subject__in=[subject_of(row) for row in rows]).values_list("subject", flat=True)
    )
    fresh = [row for row in rows if subject_of(row) not in known]
    due_on = timezone.localdate() + GIVEN_BEFORE
    mailboxes: dict[tuple[str, Capacity], list[Told]] = defaultdict(list)
    for row in fresh:
        told = kind.told([row])
        ErasureNotice.objects.create(subject=subject_of(row), due_on=due_on, told=len(told))
        for one in told:
            mailboxes[one.email, one.capacity].append(one)
    for files in mailboxes.values():
        _tell(files, date_in_letters(due_on))
    return len(fresh)


HEADLINES = {
    Capacity.OWN: "Vos données seront effacées",
    Capacity.FOR_A_MINOR: "Vos données et celles du mineur que vous représentez seront effacées",
    Capacity.REPRESENTATIVE: "Vos coordonnées de représentant légal seront effacées",
}


def _tell(files: Sequence[Told], day: str) -> None:
    """Write once to one person, in one capacity, of all the files that concern them."""
    first, pages = files[0], [told.url for told in files if told.url]
    what = HEADLINES.get(first.capacity) or counted(len(pages), "dossier sera effacé", "dossiers seront effacés")
    context = {
        "headline": f"{what} à partir du {day}", "day": day, "capacity": first.capacity.value, "pages": pages[:PAGES_NAMED],
        "more": max(0, len(pages) - PAGES_NAMED),
    }  # fmt: skip
    send_mail_on_commit(NOTICE, Recipient(first.email, first.name), None, context)


def lapse(kind: PersonKind, due: "QuerySet[Model]") -> int:
    """Forget the notices of people whose time is no longer over: they came back meanwhile, or are held. Returns how many."""
    given = _keys_of(kind, ErasureNotice.objects.all())
    back = set(given) - set(due.filter(pk__in=given).values_list("pk", flat=True))
    names = [f"{kind.model_class._meta.label_lower}:{key}" for key in back]
    return ErasureNotice.objects.filter(subject__in=names).delete()[0]


def waiting_keys(kind: PersonKind) -> list[int]:
    """Return the people whose notice still runs."""
    return _keys_of(kind, ErasureNotice.objects.filter(due_on__gt=timezone.localdate()))


def _keys_of(kind: PersonKind, given: "QuerySet[ErasureNotice]") -> list[int]:
    prefix = f"{kind.model_class._meta.label_lower}:"
    names = given.filter(subject__startswith=prefix).values_list("subject", flat=True)
    return [int(name.removeprefix(prefix)) for name in names]


def ripe(kind: PersonKind, rows: Sequence[Model]) -> list[Model]:
    """Return those of the people whose notice is over."""
    names = [subject_of(row) for row in rows]
    over = ErasureNotice.objects.filter(subject__in=names, due_on__lte=timezone.localdate())
    ready = set(over.values_list("subject", flat=True))
    return [row for row in rows if subject_of(row) in ready]
