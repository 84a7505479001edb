"""The pages of amendments: written, refused, signed, read."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.models import ConventionAmendment, PartnershipConvention
from tests.factories.amendments import aim_higher, amended, signed
from tests.factories.partnerships import drafted, make_move

ConventionIn = Callable[..., PartnershipConvention]
AMENDMENT = "partnerships_conventionamendment"


@pytest.fixture
def convention(convention_in: ConventionIn) -> PartnershipConvention:
    return convention_in(workflows.SIGNED, archive=True)


def upcoming(convention: PartnershipConvention, actor: User, first_day: date) -> PartnershipConvention:
    """Sign today another convention of the same company, that starts later."""
    other = drafted(
        actor, convention.company, origin="archive", sources="Essai", starts_on=first_day,
        ends_on=first_day + timedelta(days=300),
    )  # fmt: skip
    return make_move(other, "record_archive", actor, signed_on=timezone.localdate())


@pytest.mark.usefixtures("seal_key")
class TestPages:
    def test_an_officer_writes_an_amendment_by_changing_the_text(
        self, convention: PartnershipConvention, officer_client: Client
    ) -> None:
        url = f"/gestion/partnerships/partnershipconvention/{convention.pk}/avenants/nouveau/"
        form = officer_client.get(url).context["writing"]
        data = posted(form)
        data |= {"purpose": "Plus de stages", "commitments-0-target": "15"}
        answer = officer_client.post(url, data, follow=True)
        assert "passe de 12 à 15 stages par an" in answer.content.decode()
        assert ConventionAmendment.objects.get().changes.count() == 1

    def test_what_is_refused_is_kept_on_the_page(
        self, convention: PartnershipConvention, officer_client: Client
    ) -> None:
        url = f"/gestion/partnerships/partnershipconvention/{convention.pk}/avenants/nouveau/"
        data = posted(officer_client.get(url).context["writing"])
        data |= {"purpose": "Essai", "renewal": "tacit"}
        answer = officer_client.post(url, data)
        assert "Une reconduction tacite" in answer.content.decode()
        assert not ConventionAmendment.objects.exists()

    def test_readers_read_and_do_not_write(
        self, convention: PartnershipConvention, officer: User, coordinator: User, stranger: User, client_of: Callable
    ) -> None:
        amendment = signed(amended(convention, officer, aim_higher(15)), officer)
        reader = client_of(coordinator)
        assert "passe de 12 à 15" in reader.get(amendment.get_absolute_url()).content.decode()
        text = reader.get(f"/conventions/{convention.pk}/texte/")
        assert "avenant n°&nbsp;1" in text.content.decode()
        assert client_of(stranger).get(amendment.get_absolute_url()).status_code == 404
        admin = f"/gestion/partnerships/partnershipconvention/{convention.pk}/avenants/{amendment.pk}/"
        assert reader.get(admin).status_code in (302, 403, 404)

    def test_the_consolidated_page_reads_any_day(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        signed(amended(convention, officer, aim_higher(15)), officer)
        yesterday = timezone.localdate() - timedelta(days=1)
        page = officer_client.get(f"/conventions/{convention.pk}/texte/?le={yesterday.isoformat()}").content.decode()
        assert "12&nbsp;stages" in page
        assert "Aucun avenant n’était en vigueur" in page
        assert officer_client.get(f"/conventions/{convention.pk}/texte/?le=demain").status_code == 200

    def test_each_page_asks_the_same_of_the_database_whatever_the_number_of_amendments(
        self, convention: PartnershipConvention, officer: User, officer_client: Client, same_query_count: Callable
    ) -> None:
        signed(amended(convention, officer, aim_higher(13)), officer)
        targets = iter((14, 15, 16, 17, 18, 19))
        for url in (f"/conventions/{convention.pk}/", f"/conventions/{convention.pk}/texte/"):
            same_query_count(
                lambda url=url: officer_client.get(url),
                lambda: signed(amended(convention, officer, aim_higher(next(targets))), officer),
            )


def posted(writing) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Return what a browser would post of the page as it is shown."""
    data: dict[str, str] = {}
    for form in [writing.form, *(form for lines in writing.lists.values() for form in [lines.management_form, *lines])]:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value in (None, False) else str(value)
    return {name: value for name, value in data.items() if not name.endswith("-DELETE")}
