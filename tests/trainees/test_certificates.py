"""Attestations of skills: what they say, who issues them, what replaces and revokes them, what their verification shows."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.building import _metadata
from e2c_portal.documents.models import Document
from e2c_portal.documents.rendering import DocumentAssets, render_pdf, render_template_to_html
from e2c_portal.documents.verification import verify_code
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import Membership, School
from tests.factories.attendance import under_way
from tests.factories.certificates import certificate_in, pathway_with_skills, seen_at_school
from tests.factories.documents import say_made, seal_waiting
from tests.factories.network import member_of
from tests.factories.spaces import link_received
from tests.signing.work import work
from trainees.documents.certificates import content_sha256, printed
from trainees.models import Pathway, SkillsCertificate, SkillsCredential, SkillValidation
from trainees.operations.certificates import choose_shown, issue_certificate, reissue_certificate, revoke_certificate
from trainees.operations.credentials import signed_file
from trainees.operations.trainee_space import grant_space
from trainees.reads.certificate_content import draft_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]
Clients = Callable[[User], Client]
YEAR = timezone.localdate().year


@pytest.fixture
def pathway(school: School, coordinator: User) -> Pathway:
    return pathway_with_skills(school, coordinator)


@pytest.fixture
def issued(pathway: Pathway, coordinator: User) -> SkillsCertificate:
    return issue_certificate(pathway.pk, coordinator)


def facts_of(certificate: SkillsCertificate) -> dict[str, str]:
    code = Document.objects.get(reference=certificate.number).verification_code
    verdict = verify_code(code, "visiteur", timezone.localdate())
    standing = {verdict.standing.label: verdict.standing.sentence} if verdict.standing else {}
    return dict(verdict.facts) | standing


def test_it_says_who_where_how_long_and_what(pathway: Pathway, coordinator: User) -> None:
    certificate = issue_certificate(pathway.pk, coordinator)
    content = certificate.content
    assert certificate.number == f"ACA-{YEAR}-{pathway.school_id:04d}-0001"
    assert content["trainee"]["name"] == "Inès Alba"
    assert content["signatory"] == {"name": "Nadia Perrin", "quality": "coordination de l’école"}
    # Two half-days and one of 240 minutes at school (20 late), a morning of three hours in company; the absence is nothing.
    assert content["hours"]["school_minutes"] == certificate.minutes_at_school == 180 + (240 - 20) + 240
    assert content["hours"]["company_minutes"] == certificate.minutes_in_company == 180
    assert content["hours"]["half_days_lacking"] > 100
    lines = content["domains"][0]["skills"]
    assert [(line["name"], line["level"], line["in_company"]) for line in lines] == [
        ("Compétence 1", "Fait seul", True), ("Compétence 3", "Sait le montrer", False),
    ]  # fmt: skip
    assert content["frameworks"][0]["is_example"]
    assert certificate.sha256 == content_sha256(SkillsCertificate.objects.get(pk=certificate.pk).content)


def test_what_is_withdrawn_is_not_attested(pathway: Pathway, coordinator: User) -> None:
    SkillValidation.objects.filter(source="company").update(
        withdrawn_by=coordinator, withdrawn_at=timezone.now(), withdrawal_reason="Erreur."
    )
    content = issue_certificate(pathway.pk, coordinator).content
    assert [line["name"] for line in content["domains"][0]["skills"]] == ["Compétence 3"]


def test_not_without_a_skill_nor_by_somebody_else(
    pathway: Pathway, school: School, other_school: School, coordinator: User, officer: User, auditor: User
) -> None:
    referent = member_of(school, officer, role=Membership.Role.REFERENT)
    for person in (referent, officer, auditor, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            issue_certificate(pathway.pk, person)
    bare = under_way(school, coordinator)
    with pytest.raises(Refused) as refusal:
        issue_certificate(bare.pk, coordinator)
    assert "Aucune compétence n’est validée" in refusal.value.details[0]
    assert not SkillsCertificate.objects.exists()


def test_it_is_issued_once_however_often_one_presses(issued: SkillsCertificate, coordinator: User) -> None:
    with pytest.raises(Overtaken, match=issued.number):
        issue_certificate(issued.pathway_id, coordinator)
    assert SkillsCertificate.objects.count() == 1


def test_each_school_counts_its_own(
    issued: SkillsCertificate, school: School, other_school: School, coordinator: User, officer: User
) -> None:
    elsewhere = certificate_in(other_school, member_of(other_school, officer))
    second = certificate_in(school, coordinator, last_name="Brun")
    assert (issued.rank, elsewhere.rank, second.rank) == (1, 1, 2)


def test_another_one_replaces_it_and_says_why(issued: SkillsCertificate, coordinator: User) -> None:
    say_made()
    with pytest.raises(Refused, match="la même chose"):
        reissue_certificate(issued.pk, "Pour voir.", coordinator)
    frame = SkillValidation.objects.filter(source="company").get().skill.framework
    SkillValidation.objects.filter(source="school").update(
        withdrawn_by=coordinator, withdrawn_at=timezone.now(), withdrawal_reason="Niveau faux."
    )
    seen_at_school(issued.pathway, frame, coordinator, rank=3)
    with pytest.raises(Refused, match="n’y écrivez pas le nom"):
        reissue_certificate(issued.pk, "Erreur sur la fiche de Mme ALBA", coordinator)
    choose_shown(issued.pk, ["hours"], None)
    made = reissue_certificate(issued.pk, "Un niveau était faux.", coordinator)
    assert (made.rank, made.version, made.content["replaces"], made.shown) == (2, 2, issued.number, ["hours"])
    assert "Un niveau était faux" in facts_of(issued)["Remplacée"]
    say_made()
    assert made.number in facts_of(issued)["Remplacé"]
    with pytest.raises(Overtaken):
        revoke_certificate(issued.pk, "Trop tard.", coordinator)


def test_revoked_it_explains_itself_and_its_trainee_is_told(issued: SkillsCertificate, coordinator: User) -> None:
    say_made()
    with pytest.raises(Refused, match="pourquoi"):
        revoke_certificate(issued.pk, " ", coordinator)
    assert "ni remplacée ni révoquée" in facts_of(issued)["Valable"]
    revoke_certificate(issued.pk, "Émise par erreur.", coordinator)
    assert "Motif : Émise par erreur" in facts_of(issued)["Révoquée"]
    work("mailing.send_mail")
    assert "n’est plus valable" in mail.outbox[-1].subject
    again = issue_certificate(issued.pathway_id, coordinator)
    assert (again.version, again.rank) == (2, 2)


def test_sealed_it_reaches_its_trainee_with_its_signed_file(issued: SkillsCertificate) -> None:
    document = seal_waiting()[0]
    work("mailing.send_mail")
    message = mail.outbox[-1]
    assert issued.number in message.subject
    assert message.attachments[0][0] == f"{issued.number}.pdf"
    assert document.printed_code in message.body
    assert SkillsCredential.objects.get().certificate == issued


def test_one_revoked_before_its_seal_is_not_sent(issued: SkillsCertificate, coordinator: User) -> None:
    revoke_certificate(issued.pk, "Émise par erreur.", coordinator)
    say_made()
    issued.refresh_from_db()
    with pytest.raises(Refused, match="n’est plus en vigueur"):
        signed_file(issued)
    assert not SkillsCredential.objects.exists()


def test_it_is_made_again_identically_from_its_content(issued: SkillsCertificate, coordinator: User) -> None:
    document = Document.objects.get(reference=issued.number)
    # The presences and the skills change afterwards: what was attested does not.
    SkillValidation.objects.update(
        withdrawn_by=coordinator, withdrawn_at=timezone.now(), withdrawal_reason="Plus tard."
    )
    kept = SkillsCertificate.objects.get(pk=issued.pk)
    again = {**document.context, **printed(kept.content)}
    assert again == document.context
    assets = DocumentAssets.from_settings().for_template("skills_certificate", "v1")
    first, second = (
        render_pdf(
            render_template_to_html("skills_certificate", "v1", context), metadata=_metadata(document), assets=assets
        )
        for context in (document.context, again)
    )
    assert first == second


def test_verification_shows_nothing_of_the_person_unless_they_choose(issued: SkillsCertificate) -> None:
    say_made()
    assert set(facts_of(issued)) == {"École", "Émise", "État", "Valable"}
    choose_shown(issued.pk, ["name", "skills", "companies"], None)
    facts = facts_of(issued)
    assert facts["Délivrée à"] == "Inès Alba"
    assert "Fait seul" in facts["Compétence 1"]
    assert "chez" in facts["Compétence 1"]
    assert "exemple" in facts["Référentiels"]
    assert "Heures à l’école" not in facts
    choose_shown(issued.pk, ["hours"], None)
    assert facts_of(issued)["Heures en entreprise"] == "3\N{NO-BREAK SPACE}h"


def test_the_school_notes_the_choice_with_how_it_was_told(
    issued: SkillsCertificate, coordinator: User, auditor: User
) -> None:
    with pytest.raises(Refused, match="quand et comment"):
        choose_shown(issued.pk, ["name"], coordinator)
    with pytest.raises(NotAllowed):
        choose_shown(issued.pk, ["name"], auditor, reason="Par téléphone.")
    assert choose_shown(issued.pk, ["name", "autre"], coordinator, reason="Par téléphone.").shown == ["name"]
    sql = "UPDATE trainees_skillscertificate SET shown = '[\"autre\"]' WHERE id = %s"
    with pytest.raises(IntegrityError, match="shows_known_parts"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [issued.pk])


def test_the_trainee_chooses_by_their_link(issued: SkillsCertificate, coordinator: User) -> None:
    seal_waiting()
    grant_space(issued.trainee_id, coordinator)
    browser = Client(enforce_csrf_checks=True)
    home = browser.get(link_received("ines@exemple.invalid"), follow=True)
    page = f"{home.wsgi_request.path}attestation/{issued.public_id}/"
    assert page in home.content.decode()
    answer = browser.post(page, {"shown": ["name"]}, follow=True)
    assert "Votre choix est enregistré" in answer.content.decode()
    issued.refresh_from_db()
    assert issued.shown == ["name"]
    document = Document.objects.get()
    assert browser.get(f"{home.wsgi_request.path}document/{document.public_id}/").content.startswith(b"%PDF")
    given = browser.get(f"{home.wsgi_request.path}fichier-signe/{issued.public_id}/")
    assert given.headers["Content-Disposition"] == 'attachment; filename="attestation.credential.json"'
    assert browser.get(f"{home.wsgi_request.path}attestation/{document.public_id}/").status_code == 404
    revoke_certificate(issued.pk, "Émise par erreur.", coordinator)
    assert browser.get(page).status_code == 404


def test_the_school_issues_replaces_and_revokes_on_its_pages(
    pathway: Pathway, school: School, coordinator: User, officer: User, client_of: Clients
) -> None:
    client, address = client_of(coordinator), f"/stagiaires/attestations/parcours/{pathway.pk}/"
    preview = client.get(address).content.decode()
    assert "demi-journées attendues ne sont pas notées" in preview.replace("\N{NO-BREAK SPACE}", " ")
    assert "Compétence 3" in preview
    shown = client.post(address, follow=True)
    certificate = SkillsCertificate.objects.get()
    assert certificate.number in shown.content.decode()
    for again in (client.post(address), client.get(address)):
        assert again.headers["Location"] == certificate.get_absolute_url()
    base = certificate.get_absolute_url()
    assert client.post(f"{base}remplacer/", {"reason": "Une heure de plus."}).status_code == 422
    say_made()
    assert client.post(f"{base}verification/", {"shown": ["name"], "reason": "Par téléphone."}).status_code == 302
    assert client.get(f"{base}fichier-signe/").headers["Content-Type"] == "application/ld+json"
    referent = client_of(member_of(school, officer, role=Membership.Role.REFERENT))
    assert referent.get(base).status_code == 200
    for page in ("remplacer", "revoquer"):
        assert referent.get(f"{base}{page}/").status_code == 403
    assert referent.get(address).status_code == 403
    assert client.post(f"{base}revoquer/", {"reason": ""}).status_code == 422
    assert "est révoquée" in client.post(f"{base}revoquer/", {"reason": "Par erreur."}, follow=True).content.decode()


def test_another_school_sees_nothing(
    issued: SkillsCertificate, other_school: School, officer: User, client_of: Clients
) -> None:
    client, base = client_of(member_of(other_school, officer)), issued.get_absolute_url()
    for page in ("", "remplacer/", "revoquer/", "verification/", "fichier-signe/"):
        assert client.get(base + page).status_code == 404
    assert client.get(f"/stagiaires/attestations/parcours/{issued.pathway_id}/").status_code == 404
    assert issued.number not in client.get("/stagiaires/attestations/").content.decode()
    assert (
        client.get(f"/stagiaires/attestations/?q={issued.number}&ecole={issued.school_id}")
        .context["page_obj"]
        .paginator.count
        == 0
    )


def test_the_list_is_narrowed_and_costs_the_same_whatever_it_holds(
    issued: SkillsCertificate,
    school: School,
    coordinator: User,
    client_of: Clients,
    same_query_count: Callable[..., None],
) -> None:
    client = client_of(coordinator)

    same_query_count(
        lambda: client.get("/stagiaires/attestations/"), lambda: certificate_in(school, coordinator, last_name="Brun")
    )

    def found(query: str) -> int:
        return client.get(f"/stagiaires/attestations/?{query}").context["page_obj"].paginator.count

    assert (found("q=brun"), found(f"q={issued.number.lower()}"), found("etat=revoked"), found(f"annee={YEAR}")) == (
        2,
        1,
        0,
        3,
    )


def test_a_part_without_presences_is_told_before_and_on_the_paper(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator, ends_on=date(2026, 9, 8))
    hours_of_none = draft_of(pathway, coordinator, date(2026, 9, 9))
    assert hours_of_none.minutes == {"school": 0, "company": 0}
    assert any("elles ne comptent pas" in lack for lack in hours_of_none.lacks)
    assert "ne sont pas comptées" in printed({
        **hours_of_none.content, "number": "", "version": 1, "issued_on": "2026-09-09", "replaces": "",
    })["hours"]["lacking"]  # fmt: skip
