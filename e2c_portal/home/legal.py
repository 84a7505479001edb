"""What the legal pages say: facts read in the settings, in the rules and in the code; nothing about the Région is invented."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.http import HttpRequest
from django.urls import reverse

from e2c_portal.links.views import cookie_name
from e2c_portal.privacy.queries import RuleLine, rule_lines
from e2c_portal.ui.accessibility import STATES
from e2c_portal.ui.navigation import Link, links_for, section_links
from e2c_portal.upkeep.maintenance import PASS_COOKIE

ABSENT = "Non renseigné : la Région doit compléter cette ligne."
SAID_BY_THE_REGION = {
    "LEGAL_PUBLISHER": "éditeur du portail : nom, adresse, téléphone",
    "LEGAL_DIRECTOR": "directeur ou directrice de la publication",
    "LEGAL_HOST": "hébergeur : nom, adresse, téléphone",
    "LEGAL_DATA_CONTACT": "adresse du délégué à la protection des données",
    "LEGAL_ACCESSIBILITY_CONTACT": "adresse pour signaler une difficulté d’accès",
}


def said(name: str) -> str:
    """Return what the Région says under a setting, or that it says nothing."""
    return getattr(settings, name) or ABSENT


@dataclass(frozen=True)
class Cookie:
    """One thing that the portal keeps in the browser: its name, why, how long."""

    name: str
    purpose: str
    lasts: str


def cookies() -> list[Cookie]:
    """Return every cookie of the portal; a test compares them with those that pages set."""
    return [
        Cookie(settings.SESSION_COOKIE_NAME, "Vous garder connecté d’une page à l’autre.", "douze heures au plus, ou la fermeture du navigateur"),
        Cookie(settings.CSRF_COOKIE_NAME, "Refuser un formulaire qui ne vient pas du portail.", "un an"),
        Cookie(cookie_name(), "Reconnaître le navigateur qui a ouvert un lien personnel.", "la fermeture du navigateur"),
        Cookie(PASS_COOKIE, "Laisser entrer l’exploitant, et lui seul, pendant une maintenance.", "la fermeture du navigateur"),
        Cookie("messages", "Afficher une fois le résultat de ce que vous venez de faire.", "la page suivante"),
    ]  # fmt: skip


STORED = (
    "L’écran d’accueil des Assises garde aussi, dans la mémoire du navigateur de qui contrôle les billets, les lectures faites sans "
    "réseau (effacées dès qu’elles sont envoyées), le réglage du son, et cette page elle-même, qui ne nomme personne."
)

PURPOSES = (
    ("Accueillir, former et accompagner les stagiaires", "mission d’intérêt public (RGPD, art. 6-1-e ; code de l’éducation, L214-14)"),
    ("Préparer, signer et suivre les stages", "mission d’intérêt public (RGPD, art. 6-1-e)"),
    ("Certifier les présences au financeur", "obligation légale (RGPD, art. 6-1-c ; code du travail, R6341-35)"),
    ("Déclarer les accidents", "obligation légale (RGPD, art. 6-1-c ; code de la sécurité sociale, R412-5 et R441-3)"),
    ("Prévoir les aménagements d’un handicap reconnu", "RGPD, art. 9-2-b et 9-2-g"),
    ("Engager les entreprises et suivre leurs engagements", "mission d’intérêt public (RGPD, art. 6-1-e)"),
    ("Prouver qui a signé quoi", "code civil, art. 1366 et 1367"),
    ("Organiser les Assises", "mission d’intérêt public (RGPD, art. 6-1-e)"),
    ("Ouvrir le portail aux seules personnes habilitées, savoir qui a fait quoi", "sécurité des traitements (RGPD, art. 32)"),
)  # fmt: skip
RIGHTS = (
    ("Accès", "obtenir une copie de ce que le portail garde sur vous"),
    ("Rectification", "faire corriger ce qui est faux"),
    ("Effacement", "faire effacer ce qui n’est plus nécessaire, hors des pièces que la loi oblige à garder"),
    ("Limitation", "faire suspendre l’usage de données contestées"),
    ("Opposition", "vous opposer, pour une raison qui tient à votre situation"),
)


@dataclass(frozen=True)
class Durations:
    """The rules of one part of the portal."""

    part: str
    lines: list[RuleLine]


OWN_PAGES = [
    ("Ma connexion en deux étapes", "mfa_index"), ("Mes appareils", "account_devices"),
    ("Changer mon mot de passe", "account_change_password"),
]  # fmt: skip
# Tables that hold nobody's data are told to the data officer, not to everybody.
TECHNICAL = ("auth", "contenttypes", "admin")


# Where the name of an app says nothing to whoever reads this page.
PLAIN = {
    "account": "Adresses de connexion", "kernel": "Travaux et formulaires", "mfa": "Seconde étape de connexion",
    "sessions": "Connexions", "socialaccount": "ProConnect", "usersessions": "Appareils connectés",
}  # fmt: skip


def durations() -> Iterator[Durations]:
    """Yield how long data are kept, part by part, from the rules that are carried out each night."""
    told = (line for line in rule_lines() if line.model.split(".")[0] not in TECHNICAL)
    for app, lines in groupby(told, key=lambda line: line.model.split(".")[0]):
        yield Durations(PLAIN.get(app) or str(apps.get_app_config(app).verbose_name), list(lines))


@dataclass(frozen=True)
class Branch:
    """One line of the site map and the pages under it."""

    link: Link
    under: list[Link]


def site_map(request: HttpRequest) -> list[Branch]:
    """Return the pages this visitor may open, as the menu and its ways name them."""
    return [Branch(link, section_links(request, link.url)) for link in links_for(request)]


def common_pages(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the pages that stand beside the menu."""
    user = getattr(request, "user", None)
    own = OWN_PAGES if user and user.is_authenticated else [("Se connecter", "account_login")]
    named = (
        *own, ("Mentions légales", "legal_notice"), ("Vos données personnelles", "your_data"),
        ("Accessibilité", "accessibility"),
    )  # fmt: skip
    return [(label, reverse(name)) for label, name in named]


@register()
def region_is_named(app_configs: Sequence[AppConfig] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Warn, in production, of what the law wants said and nobody filled in; refuse a state that is none."""
    if settings.LEGAL_ACCESSIBILITY_STATE not in STATES:
        return [_unknown_state()]
    if not settings.PORTAL_PRODUCTION:
        return []
    return [*_absent(SAID_BY_THE_REGION.items()), *_unproved()]


def _absent(wanted: Iterable[tuple[str, str]]) -> list[CheckMessage]:
    return [
        Warning(f"{name} est vide : {meaning}.", hint="Les mentions légales le laissent en blanc.", id="portal.W002")
        for name, meaning in wanted
        if not getattr(settings, name)
    ]


def _unknown_state() -> CheckMessage:
    return Error(
        f"LEGAL_ACCESSIBILITY_STATE vaut « {settings.LEGAL_ACCESSIBILITY_STATE} » : il faut non, partielle ou totale.",
        id="portal.E001",
    )


def _unproved() -> list[CheckMessage]:
    if settings.LEGAL_ACCESSIBILITY_STATE == "non" or settings.LEGAL_ACCESSIBILITY_AUDIT:
        return []
    return [
        Error(
            "LEGAL_ACCESSIBILITY_STATE dit une conformité qu’aucun audit n’établit : renseignez LEGAL_ACCESSIBILITY_AUDIT.",
            hint="Sans audit en cours de validité, la loi veut « non conforme ».", id="portal.E002",
        )
    ]  # fmt: skip
