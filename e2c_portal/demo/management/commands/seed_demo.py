"""Load the data of the demonstration. A second run adds nothing."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from e2c_portal.demo.seed.agreement import load_agreement
from e2c_portal.demo.seed.annual_report import load_annual_report
from e2c_portal.demo.seed.archives import load_archives
from e2c_portal.demo.seed.assises_reports import load_reports
from e2c_portal.demo.seed.attendance import load_attendance
from e2c_portal.demo.seed.ceremony import load_ceremony
from e2c_portal.demo.seed.editions import load_editions
from e2c_portal.demo.seed.example_deliveries import load_deliveries
from e2c_portal.demo.seed.examples import load_examples
from e2c_portal.demo.seed.figures import load_figures
from e2c_portal.demo.seed.frameworks import load_frameworks, plan_example_skills
from e2c_portal.demo.seed.hosting import load_approaches, load_offers
from e2c_portal.demo.seed.internships import load_internships
from e2c_portal.demo.seed.network import load_network
from e2c_portal.demo.seed.past_years import load_past_years
from e2c_portal.demo.seed.people import acting_officer, create_accounts, give_posts
from e2c_portal.demo.seed.references import load_references
from e2c_portal.demo.seed.registrations import load_registrations
from e2c_portal.demo.seed.skills import load_skills
from e2c_portal.demo.seed.trainees import load_trainees
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from trainees.operations.doubles import find_doubles_of_the_day


class Command(BaseCommand):
    help = "Charge les données de la démonstration : réseau, conventions de 2013 et 2014, exemples, personnages."

    def handle(self, *args: object, **options: object) -> None:
        if settings.PORTAL_PRODUCTION:
            raise CommandError("Les données de démonstration ne se chargent pas en production.")
        try:
            self._load()
        except ValidationError as error:
            raise CommandError("Donnée de démonstration refusée : " + " ".join(error.messages)) from error
        except PortalError as error:
            details = " ".join(getattr(error, "details", []))
            raise CommandError(f"{error.message} {details}".strip()) from error

    def _load(self) -> None:
        self._say(create_accounts(), "compte", "comptes")
        officer = acting_officer()
        self._say(load_network(officer), "école", "écoles")
        self._say(give_posts(officer), "poste", "postes")
        self._say(load_references(officer), "référentiel", "référentiels")
        self._say(load_frameworks(officer), "référentiel de compétences", "référentiels de compétences")
        self._say(load_archives(officer), "convention d’archives", "conventions d’archives")
        self._say(load_examples(officer), "convention d’exemple", "conventions d’exemple")
        self._say(load_deliveries(officer), "réalisation d’exemple", "réalisations d’exemple")
        self._say(load_ceremony(officer), "cérémonie à venir", "cérémonies à venir")
        self._say(load_editions(officer), "édition des Assises", "éditions des Assises")
        self._say(load_reports(officer), "bilan des Assises", "bilans des Assises")
        self._say(load_trainees(officer), "stagiaire d’exemple", "stagiaires d’exemple")
        self._say(load_internships(officer), "stage d’exemple", "stages d’exemple")
        self._say(load_offers(officer), "offre de stage", "offres de stage")
        self._say(load_approaches(), "démarche", "démarches")
        self._say(plan_example_skills(), "stage aux compétences prévues", "stages aux compétences prévues")
        self._say(load_agreement(officer), "convention de stage à signer", "conventions de stage à signer")
        self._say(load_attendance(), "état mensuel figé", "états mensuels figés")
        self._say(load_registrations(officer), "inscription aux Assises", "inscriptions aux Assises")
        self._say(load_skills(), "évaluation en entreprise", "évaluations en entreprise")
        self._say(load_past_years(officer), "stagiaire des années passées", "stagiaires des années passées")
        # What the first night would do.
        find_doubles_of_the_day()
        self._say(load_figures(officer), "année de chiffres publiée", "années de chiffres publiées")
        self._say(load_annual_report(officer), "rapport d’activité", "rapports d’activité")

    def _say(self, count: int, one: str, several: str) -> None:
        self.stdout.write(f"+ {counted(count, one, several)}")
