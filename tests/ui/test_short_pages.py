"""Pages of long lists: counted up to a limit, the same rows whichever way they are read, choices written in one go."""

import pytest
from django import forms

from e2c_portal.accounts.models import User
from e2c_portal.ui.long_select import LongSelect
from e2c_portal.ui.pages import ShortPaginator
from partnerships.models import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def companies() -> list[str]:
    names = [f"Atelier {number:02}" for number in range(7)]
    Company.objects.bulk_create(Company(legal_name=name) for name in names)
    return names


def shown(pages: ShortPaginator, number: int) -> list[str]:
    return [company.legal_name for company in pages.page(number)]


@pytest.mark.parametrize("way", [{}, {"in_order": True}, {"first": True}])
def test_each_way_shows_the_same_rows(companies: list[str], way: dict[str, bool]) -> None:
    rows = Company.objects.order_by("search", "pk")
    if "first" in way:
        way = {"first": lambda top: rows.filter(pk__in=rows.values("pk")[:top])}  # type: ignore[dict-item]
    pages = ShortPaginator(rows, 2, up_to=5, **way)  # type: ignore[arg-type]
    assert (pages.count, pages.has_more, pages.num_pages) == (5, True, 3)
    assert [shown(pages, number) for number in (1, 2, 3)] == [companies[:2], companies[2:4], companies[4:5]]
    assert pages.get_page("99").number == 3
    few = ShortPaginator(rows.filter(legal_name="Atelier 06"), 2, up_to=5)
    assert (few.count, few.has_more) == (1, False)
    nothing = ShortPaginator(rows.none(), 2, in_order="in_order" in way)
    assert (nothing.count, list(nothing.page(1))) == (0, [])


def test_a_long_list_is_the_native_one_escaped(officer: User) -> None:
    class Chosen(forms.Form):
        school = forms.ChoiceField(choices=[("", "Toutes"), ("1", "École <1>"), ("2", "École 2")], required=False)

    plain, long = Chosen({"school": "1"}), Chosen({"school": "1"})
    long.fields["school"].widget = LongSelect(choices=long.fields["school"].choices)  # type: ignore[attr-defined]
    tight = [" ".join(str(form["school"]).split()).replace("> <", "><") for form in (plain, long)]
    assert tight[0] == tight[1]
    assert '<option value="1" selected>École &lt;1&gt;</option>' in tight[1]
