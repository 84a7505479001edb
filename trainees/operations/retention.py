"""When the files of trainees go, and what must stay of them."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from e2c_portal.kernel.retention import all_rules
from trainees.life.pathways import OPEN
from trainees.models import (
    AccidentReport,
    Approach,
    FollowUp,
    InternshipAgreement,
    LegalParameter,
    MonthlyAttendanceStatement,
    Pathway,
    Referral,
    SensitiveFlag,
    Trainee,
    TraineeImportLine,
)

FILE_KEPT_FOR = timedelta(days=730)
AGREEMENT_KEPT_FOR = timedelta(days=5 * 365)
STATEMENT, ACCIDENT = "trainees.MonthlyAttendanceStatement", "trainees.AccidentReport"
UNDER_WAY = OPEN
# What is taken from a file whose agreements must still be kept: everything that only served to reach and to follow somebody.
FIRST_TO_GO = frozenset(
    {
        "trainees.SensitiveFlag", "trainees.Referral", "trainees.AbsenceProof", "trainees.Evidence", "trainees.Approach",
        "trainees.LikelyDouble", "trainees.TraineeImportLine", "trainees.EntryProfile", "trainees.FollowUp", "links.PersonalLink",
        "links.LinkToken", "links.LinkVisit", "mailing.Mail", "mailing.Sms", "audit.Change",
    }
)  # fmt: skip
CONTACT_COLUMNS = ("email", "phone", "address", "postal_code", "city")


def trainees_out_of_touch(limit: datetime) -> QuerySet[Trainee]:
    """Return the people last met before a day and of whom something may go: all of it, or what reaches them.

    Somebody whose agreements are still kept comes once: when nothing but the agreements is left, they come no more.
    """
    return out_of_touch(limit).filter(~Exists(_agreements_kept(timezone.localdate())) | still_reached())


def out_of_touch(limit: datetime) -> QuerySet[Trainee]:
    """Return the people without a pathway under way, met for the last time before a day."""
    day = timezone.localdate(limit)
    own = {"trainee": OuterRef("pk")}
    pathways = Pathway.objects.filter(**own)
    lately = pathways.filter(Q(status__in=UNDER_WAY) | Q(ended_on__gte=day))
    called = FollowUp.objects.filter(pathway__trainee=OuterRef("pk"), done_on__gte=day)
    asked = Referral.objects.filter(Q(referred_on__gte=day) | Q(outcome_on__gte=day), **own)
    # A file that never had a pathway nor a referral counts from the day it was opened.
    dated = Exists(pathways) | Exists(Referral.objects.filter(**own)) | Q(created_at__lt=limit)
    return Trainee.objects.filter(dated).filter(~Exists(lately), ~Exists(called), ~Exists(asked))


def _agreements_kept(today: date) -> QuerySet[InternshipAgreement]:
    return InternshipAgreement.objects.filter(
        internship__trainee=OuterRef("pk"), signed_on__gte=today - AGREEMENT_KEPT_FOR
    )


def still_reached() -> Q:
    """Return the condition « something of the file serves to reach the person »."""
    reached = Q()
    for column in CONTACT_COLUMNS:
        reached |= ~Q(**{column: ""})
    return reached


def flags_over(limit: datetime) -> QuerySet[SensitiveFlag]:
    """Return the sensitive data of people whose pathways are all over, and too old to be reopened."""
    own = Pathway.objects.filter(trainee=OuterRef("trainee"))
    reopens = LegalParameter.objects.filter(key="reopening_days", starts_on__lte=timezone.localdate()).order_by(
        "-starts_on"
    )
    days = int(reopens.values_list("value", flat=True).first() or 0)
    lately = own.filter(Q(status__in=UNDER_WAY) | Q(ended_on__gte=timezone.localdate(limit) - timedelta(days=days)))
    return SensitiveFlag.objects.filter(Exists(own), ~Exists(lately))


def statements_over(limit: datetime) -> QuerySet[MonthlyAttendanceStatement]:
    """Return the monthly statements frozen before a moment."""
    return MonthlyAttendanceStatement.objects.filter(frozen_at__lt=limit)


def accidents_over(limit: datetime) -> QuerySet[AccidentReport]:
    """Return the accidents that happened before a moment."""
    return AccidentReport.objects.filter(occurred_at__lt=limit)


def approaches_over(limit: datetime) -> QuerySet[Approach]:
    """Return the approaches made before a day."""
    return Approach.objects.filter(made_on__lt=timezone.localdate(limit))


def import_lines_over(limit: datetime) -> QuerySet[TraineeImportLine]:
    """Return the lines of the spreadsheets brought before a moment."""
    return TraineeImportLine.objects.filter(owner__requested_at__lt=limit)


def refusals(trainee: Trainee) -> list[str]:
    """Return why nothing of the file goes for now, as French sentences with their ground."""
    if trainee.pathways.filter(status__in=UNDER_WAY).exists():
        return ["Un parcours est en cours : l’école a besoin du dossier pour la formation (RGPD, art. 17-3-b)."]
    return []


def obligations(trainee: Trainee) -> list[str]:
    """Return why a part of the file must stay, as French sentences with their ground; empty when the whole may go."""
    today = timezone.localdate()
    found = []
    last = InternshipAgreement.objects.filter(internship__trainee=trainee).order_by(
        F("signed_on").desc(nulls_last=True)
    )
    signed_on = last.values_list("signed_on", flat=True).first()
    if signed_on and signed_on >= today - AGREEMENT_KEPT_FOR:
        until = signed_on + AGREEMENT_KEPT_FOR
        found.append(f"Une convention de stage signée est conservée cinq ans, jusqu’au {until:%d/%m/%Y}.")
    if _accident_kept(trainee, today):
        found.append(
            "Un accident déclaré est conservé le temps fixé par la Région (code de la sécurité sociale, R412-5)."
        )
    return found


def _accident_kept(trainee: Trainee, today: date) -> bool:
    [rule] = [rule for rule in all_rules() if rule.model == ACCIDENT]
    delay = rule.delay_today
    accidents = AccidentReport.objects.filter(trainee=trainee)
    if delay is None:
        return accidents.exists()
    return accidents.filter(occurred_at__gte=timezone.now() - delay).exists()
