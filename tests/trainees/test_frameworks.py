"""Frameworks of skills as files: every wrong line told, what would change shown, loaded as a draft, in force one at a time."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.frameworks import DATA
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from tests.factories.skills import framework as made_framework
from trainees.exports.frameworks import FILE_FORMATS, framework_answer
from trainees.models import Skill, SkillFramework
from trainees.operations.frameworks import delete_draft, load_framework, publish_framework, retire_framework
from trainees.reads.framework_changes import changes_between
from trainees.reads.framework_content import FrameworkSaid, from_data, said_by
from trainees.reads.framework_files import read_framework

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HEAD = "Ligne;Code;Nom;Explication;Domaine;Nature;Source;Exemple;Métiers ROME;Acquis;Niveau 1;Niveau 3\n"
GOOD = (
    f"{HEAD}référentiel;essai;Essai;;;réseau;Les essais;oui;G1602;;;\n"
    "niveau;1;Découvre;Regarde.;;;;;;non;;\nniveau;2;Fait;Fait seul.;;;;;;oui;;\n"
    "domaine;D1;Premier;;;;;;;;;\ncompétence;C1;Arriver;Est là.;;;;;;;Regarde;\ncompétence;C2;-5 °C : ranger;;D1;;;;;;;\n"
)


def read(text: str) -> FrameworkSaid:
    found = read_framework(io.BytesIO(text.encode()))
    assert found.errors == []
    assert found.said
    return found.said


def errors(text: str) -> list[str]:
    return read_framework(io.BytesIO(text.encode())).errors


def test_a_school_loads_and_publishes_nothing(coordinator: User, officer: User) -> None:
    with pytest.raises(NotAllowed):
        load_framework(read(GOOD), coordinator)
    draft = load_framework(read(GOOD), officer)
    for act in (publish_framework, retire_framework, delete_draft):
        with pytest.raises(NotAllowed):
            act(draft.pk, coordinator)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("compétence;C2", "compétance;C2"), "Ligne 7 : la colonne « Ligne » dit « compétance » ; écrivez"),
        (GOOD.replace("compétence;C2", "compétence;C1"), "Ligne 7 : la compétence « C1 » est déjà donnée plus haut"),
        (GOOD.replace(";D1;;;;;;;\n", ";D9;;;;;;;\n"), "Ligne 7 : le domaine « D9 » n’est décrit nulle part"),
        (GOOD.replace("C1;Arriver", "C1;"), "Ligne 6 : la colonne « Nom » est vide"),
        (GOOD.replace("Arriver", "A" * 201), "Ligne 6 : la colonne « Nom » dépasse 200 signes"),
        (GOOD.replace(";réseau;", ";officiel;"), "Ligne 2 : la nature « officiel » n’est pas connue"),
        (GOOD.replace(";oui;G1602", ";;G1602"), "Ligne 2 : dites dans la colonne « Exemple »"),
        (GOOD.replace("G1602", "Z99"), "Ligne 2 : « Z99 » n’est pas un code ROME"),
        (GOOD.replace("essai;Essai", "l’essai;Essai"), "Ligne 2 : le code « l’essai »"),
        (GOOD.replace("niveau;2", "niveau;deux"), "Ligne 4 : le code d’un niveau est son rang"),
        (GOOD.replace("niveau;2", "niveau;4"), "sans trou"),
        (GOOD.replace("oui;;\n", "non;;\n"), "à partir de quel niveau"),
        (GOOD.replace("Regarde;\n", ";Regarde\n"), "Ligne 6 : la colonne « Niveau 3 » est remplie"),
        (GOOD.replace("Est là.", "1 85 05 78 006 084 36"), "Ligne 6 : ce texte ressemble à un numéro de sécurité sociale"),
        (HEAD + "domaine;D1;Seul;;;;;;;;;\n", "Il manque la ligne « référentiel »"),
        (GOOD + "référentiel;deux;Deux;;;réseau;x;oui;;;;\n", "Ligne 8 : un fichier décrit un seul référentiel"),
    ],
)  # fmt: skip
def test_each_wrong_line_says_what_to_do(wrong: str, told: str) -> None:
    assert any(told in error for error in errors(wrong)), errors(wrong)


def test_what_is_no_framework_is_refused() -> None:
    with pytest.raises(Refused, match="« Ligne »"):
        read_framework(io.BytesIO("nom;prénom\nA;B\n".encode()))


def test_a_file_gives_itself_back(officer: User) -> None:
    """Export then import says the same, in both formats; so does what the page carries between its two steps."""
    row = load_framework(read(GOOD), officer)
    said = said_by(row)
    assert said == read(GOOD)
    assert from_data(said.as_data()) == said
    for extension in FILE_FORMATS:
        answer = framework_answer(said, 1, extension)
        again = read_framework(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        assert (again.errors, again.said) == ([], said)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.stem)
def test_the_samples_are_samples(path: Path) -> None:
    """Nothing that ships here passes for official; CléA’s domains are those of the law, no more."""
    said = read(path.read_text(encoding="utf-8"))
    assert said.is_example
    assert "xemple" in said.source
    assert [level.is_acquired for level in said.levels] == [False, False, True, True]
    assert len(said.skills) >= 7
    if said.kind == "clea":
        assert len(said.domains) == 7
        assert all(skill.description.startswith("Exemple") for skill in said.skills)


def test_a_new_version_tells_what_it_changes(officer: User) -> None:
    before = read(GOOD)
    after = read(
        GOOD.replace("C1;Arriver", "C1;Arriver à l’heure")
        .replace("compétence;C2", "compétence;C3")
        .replace("Fait seul.", "Fait.")
    )
    changes = changes_between(before, after)
    assert [skill.code for skill in changes.added] == ["C3"]
    assert [skill.code for skill in changes.removed] == ["C2"]
    assert [(one.code, one.what, one.after) for one in changes.reworded] == [("C1", "nom", "Arriver à l’heure")]
    assert any("Niveau 2" in sentence for sentence in changes.around)


def test_one_version_in_force_the_former_closed_at_the_same_moment(officer: User) -> None:
    first = publish_framework(load_framework(read(GOOD), officer).pk, officer)
    with pytest.raises(Refused, match="mot pour mot"):
        load_framework(read(GOOD), officer)
    second = load_framework(read(GOOD.replace("Arriver", "Être là")), officer)
    assert second.version == 2
    with pytest.raises(Refused, match="brouillon"):
        load_framework(read(GOOD.replace("Arriver", "Venir")), officer)
    publish_framework(second.pk, officer)
    first.refresh_from_db()
    assert (first.status, first.retired_on) == ("retired", first.published_on)
    with pytest.raises(Overtaken):
        publish_framework(second.pk, officer)
    assert Skill.objects.filter(framework=first, name="Arriver").exists()


def test_a_draft_goes_a_published_version_stays(officer: User) -> None:
    draft = load_framework(read(GOOD), officer)
    delete_draft(draft.pk, officer)
    assert not SkillFramework.objects.exists()
    kept = publish_framework(load_framework(read(GOOD), officer).pk, officer)
    with pytest.raises(Refused, match="se ferme"):
        delete_draft(kept.pk, officer)
    assert retire_framework(kept.pk, officer).status == "retired"


class TestPages:
    def posted(self, client: Client, text: str, name: str = "essai.csv"):
        return client.post(reverse("trainees:framework_load"), {"file": SimpleUploadedFile(name, text.encode())})

    def test_a_school_reads_and_writes_nothing(self, coordinator: User, officer: User, client_of: ClientOf) -> None:
        client, row = client_of(coordinator), made_framework(officer)
        draft = load_framework(read(GOOD), officer)
        assert client.get(reverse("trainees:framework", args=[row.pk])).status_code == 200
        assert "brouillon" not in client.get(reverse("trainees:frameworks")).content.decode().lower().replace(
            "préparation", ""
        )
        assert client.get(reverse("trainees:framework", args=[draft.pk])).status_code == 404
        assert client.get(reverse("trainees:framework_file", args=[draft.pk, "csv"])).status_code == 404
        assert client.get(reverse("trainees:framework_load")).status_code == 403
        assert client.post(reverse("trainees:framework_retire", args=[row.pk])).status_code == 403
        row.refresh_from_db()
        assert row.status == "published"

    def test_a_stranger_finds_nothing(self, stranger: User, officer: User, client_of: ClientOf) -> None:
        client, row = client_of(stranger), made_framework(officer)
        for name, args in (("frameworks", []), ("framework", [row.pk]), ("framework_load", []), ("skill_figures", [])):
            assert client.get(reverse(f"trainees:{name}", args=args)).status_code == 404

    def test_a_file_is_shown_then_loaded_once(self, officer_client: Client) -> None:
        shown = self.posted(officer_client, GOOD)
        assert shown.status_code == 200
        assert not SkillFramework.objects.exists()
        form = shown.context["form"]
        sent = {"content": form.initial["content"], "form_token": form.initial["form_token"]}
        first = officer_client.post(reverse("trainees:framework_load"), sent)
        again = officer_client.post(reverse("trainees:framework_load"), sent)
        row = SkillFramework.objects.get()
        assert first.url == again.url == row.get_absolute_url()
        assert row.status == "draft"
        assert len(row.file_sha256) == 64
        page = officer_client.get(first.url).content.decode()
        assert "Ceci est un exemple" in page
        officer_client.post(reverse("trainees:framework_publish", args=[row.pk]))
        row.refresh_from_db()
        assert row.status == "published"
        assert "Fermer" in officer_client.get(first.url).content.decode()

    def test_what_the_page_did_not_seal_is_not_loaded(self, officer_client: Client) -> None:
        shown = self.posted(officer_client, GOOD)
        forged = {"content": shown.context["form"].initial["content"] + "x", "form_token": ""}
        assert officer_client.post(reverse("trainees:framework_load"), forged).status_code == 302
        assert not SkillFramework.objects.exists()

    def test_wrong_lines_are_listed(self, officer_client: Client) -> None:
        answer = self.posted(officer_client, GOOD.replace("G1602", "Z99"))
        assert answer.status_code == 422
        assert "Ligne 2" in answer.content.decode()
        assert self.posted(officer_client, "%PDF-1.7", "essai.xlsx").status_code == 422

    def test_a_workbook_and_the_template_are_read(self, officer_client: Client) -> None:
        book, out = Workbook(), io.BytesIO()
        for line in GOOD.strip().split("\n"):
            book.active.append(line.split(";"))
        book.save(out)
        file = SimpleUploadedFile("essai.xlsx", out.getvalue())
        assert officer_client.post(reverse("trainees:framework_load"), {"file": file}).status_code == 200
        template = officer_client.get(reverse("trainees:framework_template"))
        found = read_framework(io.BytesIO(b"".join(template.streaming_content)))  # type: ignore[attr-defined]
        assert found.errors == []

    def test_the_list_asks_as_much_for_three_as_for_one(
        self, officer: User, officer_client: Client, same_query_count: Callable[..., int]
    ) -> None:
        codes = iter(("a", "b", "c"))
        made_framework(officer, next(codes))
        url = reverse("trainees:frameworks")
        same_query_count(lambda: officer_client.get(url), lambda: made_framework(officer, next(codes)))

    def test_the_page_asks_as_much_for_many_skills(self, officer: User, officer_client: Client) -> None:
        few, many = made_framework(officer, "peu", skills=1), made_framework(officer, "tant", skills=9)
        counts = []
        for row in (few, many):
            with CaptureQueriesContext(connection) as count:
                officer_client.get(row.get_absolute_url())
            counts.append(len(count))
        assert counts[0] == counts[1]


def test_an_example_says_so_in_its_name(officer: User) -> None:
    assert "(exemple)" in str(made_framework(officer))
    assert replace(read(GOOD), is_example=False) != read(GOOD)
