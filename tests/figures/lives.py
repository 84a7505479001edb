"""Lives at random in a small network: people, pathways, stays, presence, exits, transfers, corrections. The same for a seed.

Rows are written as they are, the rules that hold them asleep: those are tested elsewhere, and here lives must be many.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import connection

from e2c_portal.accounts.models import User
from e2c_portal.kernel.removing import removal
from schools.models import School
from tests.factories.trainees import host, limits, site_of
from trainees.models import (
    AttendanceHalfDay,
    EntryProfile,
    Exit,
    Internship,
    InternshipAgreement,
    LegalParameter,
    Pathway,
    Prescriber,
    Referral,
    Trainee,
    TraineeTransfer,
)

TODAY = date(2026, 11, 27)
YEARS = range(2023, 2027)
MODELS = (
    Trainee,
    Pathway,
    EntryProfile,
    Referral,
    Exit,
    Internship,
    InternshipAgreement,
    AttendanceHalfDay,
    TraineeTransfer,
)
ENDS = ("completed", "completed", "completed", "left_in_trial", "interrupted", "abandoned")
_numbers = count(1)


class Lives:
    """Writes lives, and changes them."""

    def __init__(self, seed: int, schools: list[School], actor: User) -> None:
        self.dice, self.schools, self.actor = random.Random(seed), schools, actor  # noqa: S311  lives, not secrets
        limits()
        self.rule = LegalParameter.objects.filter(key="positive_contract_days").earliest("pk")
        self.hosts = [host() for _ in range(4)]
        self.senders = [
            Prescriber.objects.create(name=f"Organisme {seed} {kind}", kind=kind) for kind in Prescriber.Kind.values[:3]
        ]

    @contextmanager
    def door(self) -> Iterator[None]:
        """Let rows be written as they are: what waits for the commit is asked before the rules wake up."""
        with removal("Essais", models=MODELS), connection.cursor() as cursor:
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def people(self, number: int) -> None:
        """Write so many people, each with a pathway or two in a row."""
        with self.door():
            for _ in range(number):
                self._somebody()

    def _somebody(self) -> None:
        dice = self.dice
        school = dice.choice(self.schools)
        born = date(dice.randint(2000, 2009), dice.randint(1, 12), dice.randint(1, 28))
        trainee = Trainee.objects.create(
            school=school, last_name=f"Vie{next(_numbers)}", first_name="Prénom", birth_date=born, gender=dice.choice(["", "F", "F", "H"]),
            city="Ville", created_by=self.actor,
        )  # fmt: skip
        day = date(dice.choice(YEARS), dice.randint(1, 12), dice.randint(1, 28))
        if dice.random() < 0.7:
            Referral.objects.create(
                trainee=trainee, prescriber=dice.choice(self.senders), referred_on=day - timedelta(days=20), outcome="admitted",
                outcome_on=day - timedelta(days=5),
            )  # fmt: skip
        for _ in range(dice.choice([1, 1, 2])):
            pathway = self.pathway(trainee, school, day)
            if pathway.ended_on is None:
                break
            day = pathway.ended_on + timedelta(days=dice.randint(1, 90))
            school = dice.choice(self.schools)

    def pathway(self, trainee: Trainee, school: School, day: date) -> Pathway:
        """Write a pathway from a day, with all that comes with it."""
        dice = self.dice
        length = dice.randint(20, 300)
        last = day + timedelta(days=length)
        over = last <= TODAY
        status = dice.choice(ENDS) if over else dice.choice(["planned", "trial", "running", "no_show"])
        if day > TODAY:
            status, over = "planned", False
        pathway = Pathway.objects.create(
            trainee=trainee, school=school, site=site_of(school), entered_on=day, trial_ends_on=day, planned_ends_on=last,
            ended_on=last if over else None, status=status, created_by=self.actor,
        )  # fmt: skip
        if dice.random() < 0.8:
            EntryProfile.objects.create(
                pathway=pathway, education_level=dice.choice(["", *EntryProfile.Level.values]), worked_before=dice.choice([None, True, False]),
                **dice.choice([{}, {"qpv_code": "QN03401M", "qpv_vintage": "2024"}]),
            )  # fmt: skip
        if status not in ("planned", "no_show"):
            self._stays(pathway, min(last, TODAY))
        if over and dice.random() < 0.8:
            category = dice.choice(Exit.Category.values)
            Exit.objects.create(
                pathway=pathway, category=category, contract="cdi" if category == "job" else "", evidence="declared", rule=self.rule,
                positive=category in ("qualifying_training", "work_study", "job", "initial_training"), recorded_by=self.actor,
            )  # fmt: skip
        return pathway

    def _stays(self, pathway: Pathway, last: date) -> None:
        day = pathway.entered_on + timedelta(days=self.dice.randint(0, 15))
        while day + timedelta(days=11) <= last:
            stay = Internship.objects.create(
                trainee=pathway.trainee, school=pathway.school, pathway=pathway, establishment=self.dice.choice(self.hosts),
                kind="discovery", starts_on=day, ends_on=day + timedelta(days=11), created_by=self.actor,
                status=self.dice.choice(["signed", "signed", "accepted", "not_started"]),
            )  # fmt: skip
            if stay.status == "signed" and self.dice.random() < 0.3:
                InternshipAgreement.objects.create(
                    internship=stay, version=1, status="signed", starts_on=day, signed_on=day, created_by=self.actor
                )
            self._half_days(pathway, stay)
            day += timedelta(days=self.dice.randint(20, 80))

    def _half_days(self, pathway: Pathway, stay: Internship) -> None:
        for place, internship, offset in (("company", stay, 0), ("school", None, 1), ("company", stay, 2)):
            state = self.dice.choice(["present", "present", "late", "absent"])
            AttendanceHalfDay.objects.create(
                school=pathway.school, pathway=pathway, trainee=pathway.trainee, internship=internship, half="am", place=place,
                day=stay.starts_on + timedelta(days=offset), state=state, minutes=210, late_minutes=15 if state == "late" else None,
                recorded_by=self.actor,
            )  # fmt: skip

    def change(self) -> str:
        """Change one thing of somebody, and say what."""
        act = self.dice.choice([self._correct, self._amend, self._present, self._judge, self._transfer])
        with self.door():
            act()
        return act.__name__

    def _any(self, rows: Any) -> Any:
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.dice.choice(keys)) if keys else None

    def _correct(self) -> None:
        who = self._any(Trainee.objects)
        Trainee.objects.filter(pk=who.pk).update(gender=self.dice.choice(["", "F", "H"]), birth_date=date(2007, 6, 1))
        EntryProfile.objects.filter(pathway__trainee=who).update(education_level="niveau_3", worked_before=False)

    def _amend(self) -> None:
        if stay := self._any(Internship.objects):
            status = self.dice.choice(["signed", "cancelled", "not_started"])
            day = stay.starts_on + timedelta(days=self.dice.choice([-1, 0, 1]))
            AttendanceHalfDay.objects.filter(internship=stay).delete()
            Internship.objects.filter(pk=stay.pk).update(
                status=status,
                starts_on=day,
                ends_on=day + timedelta(days=9),
                establishment=self.dice.choice(self.hosts),
            )

    def _present(self) -> None:
        if half := self._any(AttendanceHalfDay.objects):
            AttendanceHalfDay.objects.filter(pk=half.pk).update(state="present", late_minutes=None, minutes=180)

    def _judge(self) -> None:
        if found := self._any(Exit.objects):
            Exit.objects.filter(pk=found.pk).update(category="none", contract="", positive=False)

    def _transfer(self) -> None:
        pathway = self._any(Pathway.objects.filter(status__in=["trial", "running"]))
        if pathway is None:
            return
        day = max(pathway.entered_on, TODAY - timedelta(days=30))
        Internship.objects.filter(pathway=pathway, ends_on__gt=day).update(status="cancelled")
        there = self.dice.choice([school for school in self.schools if school != pathway.school])
        TraineeTransfer.objects.create(
            trainee=pathway.trainee, from_school=pathway.school, to_school=there, reason="Essai", leaves_on=day, status="accepted",
            asked_by=self.actor, decided_by=self.actor, decided_at="2026-11-01T10:00:00+01:00",
        )  # fmt: skip
        Pathway.objects.filter(pk=pathway.pk).update(status="interrupted", ended_on=day)
        Trainee.objects.filter(pk=pathway.trainee_id).update(school=there)
        if day < TODAY:
            self.pathway(pathway.trainee, there, day + timedelta(days=1))
