"""The results of the anonymous survey, for the Région."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assises.life.survey import OPEN_DAYS, READ_FROM, opens_at, survey_state
from assises.models import Edition
from assises.permissions import AssisesPermission
from assises.reads.editions import edition_of
from assises.reads.survey import replies_count, survey_words
from assises.sheets.survey import file_lines, result_cards
from assises.views.editions import find_edition
from e2c_portal.exports.lists import ComputedRows

LIST, WORDS_LIST = "assises-avis", "assises-avis-mots"


@require_safe
def survey_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show the results from five replies on, and what people wrote, mixed."""
    edition = find_edition(request, year)
    if not request.user.has_perm(AssisesPermission.MANAGE_REGISTRATIONS):
        raise PermissionDenied
    context = {
        "edition": edition, "state": survey_state(edition, timezone.now()), "opens_at": opens_at(edition),
        "last_day": edition.held_on + timedelta(days=OPEN_DAYS), "replies": replies_count(edition), "read_from": READ_FROM,
        "cards": result_cards(edition), "words": survey_words(edition),
    }  # fmt: skip
    return render(request, "assises/after/survey_results.html", context)


def results_on_screen(request: HttpRequest) -> ComputedRows | None:
    """Return the results of the edition named in the address; None for whoever may not read them."""
    edition = _named(request)
    return ComputedRows(file_lines(edition)) if edition else None


def words_on_screen(request: HttpRequest) -> ComputedRows | None:
    """Return what people wrote in the edition named in the address, mixed; None for whoever may not read it."""
    edition = _named(request)
    return ComputedRows(survey_words(edition)) if edition else None


def _named(request: HttpRequest) -> Edition | None:
    typed = request.GET.get("annee", "")
    if not request.user.has_perm(AssisesPermission.MANAGE_REGISTRATIONS):
        return None
    return edition_of(int(typed)) if typed.isdecimal() and len(typed) == 4 else None
