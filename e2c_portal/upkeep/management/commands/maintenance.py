"""Stop and open the pages."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from e2c_portal.kernel.errors import PortalError
from e2c_portal.upkeep import maintenance
from e2c_portal.upkeep.maintenance import Notice


class Command(BaseCommand):
    """Asks no database: it works while PostgreSQL is stopped."""

    help = (
        "Ferme les pages pour une maintenance (on), les rouvre (off), ou dit ce qu’il en est (status). Les travaux continuent, "
        "/sante/ répond toujours."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what to do and what visitors are told."""
        parser.add_argument("action", choices=["on", "off", "status"], help="fermer, rouvrir, ou dire")
        parser.add_argument("--until", metavar="HH:MM", default="", help="heure prévue de retour, par exemple 14:00")
        parser.add_argument("--message", metavar="PHRASE", default="", help="une phrase pour les visiteurs")

    def handle(self, *args: Any, action: str, until: str, message: str, **options: Any) -> None:
        """Do it and say what holds."""
        try:
            if action == "on":
                notice = maintenance.begin(_moment(until) if until else None, message)
                self.stdout.write("Les pages se ferment (deux secondes au plus). Les travaux continuent.")
                self._tell(notice)
            elif action == "off":
                maintenance.end()
                self.stdout.write("Les pages sont rouvertes (deux secondes au plus).")
            elif (known := maintenance.read()) is None:
                self.stdout.write("Aucune maintenance : les pages sont ouvertes.")
            else:
                self.stdout.write("Maintenance en cours : les pages sont fermées.")
                self._tell(known)
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal

    def _tell(self, notice: Notice) -> None:
        since = timezone.localtime(datetime.fromisoformat(notice.since))
        self.stdout.write(f"  depuis : {since:%d/%m/%Y à %H:%M}")
        self.stdout.write(
            f"  retour prévu : {f'{notice.ends_at:%d/%m/%Y à %H:%M}' if notice.ends_at else 'non précisé'}"
        )
        self.stdout.write(f"  phrase : {notice.message or 'aucune'}")
        self.stdout.write(f"Pour entrer pendant ce temps, ouvrez une fois : {maintenance.pass_address(notice)}")


def _moment(text: str) -> datetime:
    """Return the next time the clock of Paris shows this hour. Raises CommandError for anything else."""
    try:
        hour = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  an hour has no zone; the day gives it one below
    except ValueError:
        raise CommandError(f"« {text} » n’est pas une heure. Écrivez par exemple : --until 14:00") from None
    now = timezone.localtime()
    moment = timezone.make_aware(datetime.combine(now.date(), hour))
    return moment if moment > now else timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), hour))
