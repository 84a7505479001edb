"""The accounts of the personas, and their posts in the schools."""

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import Role, User
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS, Persona
from schools.models import Membership, School
from schools.operations.network import add_member


@transaction.atomic
def create_accounts() -> int:
    """Create the accounts that are missing. Returns how many; a password changed since is left alone."""
    return sum(_create(persona) for persona in PERSONAS)


def _create(persona: Persona) -> int:
    if User.objects.filter(email__iexact=persona.email).exists():
        return 0
    user = User(email=persona.email, full_name=persona.full_name, role=persona.role)
    user.set_password(DEMO_PASSWORD)
    user.full_clean()
    user.save()
    if user.reads_the_network:
        # The page where the code is asked for shows it, as the sign-in page shows the password (templatetags/demo_personas.py).
        TOTP.activate(user, generate_totp_secret())
    return 1


def acting_officer() -> User:
    """Return the regional officer in whose name the demonstration writes."""
    email = next(persona.email for persona in PERSONAS if persona.role == Role.REGIONAL_OFFICER)
    return User.objects.get(email__iexact=email)


def second_officer() -> User:
    """Return the regional officer who checks what the first one recorded."""
    others = [persona.email for persona in PERSONAS if persona.role == Role.REGIONAL_OFFICER]
    return User.objects.get(email__iexact=others[1])


@transaction.atomic
def give_posts(actor: User) -> int:
    """Put the personas in their schools. Returns how many posts were missing."""
    return sum(_give_post(persona, actor) for persona in PERSONAS if persona.post)


def _give_post(persona: Persona, actor: User) -> int:
    user = User.objects.get(email__iexact=persona.email)
    school = School.objects.filter(sites__city=persona.school).distinct().get()
    if Membership.objects.filter(user=user, school=school, role=persona.post, ends_on=None).exists():
        return 0
    add_member(school, user, persona.post, actor, timezone.localdate())
    return 1
