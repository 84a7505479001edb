"""How long companies, their contacts and the conventions with the Région are kept."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.kernel.retention import Fate, Rule, following, follows, kept
from partnerships.models import CompanyContact, SireneImportLine
from partnerships.models.sirene import LINES_KEPT_FOR
from partnerships.operations import sirene_retention

CONTACT_KEPT_FOR = timedelta(days=730)
CONTRACT = "Contrat d’un organisme public ; la durée d’utilité administrative n’a pas été trouvée : rien n’est éliminé sans visa."
CONTACT = "Contact professionnel : deux ans d’inactivité (pratique d’Immersion facilitée relevée)."
COMPANY = "Données publiques d’une personne morale, mission d’intérêt public (RGPD, art. 6-1-e)."


def contacts_gone(limit: datetime) -> QuerySet[CompanyContact]:
    """Return the contacts who left before a day, and who have still a name in the portal."""
    left = CompanyContact.objects.filter(left_on__lt=timezone.localdate(limit))
    return left.exclude(full_name=ERASED_CONTACT)


def sirene_lines_over(limit: datetime) -> QuerySet[SireneImportLine]:
    """Return the lines of the Sirene files brought before a moment."""
    return SireneImportLine.objects.filter(owner__requested_at__lt=limit).filter(~Q(owner=None))


# What is shown in the place of a contact whose data was erased.
ERASED_CONTACT = "Contact effacé"
RULES = (
    kept("partnerships.Company", "Conservée tant qu’une convention ou un stage la nomme.", COMPANY),
    follows("partnerships.Establishment", "company", basis=COMPANY),
    Rule(
        "partnerships.CompanyContact", Fate.ANONYMISED,
        "Anonymisé deux ans après le départ noté : ce qu’il a signé reste, sans ses coordonnées. Sans départ noté, il reste.", CONTACT,
        counted_from="le jour du départ", delay=CONTACT_KEPT_FOR, due=contacts_gone,
    ),
    follows("partnerships.CompanyExchange", "company", basis=COMPANY, mentions=("summary",)),
    follows("partnerships.CompanyRequest", "contact", basis=CONTACT),
    kept("partnerships.ContactReplacement", "Conservé avec les contacts, dont il ne porte que les numéros.", CONTACT),
    kept("partnerships.PartnershipConvention", "Conservée.", CONTRACT),
    *following(
        CONTRACT, partnerships__ConventionAmendment="convention", partnerships__AmendmentChange="amendment",
        partnerships__AmendmentMove="amendment", partnerships__ConventionMove="convention", partnerships__ConventionArticle="convention",
        partnerships__Commitment="convention",
        partnerships__ConventionSignatory="convention", partnerships__SteeringMeeting="convention",
        partnerships__MeetingAction="meeting", partnerships__ConventionComment="convention", partnerships__CeremonyItem="event",
    ),
    follows("partnerships.CommitmentDelivery", "convention", basis=CONTRACT, files=("proof",)),
    kept("partnerships.SigningEvent", "Conservé.", CONTRACT),
    kept("partnerships.ConventionTemplate", "Conservé ; un modèle utilisé est retiré, jamais supprimé.", "Aucune donnée de personne."),
    follows("partnerships.TemplateArticle", "template", basis="Aucune donnée de personne."),
    kept("partnerships.SireneImport", "L’en-tête est conservé : qui a changé les fiches, d’après quel fichier.", COMPANY),
    Rule(
        "partnerships.SireneImportLine", Fate.DELETED, "Supprimée 90 jours après le dépôt du fichier.",
        "Minimisation (RGPD, art. 5-1-e).", follows=("owner",), counted_from="le dépôt du fichier", delay=LINES_KEPT_FOR,
        due=sirene_lines_over, purge=lambda held: sirene_retention.purge(),
    ),
)  # fmt: skip
