"""Somebody in front of their day: their scope, their posts, their rights, the date."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from e2c_portal.accounts.models import Role, User
from e2c_portal.kernel.french import join_with_and
from schools.models import Membership, School
from schools.scope import Scope, roles_by_school
from trainees.reads.visible import own_schools

Post = Membership.Role
LEADS = frozenset({Post.DIRECTOR, Post.COORDINATOR})
TEACHES = LEADS | {Post.REFERENT}
COMPANIES = LEADS | {Post.COMPANY_RELATIONS}
ALL_POSTS = TEACHES | {Post.COMPANY_RELATIONS}


@dataclass
class Desk:
    """Who looks, and what they may see."""

    user: User
    scope: Scope
    today: date
    posts: frozenset[str]

    def holds(self, posts: frozenset[Post]) -> bool:
        """Say whether one of these posts is held in some school of the scope."""
        return not self.scope.whole_network and bool(self.posts & posts)

    def may(self, permission: str) -> bool:
        return self.user.has_perm(permission)

    @property
    def reads_only(self) -> bool:
        return self.user.role == Role.AUDITOR

    @property
    def watches(self) -> bool:
        """Say whether this person watches what the schools do: they act on none of it."""
        return self.user.role in (Role.REGIONAL_OFFICER, Role.AUDITOR)

    @cached_property
    def schools(self) -> list[School]:
        """The schools where this person works; none for the network, which works in none."""
        return [] if self.scope.whole_network else list(own_schools(self.scope))

    @property
    def where(self) -> str:
        """The schools in words, empty for the network."""
        return join_with_and([school.name for school in self.schools])

    def whose(self, school_id: int) -> str:
        """Return « Nîmes : » before what is of one school, for whoever works in several."""
        name = next((school.name for school in self.schools if school.pk == school_id), "")
        return f"{name}\N{NO-BREAK SPACE}: " if len(self.schools) > 1 else ""


def desk_of(user: User) -> Desk:
    """Read who somebody is today. One query, none for a network role."""
    if user.reads_the_network and user.is_active:
        scope, posts = Scope(whole_network=True), frozenset[str]()
    else:
        held = roles_by_school(user)
        scope, posts = Scope(school_ids=frozenset(held)), frozenset[str]().union(*held.values())
    return Desk(user, scope, timezone.localdate(), posts)
