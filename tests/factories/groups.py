"""Schools that register their people: trainees with an open pathway, and the pages by which they are sent."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from assises.models import Edition, Registration
from assises.operations.group_registering import Attendee
from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.trainees import pathway_of, trainee_in
from trainees.models import Trainee


def staying(school: School, actor: User, **facts: Any) -> Trainee:
    """Return a trainee whose pathway is open."""
    trainee = trainee_in(school, actor, **facts)
    pathway_of(trainee, actor)
    return trainee


def of_trainee(trainee: Trainee, **facts: Any) -> Attendee:
    """Return a trainee to register, as the page of a school would."""
    known = {"first_name": trainee.first_name, "last_name": trainee.last_name, "email": trainee.email} | facts
    return Attendee(Registration(trainee=trainee, **known), {}, f"stagiaire-{trainee.pk}")


def of_staff(last_name: str, email: str) -> Attendee:
    """Return somebody of the team to register."""
    return Attendee(Registration(first_name="Ada", last_name=last_name, email=email), {}, "equipe-1")


def register_page(edition: Edition, school: School, *trainees: Trainee) -> str:
    """Return the address of the page that a school sends, for those trainees."""
    chosen = "&".join(f"qui={row.pk}" for row in trainees)
    return f"{reverse('assises:school_register', args=[edition.year, school.pk])}?{chosen}"


def token_of(client: Client, url: str) -> str:
    """Return the token of the form on a page."""
    found = re.search(r'name="form_token" value="([0-9a-f-]+)"', client.get(url).content.decode())
    assert found
    return found[1]
