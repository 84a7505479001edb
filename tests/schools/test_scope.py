"""Who may see what: the scope of a person, on a date, and what the reads make of it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships.models import Company
from partnerships.queries import companies_visible_to, conventions_visible_to
from schools.models import Membership, School
from schools.operations.network import add_member
from schools.operations.records import save_record
from schools.queries import members_visible_to, schools_visible_to
from schools.scope import Scope, scope_of
from tests.factories.network import member_of
from tests.factories.partnerships import drafted
from tests.factories.people import person


def end_membership(user: User, ends_on: date, officer: User) -> None:
    membership = user.memberships.get()
    membership.ends_on = ends_on
    save_record(membership, officer)


class TestScope:
    def test_a_regional_role_covers_the_network(self, officer: User, auditor: User, data_officer: User) -> None:
        assert {scope_of(somebody) for somebody in (officer, auditor, data_officer)} == {Scope(whole_network=True)}

    def test_staff_of_a_school_see_that_school_alone(
        self, coordinator: User, school: School, other_school: School
    ) -> None:
        scope = scope_of(coordinator)
        assert (scope.covers(school.pk), scope.covers(other_school.pk), scope.whole_network) == (True, False, False)

    def test_two_posts_two_schools(
        self, coordinator: User, school: School, other_school: School, officer: User
    ) -> None:
        add_member(other_school, coordinator, Membership.Role.REFERENT, officer, timezone.localdate())
        assert scope_of(coordinator).school_ids == {school.pk, other_school.pk}

    def test_an_account_without_post_sees_nothing(self, stranger: User) -> None:
        assert scope_of(stranger).empty

    def test_a_visitor_sees_nothing(self) -> None:
        assert scope_of(AnonymousUser()).empty

    def test_a_closed_account_sees_nothing(self, officer: User, coordinator: User) -> None:
        for somebody in (officer, coordinator):
            somebody.is_active = False
            assert scope_of(somebody).empty

    @pytest.mark.parametrize(("days", "seen"), [(-1, False), (0, True), (1, True)])
    def test_the_door_closes_in_the_evening_of_the_last_day(
        self, coordinator: User, officer: User, days: int, seen: bool
    ) -> None:
        end_membership(coordinator, timezone.localdate() + timedelta(days=days), officer)
        assert scope_of(coordinator).empty is not seen

    def test_the_door_opens_on_the_first_day(self, school: School, officer: User) -> None:
        newcomer = person()
        tomorrow = timezone.localdate() + timedelta(days=1)
        add_member(school, newcomer, Membership.Role.REFERENT, officer, tomorrow)
        assert (scope_of(newcomer).empty, scope_of(newcomer, on=tomorrow).empty) == (True, False)


class TestReads:
    def test_whoever_works_in_the_network_sees_its_schools(
        self, officer: User, coordinator: User, other_school: School
    ) -> None:
        for somebody in (officer, coordinator):
            assert schools_visible_to(scope_of(somebody)).count() == 2

    def test_nobody_else_sees_anything(self, school: School, stranger: User, officer: User) -> None:
        drafted(officer)
        scope = scope_of(stranger)
        assert not schools_visible_to(scope).exists()
        assert not conventions_visible_to(scope).exists()
        assert not companies_visible_to(scope).exists()
        assert Company.objects.exists()

    def test_a_team_is_shown_to_its_own_school(
        self, school: School, other_school: School, coordinator: User, officer: User
    ) -> None:
        member_of(other_school, officer, "Ailleurs")
        scope = scope_of(coordinator)
        assert [member.user for member in members_visible_to(scope, school)] == [coordinator]
        assert not members_visible_to(scope, other_school).exists()
        assert members_visible_to(scope_of(officer), other_school).count() == 1

    def test_who_left_is_not_in_the_team(self, school: School, coordinator: User, officer: User) -> None:
        end_membership(coordinator, timezone.localdate() - timedelta(days=1), officer)
        assert not members_visible_to(scope_of(officer), school).exists()
