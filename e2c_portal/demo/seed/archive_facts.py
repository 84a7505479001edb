"""How an archived convention is described: what the sources say, and nothing where they are silent."""

from dataclasses import dataclass, field
from datetime import date

from partnerships.operations.conventions import ArticleText, Promise, Signatory


@dataclass(frozen=True)
class EventFacts:
    """A day on which conventions were signed together."""

    name: str
    held_on: date
    place: str = ""
    city: str = ""
    sources: str = ""


@dataclass(frozen=True)
class PartnerFacts:
    """A company that signed. `known_as` is the corrected name, `printed_as` the one printed at the time when it differs."""

    known_as: str
    signatory: Signatory
    printed_as: str = ""
    siren: str = ""
    head_office_siret: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    articles: tuple[ArticleText, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class YearFacts:
    """The conventions signed on one day: what they share, and their companies in the order of the source."""

    event: EventFacts
    preamble: str
    articles: tuple[ArticleText, ...]
    region_signatories: tuple[Signatory, ...]
    sources: tuple[str, ...]
    partners: tuple[PartnerFacts, ...]
    visas: tuple[str, ...] = ()
    recitals: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    deliberation_number: str = ""
    deliberation_date: date | None = None
    signed_place: str = ""
    promises: tuple[Promise, ...] = field(default=())


OBJECT = "Promotion des métiers et validation des compétences techniques"
PURPOSE = ArticleText(
    "Objet",
    "La convention a pour but de faire découvrir et promouvoir les métiers de l’entreprise auprès des stagiaires des Écoles "
    "régionales de la 2e chance, et de permettre à l’entreprise de participer à la validation des compétences techniques que "
    "le stagiaire a développées pendant les stages.",
)
PROMISES = (
    Promise("promotion", "Faire découvrir ses métiers aux stagiaires des écoles et les promouvoir auprès d’eux"),
    Promise(
        "skill_validation",
        "Participer à la validation des compétences techniques que le stagiaire a développées en stage",
    ),
)
OWN_NUMBER = "Numéro : celui du portail ; aucun numéro d’époque n’est connu."
