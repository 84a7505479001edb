"""The components print what they are given, the French way, without a style attribute."""

import tomllib
from datetime import UTC, date, datetime
from types import SimpleNamespace

import lucide
import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.formats import date_format, number_format

from e2c_portal.kernel.workflow import State
from e2c_portal.ui.icons import icon
from e2c_portal.ui.tones import TONES, tone_named
from e2c_portal.ui.version import PORTAL_VERSION

THIN, TIED = "\u202f", "\xa0"


def component(name: str, **given: object) -> str:
    return render_to_string(f"components/{name}.html", given)


def drawn(source: str, **given: object) -> str:
    return Template("{% load portal_ui portal_words %}" + source).render(Context(given))


def test_version_is_that_of_the_project() -> None:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as description:
        assert tomllib.load(description)["project"]["version"] == PORTAL_VERSION


@pytest.mark.parametrize("tone", TONES.values(), ids=str)
def test_every_tone_has_an_icon_that_exists_and_no_style(tone) -> None:
    assert tone_named(tone.name) is tone
    svg = icon(tone.icon)
    assert 'aria-hidden="true"' in svg
    assert "style" not in svg


def test_unknown_icon_is_an_error_and_unknown_tone_is_neutral() -> None:
    with pytest.raises(lucide.IconDoesNotExist):
        icon("no-such-icon")
    assert tone_named("") is tone_named("pink") is TONES["neutral"]
    assert tone_named("error") is TONES["danger"]


def test_state_is_a_word_and_an_icon() -> None:
    badge = component("state_badge", state=State("Signée", "", "success"))
    assert 'data-tone="success"' in badge
    assert "<svg" in badge
    assert "Signée" in badge


def test_alert_says_its_tone_aloud_and_is_typeset() -> None:
    alert = component("alert", tone="warning", text='Attention : il manque "tout" !', items=["l'un", "<b>"])
    assert f"Attention{TIED}: il manque «{TIED}tout{TIED}»{THIN}!" in alert
    assert "l’un" in alert
    assert "&lt;b&gt;" in alert
    assert '<span class="visually-hidden">Attention&nbsp;:</span>' in alert


def test_empty_value_is_said() -> None:
    listed = component("definition_list", items=[("SIRET", ""), ("Places", 0), ("Fin", None)])
    assert listed.count("non renseigné") == 2
    assert "<dd>0</dd>" in listed


def test_pages_keep_the_other_parameters() -> None:
    request = RequestFactory().get("/conventions/", {"q": "la poste", "page": "4"})
    page = Paginator(range(200), 10).page(4)
    pager = render_to_string("components/pagination.html", {"page_obj": page}, request)
    assert "?q=la+poste&amp;page=5" in pager
    assert pager.count("aria-current") == 1
    assert "…" in pager
    assert (
        render_to_string("components/pagination.html", {"page_obj": Paginator([], 10).page(1)}, request).strip() == ""
    )


def test_timeline_tells_the_local_hour_in_words() -> None:
    event = SimpleNamespace(
        at=datetime(2014, 12, 31, 23, 30, tzinfo=UTC), who="Claire Fabre", title="Signée", text="<i>", tone="success"
    )
    line = component("timeline", events=[event])
    assert f"1er{TIED}janvier{TIED}2015 à 00:30" in line
    assert "par Claire Fabre" in line
    assert "&lt;i&gt;" in line


def test_tags_of_words() -> None:
    assert drawn("{{ day|date_words }}", day=date(2014, 12, 12)) == f"12{TIED}décembre{TIED}2014"
    assert drawn("{{ day|date_words }}", day=None) == ""
    assert drawn("{{ figure|number_words }}", figure=1378) == f"1{THIN}378"
    assert drawn('{% counted 2 "stage" "stages" %}') == f"2{TIED}stages"
    assert drawn("{{ text|typeset }}", text="<i> ?") == f"&lt;i&gt;{THIN}?"


def test_crumbs_and_wide_table_escape_what_they_are_given() -> None:
    assert drawn('{% crumb name "/a" %}', name="<b>") == ('<li class="breadcrumb-item"><a href="/a">&lt;b&gt;</a></li>')
    assert 'aria-current="page"' in drawn('{% crumb "Ici" %}')
    table = drawn("{% wide_table label=name %}<table></table>{% endwide_table %}", name='"x"')
    assert 'aria-label="&quot;x&quot;"' in table
    assert "<table></table>" in table


def test_dates_and_figures_of_django_are_french() -> None:
    assert date_format(date(2014, 12, 12)) == f"12{TIED}décembre{TIED}2014"
    assert date_format(date(2014, 12, 12), "SHORT_DATE_FORMAT") == "12/12/2014"
    assert number_format(1234.5, 1, use_l10n=True, force_grouping=True) == f"1{THIN}234,5"
