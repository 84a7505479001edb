"""An attestation in words, as the pages of the school and of the trainee show it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import counted, day_in_letters
from trainees.documents.certificates import printed
from trainees.life import certificates as life
from trainees.models import SkillsCertificate
from trainees.permissions import TraineePermission
from trainees.reads.certificate_content import CertificateDraft
from trainees.reads.certificates import documents_of, versions_of

SHOWN_TO_ALL = "Par défaut, la page de vérification montre seulement que l’attestation est authentique, son numéro, son école, son état et ses dates."


@dataclass(frozen=True)
class Version:
    """One attestation of the pathway, with its document; None when it was replaced before its seal."""

    certificate: SkillsCertificate
    document: Document | None


@dataclass(frozen=True)
class CertificateSheet:
    """One attestation, ready to be shown."""

    certificate: SkillsCertificate
    document: Document | None
    versions: list[Version]
    printed: dict[str, Any]
    may_issue: bool
    may_note: bool
    history: list[Any] = field(default_factory=list)

    @property
    def in_force(self) -> bool:
        return self.certificate.status == life.ISSUED

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the page tells of the attestation, as terms and values."""
        row = self.certificate
        facts = [
            ("Stagiaire", str(row.trainee)),
            ("École", row.school.name),
            ("Émise", f"le {day_in_letters(timezone.localdate(row.issued_at))}, par {row.issued_by.full_name}"),
        ]
        if row.ended_at:
            term = "Révoquée" if row.status == life.REVOKED else "Remplacée"
            who = f", par {row.ended_by.full_name}" if row.ended_by else ""
            facts.append((term, f"le {day_in_letters(timezone.localdate(row.ended_at))}{who}"))
            facts.append(("Motif", row.ended_reason))
        return [*facts, *content_facts(self.printed)]

    @property
    def shown(self) -> list[str]:
        return [life.PARTS[part] for part in self.certificate.shown]


def content_facts(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the hours and the number of skills of what is printed."""
    hours = values["hours"]
    count = sum(len(domain["skills"]) for framework in values["frameworks"] for domain in framework["domains"])
    return [
        ("Heures", f"{hours['school']} à l’école, {hours['company']} en entreprise"),
        ("Compétences", counted(count, "compétence validée", "compétences validées")),
    ]


def certificate_sheet(certificate: SkillsCertificate, viewer: User) -> CertificateSheet:
    """Return all that the page of an attestation tells. The same number of queries whatever the versions."""
    documents = documents_of([certificate.pathway])
    return CertificateSheet(
        certificate, documents.get(certificate.number),
        [Version(row, documents.get(row.number)) for row in versions_of(certificate.pathway)],
        printed(certificate.content),
        viewer.has_perm(TraineePermission.ISSUE_CERTIFICATE, certificate),
        viewer.has_perm(TraineePermission.VALIDATE_SKILLS, certificate),
        list(trail_of(certificate).select_related("actor")[:20]),
    )  # fmt: skip


def draft_printed(draft: CertificateDraft) -> dict[str, Any]:
    """Return what a draft would print, without the number that it does not have yet."""
    act = {"number": "", "version": 1, "issued_on": timezone.localdate().isoformat(), "replaces": ""}
    return printed({**draft.content, **act})
