"""The signed file of an attestation: made once, then given as it is; and the list that says which are worth nothing."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from e2c_portal.documents.credentials import LIST_LENGTH, credential_key, secured, signed_status_list
from e2c_portal.documents.credentials.issuer import method_of
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import Refused
from trainees.documents.open_badges import credential_of, did_of_school, status_list_url
from trainees.life import certificates as life
from trainees.models import SkillsCertificate, SkillsCredential
from trainees.reads.certificates import documents_of, ended_between

ENDED = "Cette attestation n’est plus en vigueur : il n’en est plus fait de fichier signé."
NOT_SEALED = "Le fichier signé se prépare une fois l’attestation scellée : revenez dans un instant."


def signed_file(certificate: SkillsCertificate) -> SkillsCredential:
    """Return the signed file of an attestation, made now if nobody asked for it before.

    Raises Refused while its document is not sealed or once it ended, CredentialsNotConfigured when the portal has no key.
    """
    if made := SkillsCredential.objects.filter(certificate=certificate).first():
        return made
    if certificate.status != life.ISSUED:
        raise Refused(ENDED, code="ended")
    document = documents_of([certificate.pathway]).get(certificate.number)
    if document is None or not document.is_sealed:
        raise Refused(NOT_SEALED, code="not_sealed")
    return keep_signed_file(certificate, document)


@transaction.atomic
def keep_signed_file(certificate: SkillsCertificate, document: Document) -> SkillsCredential:
    """Make and keep the file of a certificate whose document is sealed; the first one made stays."""
    SkillsCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if made := SkillsCredential.objects.filter(certificate=certificate).first():
        return made
    key, did = credential_key(), did_of_school(certificate.school_id)
    signed = secured(credential_of(certificate, document), did, key, certificate.issued_at)
    text = json.dumps(signed, ensure_ascii=False, indent=2) + "\n"
    return SkillsCredential.objects.create(
        certificate=certificate, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(),
        verification_method=method_of(did, key.multibase),
    )  # fmt: skip


def status_list(school_id: int, number: int) -> str:
    """Return one signed list of the attestations of a school that ended: any of them, replaced or revoked.

    Raises CredentialsNotConfigured when the portal has no key.
    """
    first = number * LIST_LENGTH
    ended = [pk - first for pk in ended_between(school_id, first, first + LIST_LENGTH)]
    did, url = did_of_school(school_id), status_list_url(school_id, number)
    return signed_status_list(url, did, ended, credential_key(), timezone.now())
