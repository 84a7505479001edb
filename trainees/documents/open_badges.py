"""The attestation as an Open Badges 3.0 credential (1EdTech, on W3C VC 2.0): the same facts as the paper, for programs.

One credential for one attestation: each skill is a result of its achievement, with the scale of its framework; each place
where a skill was seen is a piece of evidence. The person is known by salted fingerprints alone: whoever receives the file
checks that the name or the address they were told is the right one, and learns neither from the file.
"""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from e2c_portal.documents.credentials import LIST_LENGTH, issuer_did, status_entry
from e2c_portal.documents.credentials.proof import CREDENTIALS, OPEN_BADGES, moment
from e2c_portal.documents.models import Document
from trainees.documents.certificates import TITLE, framework_name
from trainees.models import SkillsCertificate
from trainees.reads.certificate_content import seen_words

FILE_NAME = "attestation.credential.json"
CRITERIA = (
    "L’école valide chaque compétence d’après une évaluation en entreprise, à laquelle le stagiaire a pu répondre, ou d’après "
    "ce qu’elle a vu elle-même. Les heures sont celles de la présence : la durée prévue de chaque demi-journée, retards "
    "déduits ; les absences ne comptent pas."
)
DESCRIPTION = (
    "Attestation de compétences acquises délivrée par une École de la 2e chance (code de l’éducation, art. L214-14). "
    "Ce n’est pas un diplôme."
)
MINUTES = 60


def did_of_school(school_id: int) -> str:
    """Return the identifier of a school as an issuer: its keys stand at an address of the portal."""
    return issuer_did(reverse("trainees:certificate_keys", args=[school_id]).removesuffix("did.json"))


def status_list_url(school_id: int, number: int) -> str:
    """Return where one list of ended credentials of a school stands."""
    return settings.PORTAL_URL + reverse("trainees:certificate_status_list", args=[school_id, number])


def credential_of(certificate: SkillsCertificate, document: Document) -> dict[str, Any]:
    """Return the credential of a certificate whose document is sealed, unsigned."""
    content, number = certificate.content, certificate.pk
    did = did_of_school(certificate.school_id)
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": f"{settings.PORTAL_URL}/verifier/{document.printed_code}/",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{TITLE} n° {certificate.number}",
        "issuer": _issuer(content["school"], did),
        "validFrom": moment(certificate.issued_at),
        "credentialSubject": _subject(certificate, did),
        "evidence": list(_evidence(certificate)),
        "credentialStatus": status_entry(
            status_list_url(certificate.school_id, number // LIST_LENGTH), number % LIST_LENGTH
        ),
    }


def _issuer(school: dict[str, str], did: str) -> dict[str, Any]:
    return {"id": did, "type": ["Profile"], "name": school["name"], "url": settings.PORTAL_URL}


def _subject(certificate: SkillsCertificate, did: str) -> dict[str, Any]:
    content, public_id = certificate.content, certificate.public_id
    pathway = content["pathway"]
    return {
        "type": ["AchievementSubject"],
        "identifier": list(_identities(certificate)),
        "activityStartDate": _midnight(pathway["entered_on"]),
        "activityEndDate": _midnight(pathway["ended_on"] or pathway["counted_until"]),
        "achievement": {
            "id": _named(public_id, "achievement"),
            "type": ["Achievement"],
            "achievementType": "Certificate",
            "name": TITLE,
            "description": DESCRIPTION,
            "criteria": {"narrative": CRITERIA},
            "inLanguage": "fr",
            "creator": {"id": did, "type": ["Profile"], "name": content["school"]["name"]},
            "resultDescription": [*_hours_described(public_id), *_skills_described(certificate)],
        },
        "result": [*_hours(certificate), *_levels(certificate)],
    }


def _identities(certificate: SkillsCertificate) -> Iterator[dict[str, Any]]:
    """Return the person as fingerprints (Open Badges 3.0, IdentityObject): their address, when known, and their name."""
    known = {"emailAddress": certificate.trainee.email.strip().lower(), "name": certificate.content["trainee"]["name"]}
    for kind, value in known.items():
        if value:
            salt = _salt(certificate.public_id, kind)
            yield {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${hashlib.sha256(f'{value}{salt}'.encode()).hexdigest()}",
                "identityType": kind,
                "salt": salt,
            }


def _salt(public_id: UUID, kind: str) -> str:
    """Return a salt that nobody guesses, the same each time the file is made."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"credential/{public_id}/{kind}".encode(), hashlib.sha256).hexdigest()[:32]


def _hours_described(public_id: UUID) -> list[dict[str, Any]]:
    return [
        {"id": _named(public_id, place), "type": ["ResultDescription"], "name": name, "resultType": "RawScore"}
        for place, name in (("school", "Heures de formation à l’école"), ("company", "Heures de formation en entreprise"))
    ]  # fmt: skip


def _hours(certificate: SkillsCertificate) -> list[dict[str, Any]]:
    hours = certificate.content["hours"]
    return [
        {
            "type": ["Result"], "resultDescription": _named(certificate.public_id, place),
            "value": f"{hours[f'{place}_minutes'] / MINUTES:.2f}",
        }
        for place in ("school", "company")
    ]  # fmt: skip


def _lines(certificate: SkillsCertificate) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Return each validated skill with a name of its own, its domain and its framework."""
    frameworks = {(row["code"], row["version"]): row for row in certificate.content["frameworks"]}
    rank = 0
    for domain in certificate.content["domains"]:
        for line in domain["skills"]:
            rank += 1
            yield f"skill/{rank}", line, domain, frameworks[domain["framework"], domain["version"]]


def _skills_described(certificate: SkillsCertificate) -> Iterator[dict[str, Any]]:
    for key, line, domain, framework in _lines(certificate):
        yield {
            "id": _named(certificate.public_id, key),
            "type": ["ResultDescription"],
            "name": f"{line['name']} ({domain['name']} ; {framework_name(framework)})",
            "resultType": "RubricCriterionLevel",
            "rubricCriterionLevel": [
                {
                    "id": _named(certificate.public_id, f"{key}/{level['rank']}"), "type": ["RubricCriterionLevel"],
                    "name": level["name"], "description": level["meaning"], "level": str(level["rank"]),
                }
                for level in framework["levels"]
            ],
        }  # fmt: skip


def _levels(certificate: SkillsCertificate) -> Iterator[dict[str, Any]]:
    for key, line, _, _ in _lines(certificate):
        yield {
            "type": ["Result"],
            "resultDescription": _named(certificate.public_id, key),
            "achievedLevel": _named(certificate.public_id, f"{key}/{line['level_rank']}"),
            "value": line["level"],
        }


def _evidence(certificate: SkillsCertificate) -> Iterator[dict[str, Any]]:
    for _, line, _, _ in _lines(certificate):
        yield {"type": ["Evidence"], "name": line["name"], "narrative": f"Vue {seen_words(line)}."}


def _named(public_id: UUID, what: str) -> str:
    return f"urn:uuid:{uuid5(public_id, what)}"


def _midnight(day: str) -> str:
    return moment(timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min)))
