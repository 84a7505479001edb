"""Load a network of young people who do not exist, at any scale up to the national one. Made to measure; never in production."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from e2c_portal.accounts.models import Role, User
from e2c_portal.kernel.french import counted, number
from trainees.management.crowd.consistency import RULES, broken
from trainees.management.crowd.loading import SCALES, load, loaded

OFFICER = "foule.region@exemple.invalid"


def acting_officer() -> User:
    """Return the regional officer in whose name the crowd is written; nobody can sign in as them."""
    known = User.objects.filter(email=OFFICER).first()
    if known:
        return known
    user = User(email=OFFICER, full_name="Officier de la foule", role=Role.REGIONAL_OFFICER)
    user.set_unusable_password()
    user.save()
    return user


class Command(BaseCommand):
    help = "Charge une foule de stagiaires et de stages fictifs, pour mesurer le portail à sa vraie taille."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale",
            default="small",
            help="small (2 000 stagiaires), national (200 000 stagiaires, 700 000 stages), ou un nombre",
        )
        parser.add_argument("--no-check", action="store_true", help="ne pas vérifier les règles après coup")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PORTAL_PRODUCTION:
            raise CommandError("Une foule fictive ne se charge pas en production.")
        began = monotonic()
        try:
            added = load(_size(str(options["scale"])), acting_officer(), lambda words: self.stdout.write(f"• {words}"))
        except ProgrammingError as error:
            if "session_replication_role" not in str(error):
                raise
            raise CommandError("Le compte de la base doit être administrateur pour charger une foule.") from error
        self.stdout.write(
            f"+ {counted(added, 'stagiaire', 'stagiaires')} ({number(loaded())} en tout), {monotonic() - began:.0f} s"
        )
        if not options["no_check"]:
            self._check()

    def _check(self) -> None:
        began = monotonic()
        found = list(broken())
        for rule, count in found:
            self.stderr.write(f"✗ {rule} : {counted(count, 'ligne', 'lignes')}")
        if found:
            raise CommandError("La foule ne respecte pas toutes les règles.")
        self.stdout.write(f"✓ {len(RULES)} règles et toutes les clés étrangères vérifiées, {monotonic() - began:.0f} s")


def _size(scale: str) -> int:
    if scale in SCALES:
        return SCALES[scale]
    if scale.isdigit() and 0 < int(scale) <= 1_000_000:
        return int(scale)
    raise CommandError("--scale : small, national, ou un nombre de stagiaires.")
