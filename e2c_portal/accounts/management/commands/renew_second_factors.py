"""Second step of a change of SECRET_KEY: the secrets of second factors are written again under the new key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from e2c_portal.accounts import second_factor_keys


class Command(BaseCommand):
    help = "Chiffre de nouveau les secondes étapes avec SECRET_KEY ; à lancer avant de vider SECRET_KEY_FALLBACKS."

    def handle(self, *args: Any, **options: Any) -> None:
        renewed, lost = second_factor_keys.renew()
        self.stdout.write(f"Secondes étapes chiffrées avec la clé d’aujourd’hui : {renewed}.")
        if lost:
            raise CommandError(
                f"{lost} ne s’ouvrent avec aucune clé connue : remettez l’ancienne clé dans SECRET_KEY_FALLBACKS et relancez, "
                "ou retirez leur seconde étape depuis la page de leur compte."
            )
