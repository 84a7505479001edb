"""The page of an assessment: side by side, who may decide, nothing typed is lost, nothing is written twice."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.decisions import a_sent_one, agreed, disputed, good, said_replaced, sent_by_company, validated
from tests.factories.skills import framework, level
from trainees.models import CompanyAssessment, SkillFramework, SkillValidation, TraineeAnswer
from trainees.operations.skill_decisions import withdraw_validation

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def frame(coordinator: User) -> SkillFramework:
    return framework(coordinator)


@pytest.fixture
def sent(school: School, coordinator: User, frame: SkillFramework) -> CompanyAssessment:
    return sent_by_company(school, coordinator, frame)


class TestPages:
    def url(self, assessment: CompanyAssessment, name: str = "") -> str:
        return reverse(f"trainees:assessment{name}", args=[assessment.pk])

    def test_side_by_side(self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf) -> None:
        disputed(sent)
        page = client_of(coordinator).get(self.url(sent))
        lines = page.context["sheet"].lines
        assert [line.company.label for line in lines] == ["Fait seul", "Découvre", "Non observé"]
        assert [line.trainee.label for line in lines] == ["Pas d’accord", "Non contestée", "Non contestée"]
        assert all(line.planned for line in lines)
        assert [bool(line.level_field) for line in lines] == [True, False, False]
        # What is disputed is not validated by itself.
        assert lines[0].level_field.value() == ""
        text = page.content.decode()
        assert "Je le fais avec mon collègue." in text
        assert "Au poste." in text

    def test_the_network_reads_and_decides_nothing(
        self, sent: CompanyAssessment, officer: User, client_of: ClientOf
    ) -> None:
        reader = client_of(officer)
        page = reader.get(self.url(sent))
        assert page.status_code == 200
        assert "Valider et clore" not in page.content.decode()
        assert reader.post(self.url(sent), {}).status_code == 403
        for name in ("_return", "_answer", "_respondent", "_cancel"):
            assert reader.get(self.url(sent, name)).status_code == 403, name
        assert reader.post(self.url(sent, "_ask")).status_code == 403

    def test_a_refusal_keeps_what_was_typed_then_it_passes(
        self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf, frame: SkillFramework
    ) -> None:
        client, one = client_of(coordinator), good(sent)
        stale = client.get(self.url(sent)).context["sheet"].mark
        agreed(sent)
        typed = {f"level_{one.pk}": level(frame, 4).pk, f"reason_{one.pk}": "Montré à un autre.", "seen": stale}
        refused = client.post(self.url(sent), typed)
        assert refused.status_code == 422
        text = refused.content.decode()
        assert "a changé pendant que vous la lisiez" in text
        assert "Montré à un autre." in text
        again = client.post(self.url(sent), typed | {"seen": refused.context["form"]["seen"].value()})
        assert again.headers["Location"] == self.url(sent)
        assert SkillValidation.objects.get().level == level(frame, 4)
        # The same form once more: nothing double, and no error to whoever did it.
        assert client.post(self.url(sent), typed).status_code == 302
        assert SkillValidation.objects.count() == 1
        shown = client.get(self.url(sent)).content.decode()
        assert "Validée" in shown
        assert "Retirer" in shown

    def test_versions_say_what_changed(self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf) -> None:
        following = said_replaced(sent, coordinator)
        page = client_of(coordinator).get(self.url(following))
        last = page.context["sheet"].versions[0]
        assert last.changes == [
            "Compétence 1 : Fait seul → Sait le montrer", "Compétence 3 : Non observé → Pas évaluée",
            "Heures manquées : non dit → 2 h",
        ]  # fmt: skip
        assert page.context["sheet"].assessment.question == "Seul ?"
        former = client_of(coordinator).get(self.url(sent)).content.decode()
        assert "Lire la version 2" in former

    def test_an_answer_told_bears_the_name_of_who_wrote_it(
        self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf
    ) -> None:
        client, one = client_of(coordinator), good(sent)
        refused = client.post(self.url(sent, "_answer"), {"agrees": "no"})
        assert refused.status_code == 422
        assert "Un désaccord se motive" in refused.content.decode()
        client.post(self.url(sent, "_answer"), {"agrees": "no", f"skill_{one.pk}": "Pas seul."})
        answer = TraineeAnswer.objects.get()
        assert (answer.agrees, answer.recorded_by, answer.disagreements.get().words) == (
            False,
            coordinator,
            "Pas seul.",
        )
        assert client.get(self.url(sent, "_answer")).status_code == 302

    def test_send_back_from_the_page(self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf) -> None:
        client = client_of(coordinator)
        form = client.get(self.url(sent, "_return")).context["form"]
        client.post(self.url(sent, "_return"), {"question": "Seul ?", "seen": form["seen"].value(), "due_on": ""})
        assert [row.status for row in sent.internship.assessments.order_by("version")] == ["returned", "open"]
        page = client.get(self.url(sent)).content.decode()
        assert "La version 2 attend l’entreprise" in page

    def test_a_skill_seen_is_sent_twice_and_added_once(
        self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf, frame: SkillFramework
    ) -> None:
        client, url = client_of(coordinator), reverse("trainees:skills_seen", args=[sent.internship.pathway_id])
        form = client.get(url).context["form"]
        typed = {
            "skill": frame.skills.get(code="C2").pk, "level": level(frame, 3).pk, "seen_on": "2026-11-18",
            "reason": "Caisse de l’atelier.", "form_token": form["form_token"].value(),
        }  # fmt: skip
        assert client.post(url, typed | {"reason": ""}).status_code == 422
        assert [client.post(url, typed).status_code for _ in range(2)] == [302, 302]
        kept = SkillValidation.objects.get()
        assert "Caisse de l’atelier." in client.get(url).content.decode()
        away = reverse("trainees:validation_withdraw", args=[kept.pk])
        assert client.post(away, {"reason": "Erreur"}).headers["Location"] == url
        assert "Retirée" in client.get(url).content.decode()

    def test_a_skill_withdrawn_or_left_aside_is_validated_later(
        self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf, frame: SkillFramework
    ) -> None:
        agreed(sent)
        one, client = good(sent), client_of(coordinator)
        later = reverse("trainees:assessment_later", args=[sent.pk, one.pk])
        assert client.get(later).status_code == 302
        validated(sent, coordinator)
        assert later in client.get(self.url(sent)).content.decode()
        typed = {"level": level(frame, 4).pk, "reason": "Revu avec le tuteur."}
        assert client.post(later, typed | {"reason": ""}).status_code == 422
        assert [client.post(later, typed).status_code for _ in range(2)] == [302, 302]
        kept = SkillValidation.objects.get()
        assert (kept.level, kept.assessed_skill, kept.reason) == (level(frame, 4), one, "Revu avec le tuteur.")
        assert later not in client.get(self.url(sent)).content.decode()
        withdraw_validation(kept.pk, "Mauvais niveau.", coordinator)
        assert client.post(later, typed).status_code == 302
        assert SkillValidation.objects.filter(withdrawn_at=None).count() == 1
        unseen = sent.skills.get(skill__code="C3")
        assert client.get(reverse("trainees:assessment_later", args=[sent.pk, unseen.pk])).status_code == 302

    def test_from_the_internship(self, sent: CompanyAssessment, coordinator: User, client_of: ClientOf) -> None:
        client = client_of(coordinator)
        page = client.get(sent.internship.get_absolute_url()).content.decode()
        assert "Lire et décider" in page
        assert self.url(sent) in page

    def test_the_page_asks_as_much_for_many_skills(
        self, school: School, coordinator: User, client_of: ClientOf, same_query_count: Callable[..., int]
    ) -> None:
        rows = [a_sent_one(school, coordinator, f"r{count}", count) for count in (1, 6)]
        client, shown = client_of(coordinator), iter([rows[0], rows[0], rows[1]])
        same_query_count(lambda: client.get(self.url(next(shown))), lambda: None)
