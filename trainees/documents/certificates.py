"""What an attestation of acquired skills prints, made of its frozen content alone, and what it is worth on a day."""

import hashlib
import json
from datetime import date
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from trainees.life import certificates as life
from trainees.models import SkillsCertificate
from trainees.models.portfolio import CERTIFICATE_KIND
from trainees.permissions import TraineePermission
from trainees.reads.certificate_content import seen_words
from trainees.reads.certificates import certificate_of
from trainees.reads.statements import hours_words

TITLE = "Attestation de compétences acquises"
EXAMPLE = "exemple"


def certificate_order(certificate: SkillsCertificate) -> Order:
    """Return what is to be printed. All the attestations of a pathway follow each other: the new one supersedes the former."""
    title = f"{TITLE} de {certificate.content['trainee']['name']}"
    content = {**printed(certificate.content), "certificate": str(certificate.public_id)}
    return Order(CERTIFICATE_KIND, certificate.pathway, certificate.number, title, content)


def content_sha256(content: dict[str, Any]) -> str:
    """Return the fingerprint of a content: the same values give the same one."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def printed(content: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the template: those of the content, hours and places in words. Reads nothing else."""
    hours = content["hours"]
    return {
        "issuer": content["school"]["name"],
        **{name: content[name] for name in ("trainee", "school", "signatory", "pathway", "version", "issued_on", "replaces")},
        "hours": {
            "school": hours_words(hours["school_minutes"]), "company": hours_words(hours["company_minutes"]),
            "total": hours_words(hours["school_minutes"] + hours["company_minutes"]), "lacking": _lacking(hours),
        },
        "frameworks": [_framework(row, content["domains"]) for row in content["frameworks"]],
    }  # fmt: skip


def _lacking(hours: dict[str, Any]) -> str:
    number = hours["half_days_lacking"]
    if not number:
        return ""
    many = french.counted(
        number, "demi-journée attendue n’a pas été notée", "demi-journées attendues n’ont pas été notées"
    )
    return f"{many} : elles ne sont pas comptées."


def _framework(row: dict[str, Any], domains: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a framework with its own domains, and the levels that are written in them."""
    own = [domain for domain in domains if (domain["framework"], domain["version"]) == (row["code"], row["version"])]
    return {
        "name": framework_name(row), "source": row["source"], "is_example": row["is_example"],
        "levels": [{"name": level["name"], "meaning": level["meaning"]} for level in row["levels"]],
        "domains": [
            {"name": domain["name"], "skills": [_skill(line) for line in domain["skills"]]} for domain in own
        ],
    }  # fmt: skip


def framework_name(row: dict[str, Any]) -> str:
    """Return how a framework is named wherever it is read: a sample is never taken for an official one."""
    example = f" ({EXAMPLE})" if row["is_example"] else ""
    return f"{row['name']}, version {row['version']}{example}"


def _skill(line: dict[str, Any]) -> dict[str, str]:
    return {
        "name": line["name"],
        "level": line["level"],
        "level_meaning": line["level_meaning"],
        "seen": seen_words(line),
    }


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed attestation is worth on a day, in words that name no private person."""
    certificate = certificate_of(document)
    ended_on = timezone.localdate(certificate.ended_at) if certificate.ended_at else None
    if ended_on is None or day < ended_on:
        issued = french.date_in_letters(timezone.localdate(certificate.issued_at))
        return Standing(
            "record", "Valable", f"L’école a émis cette attestation {issued} ; elle ne l’a ni remplacée ni révoquée."
        )
    when, why = french.date_in_letters(ended_on), certificate.ended_reason.rstrip(". ")
    if certificate.status == life.REVOKED:
        return Standing(
            "ended", "Révoquée", f"L’école a révoqué cette attestation {when}. Motif : {why}. Elle ne vaut plus."
        )
    return Standing(
        "superseded", "Remplacée", f"L’école l’a remplacée {when} par une attestation plus récente : {why}."
    )


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return the number's facts, then what the trainee lets the page show, and nothing more."""
    certificate = certificate_of(document)
    issued_on = french.date_in_letters(timezone.localdate(certificate.issued_at))
    facts = [("École", certificate.content["school"]["name"]), ("Émise", issued_on), ("État", certificate.state.label)]
    return [*facts, *shown_facts(certificate.content, certificate.shown)]


def shown_facts(content: dict[str, Any], shown: list[str]) -> list[tuple[str, str]]:
    """Return the facts of the parts that the trainee chose to show."""
    facts = []
    if life.NAME in shown:
        facts.append(("Délivrée à", content["trainee"]["name"]))
    if life.HOURS in shown:
        hours = content["hours"]
        facts.append(("Heures à l’école", hours_words(hours["school_minutes"])))
        facts.append(("Heures en entreprise", hours_words(hours["company_minutes"])))
    lines = [(domain, line) for domain in content["domains"] for line in domain["skills"]]
    if life.SKILLS in shown:
        facts += [
            (line["name"], _skill_fact(domain, line, with_place=life.COMPANIES in shown)) for domain, line in lines
        ]
        examples = [framework_name(row) for row in content["frameworks"]]
        facts.append(("Référentiels", french.join_with_and(examples)))
    elif life.COMPANIES in shown:
        named = dict.fromkeys(line["place"] for _, line in lines if line["in_company"])
        facts.append(("Entreprises", french.join_with_and(list(named)) if named else "aucune"))
    return facts


def _skill_fact(domain: dict[str, Any], line: dict[str, Any], *, with_place: bool) -> str:
    place = f" Vue {seen_words(line)}." if with_place else ""
    return f"{line['level']} ({line['level_meaning'].rstrip('.')}). {domain['name']}.{place}"


def may_read(user: User, document: Document) -> bool:
    certificate = certificate_of(document)
    return may_read_certificate(user, certificate)


def may_read_certificate(user: User, certificate: SkillsCertificate) -> bool:
    """Say whether somebody reads an attestation: in the school that issued it, or in that of the person today."""
    read = TraineePermission.VIEW_SKILLS
    return user.has_perm(read, certificate) or user.has_perm(read, certificate.trainee)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(TraineePermission.ISSUE_CERTIFICATE, certificate_of(document))


def subject_url(document: Document) -> str:
    """Return the page of the attestation."""
    return certificate_of(document).get_absolute_url()


CERTIFICATE = DocumentKind(
    name=CERTIFICATE_KIND, label=TITLE, template="skills_certificate", version="v1", standing=standing,
    public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_retry,
)  # fmt: skip
