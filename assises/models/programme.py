"""The programme of an edition: rooms, sessions, and each version that was published."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from assises.models.editions import Edition
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce

ROOM_OF_EDITION = pgtrigger.Trigger(
    name="room_of_its_edition",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("room_id", "edition_id"),
    condition=pgtrigger.Q(new__room__isnull=False),
    func="IF NOT EXISTS (SELECT 1 FROM assises_room r WHERE r.id = NEW.room_id AND r.edition_id = NEW.edition_id) THEN "
    "RAISE EXCEPTION 'Cette salle est celle d’une autre édition.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
NEXT_NUMBER = pgtrigger.Trigger(
    name="next_number",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("last", "integer")],
    func="PERFORM 1 FROM assises_edition WHERE id = NEW.edition_id FOR UPDATE; "
    "SELECT max(number) INTO last FROM assises_programmeversion WHERE edition_id = NEW.edition_id; "
    "IF NEW.number <> COALESCE(last, 0) + 1 THEN "
    "RAISE EXCEPTION 'Une autre version du programme vient d’être publiée : rechargez la page.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class Room(ChecksAtOnce, models.Model):
    """A place where a session is held. Retention: with its edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField("salle", max_length=100)
    capacity = models.PositiveSmallIntegerField("personnes au plus")
    is_step_free = models.BooleanField("accessible sans marche", default=True)
    note = models.CharField("où elle est", max_length=200, blank=True)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        verbose_name = "salle"
        verbose_name_plural = "salles"
        ordering = ["edition", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"], name="room_once", violation_error_message="Cette salle existe déjà."
            ),
            models.CheckConstraint(
                condition=Q(capacity__gt=0), name="room_holds_somebody",
                violation_error_message="Une salle accueille au moins une personne.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Session(ChecksAtOnce, models.Model):
    """One thing that happens during the day: what is being prepared, not what was published. Retention: with its edition."""

    class Kind(models.TextChoices):
        PLENARY = "plenary", "Plénière"
        WORKSHOP = "workshop", "Atelier"
        CEREMONY = "ceremony", "Signature des conventions"
        WELCOME = "welcome", "Accueil"
        BREAK = "break", "Pause, repas"
        OTHER = "other", "Autre temps"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="sessions")
    room = models.ForeignKey(
        Room, verbose_name="salle", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    kind = models.CharField("nature", max_length=10, choices=Kind)
    title = models.CharField("titre", max_length=200)
    summary = models.TextField("en quelques mots", blank=True)
    speakers = models.TextField("intervenants", blank=True, help_text="Un par ligne : nom, fonction.")
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    places = models.PositiveSmallIntegerField(
        "places", null=True, blank=True, help_text="Laissez vide pour prendre la capacité de la salle."
    )
    takes_registrations = models.BooleanField("sur inscription", default=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        verbose_name = "temps du programme"
        verbose_name_plural = "temps du programme"
        ordering = ["edition", "starts_at", "ends_at", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_later",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=~Q(takes_registrations=True) | Q(places__gt=0) | Q(room__isnull=False),
                name="session_with_registration_has_places",
                violation_error_message="Un temps sur inscription a un nombre de places, ou une salle.",
            ),
        ]  # fmt: skip
        triggers = [ROOM_OF_EDITION]

    def __str__(self) -> str:
        return self.title

    @property
    def seats(self) -> int | None:
        """How many people may take part: what was said, else what the room holds, None without limit."""
        if self.places is not None:
            return self.places
        return self.room.capacity if self.room else None

    @property
    def speaker_names(self) -> list[str]:
        """The people named, one a line, without their function."""
        return [line.split(",")[0].strip() for line in self.speakers.splitlines() if line.strip()]


class ProgrammeVersion(models.Model):
    """A programme as it was published: frozen, with what changed since the one before. Retention: with its edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField("programme publié")
    changes = models.JSONField("ce qui change", default=list)
    note = models.CharField("mot aux personnes concernées", max_length=300, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="publié par", on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField("publié le", db_default=Now())

    class Meta:
        verbose_name = "version du programme"
        verbose_name_plural = "versions du programme"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="programme_version_once")]
        triggers = [triggers.immutable(), NEXT_NUMBER]

    def __str__(self) -> str:
        return f"Programme, version {self.number}"
