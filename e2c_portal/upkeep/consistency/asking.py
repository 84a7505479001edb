"""What the list of findings is asked for: those to mend or those mended, of all the checks or of one; and the same list as a file."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from e2c_portal.exports.lists import Column, Listing
from e2c_portal.upkeep.consistency.permissions import ConsistencyPermission
from e2c_portal.upkeep.consistency.reading import CLOSED, OPEN, findings, line_of
from e2c_portal.upkeep.consistency.registry import all_checks
from e2c_portal.upkeep.models import Finding


class FindingFilter(forms.Form):
    """The filters in the address; an unknown value asks for what is shown by default."""

    voir = forms.ChoiceField(
        label="Voir", choices=[(OPEN, "Ce qui est à régler"), (CLOSED, "Ce qui a été réglé")], required=False
    )
    controle = forms.ChoiceField(label="Contrôle", required=False)

    def __init__(self, data: QueryDict, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["controle"].choices = [("", "Tous"), *((check.name, check.label) for check in all_checks())]  # type: ignore[attr-defined]

    @property
    def which(self) -> str:
        """Return whether the open findings or the closed ones are asked for."""
        return CLOSED if self.data.get("voir") == CLOSED else OPEN

    @property
    def check(self) -> str:
        """Return the check asked for, "" for all."""
        asked = self.data.get("controle", "")
        return asked if asked in {check.name for check in all_checks()} else ""

    @property
    def rows(self) -> QuerySet[Finding]:
        """Return the findings asked for."""
        return findings(self.which, self.check)


def _rows(request: HttpRequest) -> QuerySet[Finding] | None:
    if not request.user.has_perm(ConsistencyPermission.VIEW_CHECKS):  # type: ignore[union-attr]
        return None
    return FindingFilter(request.GET).rows


COLUMNS = (
    Column("Ce qui ne va pas", lambda row: row.sentence, 70),
    Column("Contrôle", lambda row: line_of(row).label, 44),
    Column("Depuis", lambda row: row.first_seen_at, 18),
    Column("Vue la dernière fois", lambda row: row.last_seen_at, 18),
    Column("Réglée", lambda row: row.closed_at, 18),
    Column("Que faire", lambda row: line_of(row).advice, 60),
)
FINDINGS = Listing("exploitation-controles", "Anomalies trouvées par les contrôles", COLUMNS, _rows)
