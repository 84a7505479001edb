"""The indicators of the network (domain dossier, 1.7): what each one counts, and the sentence printed beside its figure."""

from dataclasses import dataclass
from enum import StrEnum

from e2c_portal.figures.measures import HOSTS
from trainees.life import pathways as life
from trainees.models import EntryProfile, Exit, Prescriber


class Kind(StrEnum):
    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    MIX = "mix"


@dataclass(frozen=True)
class PartOf:
    """One part of a mix: its key in addresses, its label, the measure that counts it."""

    key: str
    label: str
    measure: str


@dataclass(frozen=True)
class Indicator:
    """One indicator. `rule` is the sentence printed beside each of its figures.

    `numerator` and `denominator` are measures. `base` is the measure of all those about whom the fact could be known, `known` the
    words of that fact (« l’âge est connu »). `one` and `many` are the unit of a count; `unit` that of a mean, which is the sum
    divided by `divided_by`. `rows` names the measure whose rows the figure opens (the numerator unless said), "" for none.
    `whole_network` is for what no school bears; `unknown` says why there is no figure at all; `of_people` is false for what is
    about nobody, and never hidden.
    """

    key: str
    title: str
    group: str
    kind: Kind
    rule: str
    numerator: str = ""
    denominator: str = ""
    base: str = ""
    known: str = ""
    one: str = ""
    many: str = ""
    unit: str = ""
    divided_by: float = 1
    rows: str | None = None
    parts: tuple[PartOf, ...] = ()
    whole_network: bool = False
    needs: str = ""
    needed: str = ""
    unknown: str = ""
    of_people: bool = True

    @property
    def rows_measure(self) -> str:
        return self.numerator if self.rows is None else self.rows

    @property
    def measures(self) -> frozenset[str]:
        """Return every measure that its figure reads."""
        own = (self.numerator, self.denominator, self.base, self.needs, *(part.measure for part in self.parts))
        return frozenset(name for name in own if name)

    @property
    def is_public(self) -> bool:
        """Say whether it may be published: everything that is collected."""
        return not self.unknown and self.key != PROMISES

    def part(self, key: str) -> PartOf | None:
        """Return one of its parts, None when it has no such one."""
        return next((part for part in self.parts if part.key == key), None)


PROMISES = "promesses-tenues"
GROUPS = {
    "reseau": "Le réseau",
    "accueil": "Qui est accueilli",
    "parcours": "Les parcours",
    "sorties": "Les sorties",
    "entreprises": "Les entreprises",
    "competences": "Les compétences",
    "assises": "Les Assises",
}
_ABOUT = "Sur les personnes accueillies dans l’année"
_ENDED = "Sur les parcours terminés dans l’année, hors sorties pendant l’essai et hors transferts"


def _received(key: str, title: str, rule: str, numerator: str, known: str, words: str) -> Indicator:
    return Indicator(
        key, title, "accueil", Kind.SHARE, f"{_ABOUT} : {rule}", numerator, known, base="received.all", known=words
    )


def _parts(choices: type, prefix: str) -> tuple[PartOf, ...]:
    return tuple(PartOf(str(one.value), str(one.label), f"{prefix}{one.value}") for one in choices)  # type: ignore[attr-defined]


_LIST = (
    Indicator("ecoles", "Écoles", "reseau", Kind.COUNT,
              "Les écoles inscrites au réseau, sauf celles dont l’année d’ouverture est postérieure.",
              "schools.all", one="école", many="écoles", of_people=False),
    Indicator("sites", "Sites", "reseau", Kind.COUNT,
              "Les sites ouverts au moins un jour de l’année, d’après leur année d’ouverture et leur jour de fermeture quand ils sont "
              "connus.", "sites.all", one="site", many="sites",
              of_people=False),
    Indicator("accueillis", "Stagiaires accueillis", "accueil", Kind.COUNT,
              "Les personnes dont un parcours commencé a couru au moins un jour de l’année, période d’essai comprise. Chacune compte "
              "une fois, dans l’école de son dernier parcours de l’année : après un transfert, dans l’école d’accueil.",
              "received.all", one="personne", many="personnes"),
    Indicator("entrees", "Entrées", "accueil", Kind.COUNT,
              "Les parcours commencés dans l’année, dans l’école qui les a ouverts. Un transfert ouvre un parcours dans l’école "
              "d’accueil ; une personne jamais venue ne compte pas.", "entered.all", one="entrée", many="entrées"),
    _received("femmes", "Femmes", "part des femmes parmi celles dont le sexe est noté.", "received.women",
              "received.gender_known", "le sexe est noté"),
    _received("mineurs", "Mineurs à l’entrée", "part de celles qui n’avaient pas dix-huit ans le jour de l’entrée.",
              "received.minors", "received.all", ""),
    Indicator("age-moyen", "Âge moyen à l’entrée", "accueil", Kind.MEAN,
              f"{_ABOUT} : moyenne des âges en années révolues, le jour de l’entrée.",
              "received.ages", "received.all", rows="received.all", unit="ans"),
    _received("qpv", "Quartiers prioritaires (QPV)", "part de celles dont le profil d’entrée porte le code d’un quartier prioritaire. "
              "Un profil sans code compte comme « hors quartier prioritaire ».", "received.qpv", "received.profiles",
              "le profil d’entrée est rempli"),
    Indicator("handicap", "Handicap (RQTH)", "accueil", Kind.SHARE,
              "La reconnaissance de la qualité de travailleur handicapé est une donnée de santé (RGPD, art. 9). Elle est gardée à part, "
              "pour aménager la formation, lue par ceux qui dirigent l’école seuls, et n’est pas exploitée pour les chiffres.",
              unknown="non recueilli pour les chiffres"),
    _received("sous-niveau-3", "Sans diplôme de niveau 3", "part de celles qui n’ont ni CAP ni BEP : inférieures au niveau 3, ou CAP ou "
              "BEP préparé et non obtenu (ancien « infra V »).", "received.below_3", "received.level_known",
              "le niveau de formation est noté"),
    Indicator("niveaux", "Niveau de formation à l’entrée", "accueil", Kind.MIX,
              f"{_ABOUT} : répartition par niveau de formation noté dans le profil d’entrée.", denominator="received.level_known",
              base="received.all", known="le niveau de formation est noté", rows="",
              parts=_parts(EntryProfile.Level, "received.level_")),
    _received("sans-experience", "Sans expérience de travail", "part de celles qui n’avaient jamais travaillé, d’après leur profil "
              "d’entrée.", "received.never_worked", "received.work_known", "l’expérience est notée"),
    Indicator("prescripteurs", "Prescripteurs", "accueil", Kind.MIX,
              f"{_ABOUT} : répartition par type de prescripteur, d’après la dernière candidature avant l’entrée.",
              denominator="received.sender_known", base="received.all", known="le prescripteur est noté", rows="",
              parts=_parts(Prescriber.Kind, "received.by_")),
    Indicator("duree-moyenne", "Durée moyenne des parcours", "parcours", Kind.MEAN,
              f"{_ENDED} : du premier au dernier jour, suspensions comprises. Un mois compte 30,44 jours.",
              "ended.days", "ended.after_trial", rows="ended.after_trial", unit="mois", divided_by=30.4375),
    Indicator("temps-entreprise", "Temps en entreprise", "parcours", Kind.SHARE,
              "Sur les heures de présence notées dans l’année (présent ou en retard, retards déduits) : part de celles qui sont faites en "
              "entreprise. L’école est celle qui a noté la présence.", "half_days.in_company", "half_days.minutes"),
    Indicator("sorties-essai", "Sorties pendant l’essai", "parcours", Kind.SHARE,
              "Sur les parcours terminés dans l’année, hors transferts : part de ceux qui se sont arrêtés avant d’être confirmés. L’année "
              "est celle du dernier jour.", "ended.left_in_trial", "ended.all"),
    Indicator("fins", "Fins de parcours", "parcours", Kind.MIX,
              f"{_ENDED} : répartition par façon de finir. L’année est celle du dernier jour.",
              denominator="ended.after_trial", rows="",
              parts=tuple(PartOf(state, life.STATES[state].label, f"ended.{state}") for state in life.ENDED if state != life.LEFT_IN_TRIAL)),
    Indicator("acheves", "Parcours menés à leur terme", "parcours", Kind.SHARE, f"{_ENDED} : part de ceux qui sont allés à leur terme.",
              "ended.completed", "ended.after_trial"),
    Indicator("sorties-positives", "Sorties positives", "sorties", Kind.SHARE,
              f"{_ENDED} : part des sorties positives parmi les sorties enregistrées. Est positive une formation qualifiante, une "
              "alternance, un retour en formation initiale, un CDI, ou un contrat plus long que le seuil en vigueur le dernier jour du "
              "parcours ; chaque sortie garde le seuil qui l’a jugée.",
              "ended.positive", "ended.exit_known", base="ended.after_trial", known="la sortie est enregistrée"),
    Indicator("sorties", "Sorties par catégorie", "sorties", Kind.MIX, f"{_ENDED} : répartition des sorties enregistrées.",
              denominator="ended.exit_known", base="ended.after_trial", known="la sortie est enregistrée", rows="",
              parts=_parts(Exit.Category, "ended.exit_")),
    Indicator("stages", "Stages réalisés", "entreprises", Kind.COUNT,
              "Les stages commencés dans l’année, convention signée par tous ; rompus compris, annulés et non démarrés exclus.",
              "done.all", one="stage", many="stages"),
    Indicator("duree-stages", "Durée moyenne d’un stage", "entreprises", Kind.MEAN,
              "Sur les stages réalisés : jours de calendrier, du premier au dernier jour, ou au jour de la rupture.",
              "done.days", "done.all", rows="done.all", unit="jours"),
    Indicator("entreprises", "Entreprises d’accueil", "entreprises", Kind.COUNT,
              "Les entreprises où au moins un stage réalisé a commencé dans l’année ; chacune compte une fois, dans une école, un "
              "département ou le réseau.", HOSTS, one="entreprise", many="entreprises", of_people=False),
    Indicator("conventions", "Conventions de partenariat en vigueur", "entreprises", Kind.COUNT,
              "Les conventions entre la Région et une entreprise en vigueur le 31 décembre, ou le jour des chiffres pour l’année en "
              "cours. Elles valent pour tout le réseau.", "conventions.all", one="convention", many="conventions",
              whole_network=True, of_people=False),
    Indicator(PROMISES, "Engagements tenus ou dans les temps", "entreprises", Kind.SHARE,
              "Sur les engagements chiffrés des conventions en vigueur aujourd’hui : part de ceux qui sont tenus ou dans les temps. "
              "L’état d’un engagement est celui du jour : il n’est pas recompté pour une année passée.",
              whole_network=True, rows="", of_people=False),
    Indicator("competences", "Compétences validées", "competences", Kind.COUNT,
              "Les validations faites dans l’année par les écoles, retirées exclues. L’école est celle qui a validé.",
              "validations.all", one="validation", many="validations"),
    Indicator("attestations", "Attestations de compétences émises", "competences", Kind.COUNT,
              "Les parcours dont l’attestation a été émise pour la première fois dans l’année ; une correction ne compte pas à nouveau, "
              "une attestation révoquée ne compte plus.", "certificates.all", one="attestation", many="attestations"),
    Indicator("assises", "Participants aux Assises", "assises", Kind.COUNT,
              "Les personnes comptées à la porte à une demi-journée au moins. Pour une école : celles qui s’y sont inscrites. « Non "
              "compté » quand aucune demi-journée n’avait de contrôle.", "registrations.came", needs="editions.all",
              needed="non compté", one="personne", many="personnes"),
)  # fmt: skip
INDICATORS = {indicator.key: indicator for indicator in _LIST}


def by_group() -> list[tuple[str, str, list[Indicator]]]:
    """Return the groups with their indicators, in the order of the page."""
    return [(key, title, [one for one in _LIST if one.group == key]) for key, title in GROUPS.items()]
