"""What is kept of the changes of partnerships, and the tables that are themselves journals or works under way."""

from e2c_portal.audit.tracking import Exceptions

WORK = "Travail de rapprochement : ses états et ses dates sont dans la ligne, et les fiches qu’il change gardent leur historique."

PARTNERSHIPS = Exceptions(
    left_out={"partnerships.SireneImport": WORK, "partnerships.SireneImportLine": WORK},
    # The page of a convention names those who sign, never their addresses.
    quiet={"partnerships.ConventionSignatory": ("email",)},
    parents={"partnerships.CompanyContact": "company"},
)
