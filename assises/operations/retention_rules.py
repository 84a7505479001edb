"""How long the Assises are kept. A new model of this app adds its rule here: the house test names it until then."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assises.models import LinkRequest, Registration
from assises.operations.purging import ERASED, editions_due, purge_people
from e2c_portal.kernel.models import Removal
from e2c_portal.kernel.retention import Fate, Rule, following, follows, kept

EVENT = "Événement public de la Région (RGPD, art. 6-1-e : mission d’intérêt public)."
REQUEST_KEPT_FOR = timedelta(days=1)


def people_of_past_editions(limit: datetime) -> QuerySet[Registration]:
    """Return the people who came to an edition whose names are to be erased."""
    return Registration.objects.filter(edition__in=editions_due(limit), purged_at=None)


def asked_before(limit: datetime) -> QuerySet[LinkRequest]:
    """Return the addresses typed before a moment."""
    return LinkRequest.objects.filter(at__lt=limit)


def moment_of(act: Removal) -> datetime:
    """Return when the names went."""
    return timezone.now()


RULES = (
    kept("assises.Edition", "Conservée : elle ne nomme que son contact.", EVENT),
    *following(
        EVENT, assises__EditionMove="edition", assises__Quota="edition", assises__Room="edition", assises__Session="edition",
        assises__ProgrammeVersion="edition", assises__Checkpoint="edition", assises__Scan="edition", assises__Question="edition",
        assises__OutboxMessage="edition", assises__SessionPlace="session",
    ),
    Rule(
        "assises.Registration", Fate.ANONYMISED,
        "Noms, adresses, besoins, réponses, liens et messages sont effacés le nombre de mois que fixe l’édition ; les effectifs restent.",
        EVENT, follows=("trainee",), counted_from="le jour de l’édition et les mois qu’elle fixe", delay=timedelta(0),
        due=people_of_past_editions, purge=lambda held: sum(purge_people(timezone.now(), held=held).values()),
        blank={**ERASED, "purged_at": moment_of},
    ),
    follows("assises.Answer", "registration", basis=EVENT, rule="Effacée avec le nom de son inscription."),
    follows(
        "assises.RegistrationMove", "registration", basis=EVENT, blank={"reason": ""},
        rule="L’étape reste pour les effectifs ; son motif est effacé avec le nom de son inscription.",
    ),
    kept("assises.DoorPost", "Avec l’édition ; le nom et l’adresse de qui la tient partent avec ceux des inscrits.", EVENT),
    kept("assises.SurveyReply", "Les notes restent, sans personne ; les mots partent avec les noms de l’édition.", EVENT),
    kept("assises.SurveyAnswered", "Conservé avec l’inscription ; il ne nomme personne.", EVENT),
    Rule(
        "assises.LinkRequest", Fate.DELETED, "Supprimée une fois traitée, un jour après au plus.", EVENT, counted_from="la demande",
        delay=REQUEST_KEPT_FOR, due=asked_before, hourly=True,
        purge=lambda held: asked_before(timezone.now() - REQUEST_KEPT_FOR).delete()[0],
    ),
    kept("assises.BadgeSheet", "Avec l’édition ; les noms sont dans le document scellé, jamais les billets.", EVENT),
    kept("assises.ToldFact", "Conservé avec sa source ; il ne nomme aucune personne privée.", EVENT),
    kept("assises.EditionReport", "Conservé : des nombres, et la légende de photos dont les personnes sont d’accord.", EVENT),
    follows(
        "assises.Photo", "edition", basis=EVENT,
        rule="Jusqu’à ce que la Région la retire ; au plus tard, celles où l’on reconnaît quelqu’un partent avec les noms de l’édition.",
    ),
    follows("assises.PhotoPerson", "photo", basis=EVENT),
)  # fmt: skip
