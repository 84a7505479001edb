"""The attestation as an Open Badges 3.0 credential, verified by a library that is not ours, through the addresses of the portal."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone
from openbadgeslib.ob3.contexts import load_context
from openbadgeslib.ob3.credential import IdentityObject, OpenBadgeCredential
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from e2c_portal.accounts.models import User
from e2c_portal.documents.credentials.proof import FILES, FOLDER
from e2c_portal.kernel.errors import Refused
from schools.models import School
from tests.factories.certificates import certificate_in
from tests.factories.documents import say_made
from trainees.models import SkillsCertificate, SkillsCredential
from trainees.operations.certificates import revoke_certificate
from trainees.operations.credentials import signed_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]


@pytest.fixture
def certificate(school: School, coordinator: User, settings: Any) -> SkillsCertificate:
    """A sealed attestation of a portal that has a public address."""
    settings.PORTAL_URL = "https://portail.exemple.invalid"
    made = certificate_in(school, coordinator)
    say_made()
    return made


def asked_of_the_portal(url: str) -> bytes:
    """Answer as the portal does to a visitor, without an account."""
    answer = Client().get(urlsplit(url).path)
    assert answer.status_code == 200, url
    return answer.content


def verified(text: str) -> OpenBadgeCredential:
    return OB3LdpVerifier().verify(text, check_status=True, download=asked_of_the_portal)


def test_a_stranger_verifies_it_with_another_library(certificate: SkillsCertificate) -> None:
    text = signed_file(certificate).text
    found = verified(text)
    assert found.issuer.name == "École de Montpellier"
    assert found.issuer.id == f"did:web:portail.exemple.invalid:stagiaires:attestations:ecoles:{certificate.school_id}"
    # Whoever was told an address or a name checks it, and learns neither from the file.
    for told, kind in (("ines@exemple.invalid", "emailAddress"), ("Inès Alba", "name")):
        known = next(one for one in found.identifiers if one.identity_type == kind)
        assert known.identity_hash == f"sha256${hashlib.sha256(f'{told}{known.salt}'.encode()).hexdigest()}"
    known = found.identifiers[0]
    assert IdentityObject.create("ines@exemple.invalid", salt=known.salt).identity_hash == known.identity_hash


def test_it_says_the_same_as_the_paper_and_names_nobody(certificate: SkillsCertificate) -> None:
    text = signed_file(certificate).text
    subject = json.loads(text)["credentialSubject"]
    described = {row["id"]: row for row in subject["achievement"]["resultDescription"]}
    told = {described[row["resultDescription"]]["name"]: row for row in subject["result"]}
    assert told["Heures de formation à l’école"]["value"] == f"{certificate.minutes_at_school / 60:.2f}"
    (name, level), *_ = [(name, row) for name, row in told.items() if name.startswith("Compétence 1")]
    assert "exemple" in name
    scale = {row["id"]: row["name"] for row in described[level["resultDescription"]]["rubricCriterionLevel"]}
    assert scale[level["achievedLevel"]] == level["value"] == "Fait seul"
    for secret in ("Alba", "Inès", "ines@exemple.invalid", "2006"):
        assert secret not in text


def test_one_changed_word_is_seen(certificate: SkillsCertificate, other_school: School) -> None:
    text = signed_file(certificate).text
    changes = (
        ('"Fait seul"', '"Sait le montrer"'), ("École de Montpellier", "École de Nîmes"),
        ('"validFrom": "20', '"validFrom": "19'), (f"ecoles:{certificate.school_id}", f"ecoles:{other_school.pk}"),
    )  # fmt: skip
    for before, after in changes:
        assert before in text
        with pytest.raises(OB3VerificationError):
            verified(text.replace(before, after))
    # A school that attested nothing publishes no key.
    assert Client().get(f"/stagiaires/attestations/ecoles/{other_school.pk}/did.json").status_code == 404


def test_revoked_it_verifies_no_more(certificate: SkillsCertificate, school: School, coordinator: User) -> None:
    other = certificate_in(school, coordinator, last_name="Brun", email="brun@exemple.invalid")
    say_made()
    text, standing = signed_file(certificate).text, signed_file(other).text
    revoke_certificate(certificate.pk, "Émise par erreur.", coordinator)
    with pytest.raises(OB3VerificationError, match="revocation"):
        verified(text)
    verified(standing)


def test_an_old_copy_of_the_list_hides_nothing(certificate: SkillsCertificate) -> None:
    text = signed_file(certificate).text
    url = json.loads(text)["credentialStatus"]["statusListCredential"]
    old = asked_of_the_portal(url)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False), pytest.raises(OB3VerificationError):
        OB3LdpVerifier().verify(
            text, check_status=True, download=lambda asked: old if asked == url else asked_of_the_portal(asked)
        )


def test_it_is_the_same_file_each_time_and_nobody_alters_it(certificate: SkillsCertificate) -> None:
    first = signed_file(certificate)
    assert signed_file(certificate).text == first.text
    with pytest.raises(Error, match="inaltérable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE trainees_skillscredential SET text = 'autre' WHERE id = %s", [first.pk])
    assert SkillsCredential.objects.count() == 1


def test_the_addresses_of_programs_name_nobody(certificate: SkillsCertificate) -> None:
    base = f"/stagiaires/attestations/ecoles/{certificate.school_id}/"
    document = json.loads(Client().get(f"{base}did.json").content)
    assert set(document) == {"@context", "id", "verificationMethod", "assertionMethod"}
    assert Client().get(f"{base}fin/{2**31 // 131_072}.jwt").status_code == 404
    told = Client().get(f"{base}fin/0.jwt").headers
    assert (told["Content-Type"], told["Access-Control-Allow-Origin"]) == ("application/vc+jwt", "*")


def test_none_before_the_seal_and_without_a_key_the_paper_goes_on_alone(
    settings: Any, school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    settings.PORTAL_PRODUCTION = True
    made = certificate_in(school, coordinator)
    with pytest.raises(Refused, match="une fois l’attestation scellée"):
        signed_file(made)
    say_made()
    assert not SkillsCredential.objects.exists()
    page = client_of(coordinator).get(f"{made.get_absolute_url()}fichier-signe/", follow=True).content.decode()
    assert "CREDENTIAL_KEY manque" in page


def test_the_contexts_are_those_that_others_pinned() -> None:
    for url, name in FILES.items():
        assert json.loads((FOLDER / name).read_text(encoding="utf-8")) == load_context(url)
