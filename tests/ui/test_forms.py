"""Forms say their errors twice, tied to their fields, and read French dates."""

from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from e2c_portal.ui.forms import DateInput, PortalHelper, group, refusals_in
from e2c_portal.ui.templatetags.portal_ui import with_sentence


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="Tel qu’il est imprimé")
    starts_on = forms.DateField(label="Début", widget=DateInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(
            self, group("Identité", "name"), "starts_on", submit="Garder", cancel_url="/x?a=1&b={{ 2 }}"
        )

    def clean(self) -> None:
        raise forms.ValidationError("Rien ne va !")


def test_errors_are_listed_first_and_tied_to_their_field() -> None:
    page = render_crispy_form(Sample({"name": ""}))
    assert page.count("Rien ne va\u202f!") == 1
    assert '<a href="#id_name">Nom\u00a0: Ce champ est obligatoire.</a>' in page
    assert page.index('id="erreurs"') < page.index('id="id_name"')
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_question_keeps_its_mark_and_takes_no_colon() -> None:
    assert with_sentence("Êtes-vous d’accord ?", "Choisissez.") == "Êtes-vous d’accord ? Choisissez."
    assert with_sentence("Je signe :", "Cochez.") == "Je signe : Cochez."
    assert with_sentence("", "Revoyez la ligne 2.") == "Revoyez la ligne 2."


class Choice(forms.Form):
    kind = forms.ChoiceField(label="Sorte", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_a_summary_leads_to_the_first_choice_of_a_field_made_of_several() -> None:
    assert refusals_in(Choice({}), "ligne 2") == [("ligne 2, Sorte", "id_kind_0", "Ce champ est obligatoire.")]
    form = Choice({})
    form.fields["kind"].choices = []
    assert refusals_in(form) == [("Sorte", "", "Ce champ est obligatoire.")]


def test_form_is_whole_and_carries_no_style() -> None:
    page = render_crispy_form(Sample())
    assert "<legend>Identité</legend>" in page
    assert 'type="date"' in page
    assert "novalidate" in page
    assert 'href="/x?a=1&amp;b={{ 2 }}"' in page
    assert "style=" not in page
    assert 'id="erreurs"' not in page


def test_native_date_shows_its_value_again() -> None:
    assert 'value="2014-12-12"' in render_crispy_form(Sample(initial={"starts_on": date(2014, 12, 12)}))


@pytest.mark.parametrize("typed", ["12/12/2014", "12-12-2014", "12.12.2014", "2014-12-12"])
def test_dates_people_type(typed: str) -> None:
    assert forms.DateField(localize=True).clean(typed) == date(2014, 12, 12)


def test_year_of_two_figures_is_refused() -> None:
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean("12/12/14")
