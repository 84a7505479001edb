import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from e2c_portal.mailing.bounces import record_report

# sysexits.h: the mail server keeps the report and comes back with it.
COME_BACK_LATER = 75


class Command(BaseCommand):
    help = (
        "Lit sur l’entrée standard un message de retour (RFC 3464) et le note sur le message du portail qu’il concerne. "
        'À brancher sur l’adresse de retour, par exemple dans /etc/aliases : retours: "|python manage.py record_bounce". '
        "Tout autre message est ignoré : le serveur ne doit pas le renvoyer à son tour."
    )

    def handle(self, *args: object, **options: object) -> None:
        try:
            recorded = record_report(sys.stdin.buffer.read())
        except DatabaseError:
            self.stderr.write("La base de données ne répond pas : le retour sera présenté de nouveau.")
            sys.exit(COME_BACK_LATER)
        self.stdout.write("Retour enregistré." if recorded else "Aucun message du portail n’est concerné.")
