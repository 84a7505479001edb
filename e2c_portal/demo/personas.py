"""The fictitious people of the demonstration, as data: who they are, what they may do, how they sign in."""

from dataclasses import dataclass

from e2c_portal.accounts.models import Role
from schools.models import Membership

# Printed when the demonstration starts; it opens nothing else, for production refuses this app.
DEMO_PASSWORD = "Bienvenue-au-portail-2014"  # noqa: S105  a password made to be read


@dataclass(frozen=True)
class Persona:
    """Somebody to sign in as. `school` is the city of the school where `post` is held, empty for the Région's staff."""

    key: str
    full_name: str
    email: str
    title: str
    can_do: str
    role: Role = Role.NONE
    school: str = ""
    post: str = ""


PERSONAS = (
    Persona(
        "claire-fabre", "Claire Fabre", "claire.fabre@exemple.invalid", "Chargée de mission à la Région",
        "Suit les conventions de bout en bout : rédaction, délibération, signature, document scellé.",
        role=Role.REGIONAL_OFFICER,
    ),
    Persona(
        "hugo-marty", "Hugo Marty", "hugo.marty@exemple.invalid", "Chargé de mission à la Région",
        "A les mêmes droits : ouvrez deux navigateurs pour travailler à deux sur une convention.",
        role=Role.REGIONAL_OFFICER,
    ),
    Persona(
        "nadia-serres", "Nadia Serres", "nadia.serres@exemple.invalid", "Auditrice",
        "Lit tout et n’écrit rien.",
        role=Role.AUDITOR,
    ),
    Persona(
        "paul-lacombe", "Paul Lacombe", "paul.lacombe@exemple.invalid", "Délégué à la protection des données",
        "Consulte le réseau et les conventions pour veiller aux données personnelles.",
        role=Role.DATA_OFFICER,
    ),
    Persona(
        "sofia-roux", "Sofia Roux", "sofia.roux@exemple.invalid", "Coordinatrice à Nîmes",
        "Suit les stagiaires de son école : parcours, stages, conventions de stage, présences.",
        school="Nîmes", post=Membership.Role.COORDINATOR,
    ),
    Persona(
        "helene-vidal", "Hélène Vidal", "helene.vidal@exemple.invalid", "Directrice à Nîmes",
        "Signe les conventions de stage pour son école, décide des dérogations, arrête les états mensuels.",
        school="Nîmes", post=Membership.Role.DIRECTOR,
    ),
    Persona(
        "thomas-granier", "Thomas Granier", "thomas.granier@exemple.invalid", "Formateur référent à Nîmes",
        "Accompagne ses stagiaires : présences, visites chez les tuteurs, suivis après la sortie.",
        school="Nîmes", post=Membership.Role.REFERENT,
    ),
    Persona(
        "karim-benali", "Karim Benali", "karim.benali@exemple.invalid", "Coordinateur à Montpellier",
        "A les mêmes droits pour une autre école.",
        school="Montpellier", post=Membership.Role.COORDINATOR,
    ),
)  # fmt: skip


def persona_named(key: str) -> Persona | None:
    """Return the persona of that key, None for an unknown one."""
    return next((persona for persona in PERSONAS if persona.key == key), None)
