"""Writing the network: one network, its schools, their sites, who works there."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import Membership, Network, School, Site
from schools.operations.network import SchoolFacts, SiteFacts, add_member, add_school, name_network
from schools.operations.records import save_record
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.network import network_of
from tests.factories.people import person


@pytest.fixture
def network(officer: User) -> Network:
    return network_of(officer)


class TestNetwork:
    def test_there_is_one(self, network: Network, officer: User) -> None:
        with pytest.raises(Refused, match="a déjà un réseau"):
            name_network("Second", "Région", "", officer)
        with pytest.raises(Refused, match="a déjà un réseau"):
            save_record(Network(name="Second", region_name="Région"), officer)
        assert Network.objects.count() == 1

    def test_it_is_named_by_an_officer(self, auditor: User, data_officer: User, stranger: User) -> None:
        for somebody in (auditor, data_officer, stranger):
            with pytest.raises(NotAllowed, match="Seul un chargé de mission"):
                name_network("Réseau", "Région", "", somebody)

    def test_a_change_leaves_its_trace(self, network: Network, officer: User) -> None:
        network.region_address = "Ailleurs"
        save_record(network, officer)
        entry = trail_of(network).first()
        assert entry
        assert entry.summary == "Fiche modifiée : adresse de la Région"


class TestSchools:
    def test_it_comes_with_its_sites(self, network: Network, officer: User) -> None:
        sites = (SiteFacts("Port Marianne", city="Montpellier"), SiteFacts("Clémenceau", places=70))
        school = add_school(network, SchoolFacts("Montpellier", "montpellier", sites=sites), officer)
        assert [site.name for site in school.sites.all()] == ["Clémenceau", "Port Marianne"]
        assert trail_of(school).get().summary == "École ajoutée : Montpellier"

    def test_what_is_not_known_stays_empty(self, network: Network, officer: User) -> None:
        school = add_school(network, SchoolFacts("Mende", "mende"), officer)
        assert (school.operator, school.siret, school.opened_year) == ("", "", None)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            (SchoolFacts("Alès", "ales", siret="73282932000079"), "siret"),
            (SchoolFacts("Alès", "alès"), "slug"),
            (SchoolFacts("", "ales"), "name"),
            (SchoolFacts("Alès", "ales", sites=(SiteFacts("Alès", postal_code="3010"),)), "postal_code"),
        ],
    )
    def test_a_wrong_fact_is_refused_and_nothing_is_written(
        self, network: Network, officer: User, facts: SchoolFacts, field: str
    ) -> None:
        with pytest.raises(ValidationError) as refusal:
            add_school(network, facts, officer)
        assert field in refusal.value.message_dict
        assert not School.objects.exists()

    def test_a_siret_belongs_to_one_school(self, network: Network, officer: User) -> None:
        siret = siret_of(new_siren())
        add_school(network, SchoolFacts("Alès", "ales", siret=siret), officer)
        with pytest.raises(ValidationError):
            add_school(network, SchoolFacts("Nîmes", "nimes", siret=siret), officer)

    def test_a_label_ends_after_it_starts(self, school: School, officer: User) -> None:
        school.label_starts_on, school.label_ends_on = date(2026, 1, 1), date(2025, 1, 1)
        with pytest.raises(ValidationError, match="Le label ne peut pas finir avant"):
            save_record(school, officer)

    def test_only_an_officer_writes(self, school: School, auditor: User, coordinator: User, stranger: User) -> None:
        for somebody in (auditor, coordinator, stranger):
            with pytest.raises(NotAllowed):
                add_school(school.network, SchoolFacts("X", "x"), somebody)
            with pytest.raises(NotAllowed):
                save_record(Site(school=school, name="X"), somebody)


class TestMembers:
    def test_somebody_joins_a_school(self, school: School, officer: User) -> None:
        newcomer = person("Nadia Perrin")
        membership = add_member(school, newcomer, Membership.Role.DIRECTOR, officer, date(2026, 1, 1))
        assert trail_of(membership).get().summary == f"Nadia Perrin rejoint {school.name}"

    def test_the_same_post_is_held_once_at_a_time(self, school: School, coordinator: User, officer: User) -> None:
        with pytest.raises(ValidationError):
            add_member(school, coordinator, Membership.Role.COORDINATOR, officer, timezone.localdate())

    def test_it_does_not_end_before_it_starts(self, school: School, coordinator: User, officer: User) -> None:
        membership = coordinator.memberships.get()
        membership.ends_on = membership.starts_on - timedelta(days=1)
        with pytest.raises(ValidationError):
            save_record(membership, officer)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(ends_on=membership.ends_on)

    def test_an_unknown_post_is_refused(self, school: School, officer: User) -> None:
        with pytest.raises(ValidationError):
            add_member(school, person(), "concierge", officer, timezone.localdate())

    def test_nobody_gives_a_post_to_themselves(self, school: School, stranger: User) -> None:
        with pytest.raises(NotAllowed):
            add_member(school, stranger, Membership.Role.DIRECTOR, stranger, timezone.localdate())
