"""References: files recognised by their columns, each wrong line told, nothing kept of a file that has one, one vintage in service."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.references import DATA, load_references
from e2c_portal.kernel.errors import NotAllowed, Refused
from trainees.models import Commune, ReferenceDataset, Trade, TradeTitle
from trainees.operations.references import Origin, load_reference, put_in_service
from trainees.reads.reference_files import read_communes, read_trades
from trainees.reads.references import commune_named, trade_named, trades_matching

Kind = ReferenceDataset.Kind
ROME = "code_rome;libelle_rome\nG1602;Personnel de cuisine\nD1106;Vente en alimentation\n"
APPELLATIONS = (
    "ogr_appellation;rome_code;libelle_appellation_long;libelle_appellation_court\n"
    "11987;G1602;Commis / Commise de cuisine;Commis de cuisine\n38050;G1602;Second / Seconde de cuisine;Second\n"
)
POSTE = (
    "Code_commune_INSEE;Nom_commune;Code_postal;Libellé_d_acheminement;coordonnees_gps\n"
    "34172;Montpellier;34000;MONTPELLIER;43.6134409138,3.86851657896\n34172;Montpellier;34070;MONTPELLIER;43.6134409138,3.86851657896\n"
)


def origin(kind: str = Kind.TRADES, vintage: str = "2026") -> Origin:
    return Origin(kind, vintage, "France Travail", "Licence Ouverte 2.0")


def test_a_school_loads_no_reference(coordinator: User) -> None:
    with pytest.raises(NotAllowed):
        load_reference(ROME.encode(), origin(), coordinator)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"nom;age\nLea;18\n", "liste de métiers"),
        (b"code_rome;libelle_rome\n", "aucune ligne"),
        (b"PK\x03\x04\x00\x00", "pas un texte"),
    ],
)
def test_what_is_no_list_of_trades_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read_trades(content)


def test_each_wrong_line_is_told_and_nothing_is_kept(officer: User) -> None:
    wrong = ROME + "Z9999;Inconnu\nG1603;\nG1602;Autre chose\n"
    loaded = load_reference(wrong.encode(), origin(), officer)
    assert loaded.dataset is None
    assert [error.partition(" : ")[0] for error in loaded.reading.errors] == ["Ligne 4", "Ligne 5", "Ligne 6"]
    assert "n’a pas de libellé" in loaded.reading.errors[1]
    assert not ReferenceDataset.objects.exists()


def test_a_dry_run_writes_nothing(officer: User) -> None:
    loaded = load_reference(ROME.encode("cp1252"), origin(), officer, dry_run=True)
    assert (loaded.dataset, len(loaded.reading.rows)) == (None, 2)
    assert not Trade.objects.exists()


def test_a_new_vintage_serves_and_the_former_one_stays(officer: User) -> None:
    first = load_reference(ROME.encode(), origin(), officer).dataset
    second = load_reference(
        ROME.replace("Personnel de", "Métiers de").encode(), origin(vintage="2027"), officer
    ).dataset
    assert first
    assert second
    assert Trade.objects.filter(code="G1602").count() == 2
    found = trade_named("G1602")
    assert found
    assert found.label == "Métiers de cuisine"
    put_in_service(first.pk, officer)
    assert list(ReferenceDataset.objects.filter(is_current=True)) == [first]
    with pytest.raises(Exception, match="existe déjà"):
        load_reference(ROME.encode(), origin(), officer)


def test_people_find_a_trade_by_the_names_they_use(officer: User) -> None:
    load_reference(ROME.encode(), origin(), officer)
    load_reference(APPELLATIONS.encode(), origin(vintage="2027"), officer)
    trade = trade_named("commis")
    assert trade
    assert (trade.code, trade.label) == ("G1602", "Personnel de cuisine")
    assert TradeTitle.objects.get(trade=trade, code="11987").label == "Commis / Commise de cuisine"
    assert not trades_matching("  ").exists()


def test_one_line_for_each_postal_code_makes_one_commune(officer: User) -> None:
    load_reference(POSTE.encode(), origin(Kind.COMMUNES), officer)
    commune = Commune.objects.get()
    assert commune.postal_codes == "34000 34070"
    assert (commune.latitude, commune.longitude) == (Decimal("43.61344"), Decimal("3.86852"))


def test_the_json_of_the_state_is_read_too() -> None:
    centre = {"type": "Point", "coordinates": [3.8687, 43.61]}
    api = [{"nom": "Montpellier", "code": "34172", "codesPostaux": ["34000", "34070"], "centre": centre}]
    geo = {"features": [{"type": "Feature", "properties": {"nom": "Nîmes", "code": "30189"}, "geometry": centre}]}
    assert read_communes(json.dumps(api).encode()).rows["34172"].latitude == Decimal("43.61000")
    assert read_communes(json.dumps(geo).encode()).rows["30189"].longitude == Decimal("3.86870")
    wrong = read_communes(json.dumps([{**api[0], "centre": {"coordinates": ["x", 3]}}]).encode())
    assert wrong.errors == ["Ligne 1 : la commune 34172 (Montpellier) n’a pas de coordonnées lisibles."]


def test_what_ships_is_loaded_once_and_whole(officer: User) -> None:
    assert load_references(officer) == 2
    assert load_references(officer) == 0
    assert set(ReferenceDataset.objects.values_list("kind", "rows", "is_sample")) == {
        ("trades", 1584, True), ("communes", 1502, True),
    }  # fmt: skip
    for typed, code in (("Montpellier", "34172"), ("nimes", "30189"), ("SETE", "34301"), ("Lunel (34)", "34145")):
        commune = commune_named(typed)
        assert commune
        assert commune.code == code, typed
    assert commune_named("Saint") is None


def test_the_command_tells_the_lines(officer: User, tmp_path: Path) -> None:
    facts = {"millesime": "2026", "source": "essai", "licence": "essai", "par": officer.email}
    call_command("load_reference", "communes", DATA / "communes-languedoc-roussillon-2026.csv", **facts)
    assert Commune.objects.count() == 1502
    wrong = tmp_path / "rome.csv"
    wrong.write_text("code_rome;libelle_rome\nZ0001;Rien\n")
    with pytest.raises(CommandError, match="Ligne 2"):
        call_command("load_reference", "trades", wrong, **facts)


def test_the_page_checks_then_loads(
    officer_client: Client, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    url = reverse("trainees:reference_load")
    typed = {"kind": "trades", "vintage": "2026", "source": "essai", "licence": "LO"}

    def send(content: str, **more: str) -> tuple[int, str]:
        answer = officer_client.post(url, {**typed, **more, "file": SimpleUploadedFile("rome.csv", content.encode())})
        return answer.status_code, answer.content.decode()

    assert send(ROME, dry_run="on")[0] == 200
    status, page = send(ROME + "oups;Rien\n")
    assert status == 422
    assert "Ligne 4" in page
    assert not Trade.objects.exists()
    assert send(ROME)[0] == 302
    assert "2" in officer_client.get(reverse("trainees:references")).content.decode()
    school = client_of(coordinator)
    assert school.get(url).status_code == 403
    assert school.get(reverse("trainees:references")).status_code == 200
    assert school.post(reverse("trainees:reference_use", args=[1])).status_code == 403
