"""An agreement told in plain words to each person who signs it: what, where, when, whom to call, what to do in an accident.

Made from the frozen context of the document itself: what is told is what is signed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from e2c_portal.kernel.french import date_in_letters, join_with_and, period_in_letters
from e2c_portal.signing.models import Envelope, Signatory
from e2c_portal.signing.purposes import Explanation
from trainees.models.agreements import AMENDMENT_KIND
from trainees.reads.signers import HOST, KEYS, REPRESENTATIVE, SCHOOL, TRAINEE

COMMITMENTS = {
    SCHOOL: (
        "L’école suit le stagiaire pendant tout le stage, avec un formateur référent.",
        "L’école déclare un accident du travail dans les 48 heures, dimanches et jours fériés non compris.",
        "L’école arrête ou suspend le stage si la santé ou la sécurité du stagiaire l’exige.",
    ),
    HOST: (
        "L’entreprise nomme un tuteur et confie au stagiaire les seules activités prévues.",
        "Elle respecte les horaires : ni heures supplémentaires, ni nuit, ni dimanche, ni jour férié.",
        "Elle ne remplace aucun salarié par le stagiaire et l’inscrit au registre du personnel.",
        "Elle prévient l’école dès qu’il y a un accident, et au plus tard dans les 24 heures.",
    ),
    TRAINEE: (
        "Vous venez aux jours et aux heures prévus. Si vous ne pouvez pas, vous prévenez l’entreprise et l’école.",
        "Vous respectez les règles de sécurité et vous ne répétez pas ce qui est confidentiel.",
        "Le stage n’est pas payé par l’entreprise. Vous gardez votre statut de stagiaire.",
    ),
    REPRESENTATIVE: (
        "Vous autorisez ce stage pour le jeune que vous représentez, aux lieux, dates et horaires de la convention.",
        "Vous prévenez l’école si quelque chose empêche le stage.",
    ),
}


def commitments(envelope: Envelope, signatory: Signatory) -> Sequence[str]:
    """Return what this person commits to, in plain words; for an amendment, what changes."""
    if envelope.kind == AMENDMENT_KIND:
        clauses = envelope.document.context.get("clauses", [])
        return [f"{one['heading']} : {' '.join(one['after'])} (avant : {' '.join(one['before'])})" for one in clauses]
    return COMMITMENTS.get(KEYS.get(signatory.role, ""), ())


def explained(envelope: Envelope, signatory: Signatory) -> Explanation | None:
    """Tell the agreement to the trainee and to who answers for them; the others read the document."""
    key = KEYS.get(signatory.role, "")
    if key not in (TRAINEE, REPRESENTATIVE) or envelope.kind == AMENDMENT_KIND:
        return None
    told = envelope.document.context
    title = "Votre stage, en clair" if key == TRAINEE else f"Le stage de {told['trainee']['name']}, en clair"
    lead = f"Chez {told['host']['legal_name']}, {_period(told)}."
    you = key == TRAINEE
    return Explanation(title, lead, [*_practical(told, you=you), *_rights(told, you=you), *_trouble(told, you=you)])


def _period(told: dict[str, Any]) -> str:
    dates = told["period"]
    return period_in_letters(date.fromisoformat(dates["starts_on"]), date.fromisoformat(dates["ends_on"]))


def _practical(told: dict[str, Any], *, you: bool) -> list[tuple[str, list[str]]]:
    place, tutor = told["host"]["place"], told["tutor"]
    where = ", ".join([place["name"], *place["address_lines"]])
    return [
        ("Quoi", [_trade(told), *[f"– {line}" for line in told["activities"]]]),
        ("Où", [where, *told["access"]]),
        (
            "Quand",
            [f"Du premier au dernier jour : {_period(told)}.", f"{told['totals']['company']} en entreprise en tout."],
        ),
        ("Vos horaires" if you else "Les horaires", hours_told(told["weeks"])),
        (
            "Qui vous accueille" if you else "Qui l’accueille",
            [_person(tutor["name"], tutor["job_title"], tutor["phone"], tutor["email"])],
        ),
        ("À prévoir", _to_bring(told, you=you)),
    ]


def _trade(told: dict[str, Any]) -> str:
    trade = told["trade"]
    return f"{told['kind_label']}. Métier : {trade['label']}." if trade else f"{told['kind_label']}."


def _to_bring(told: dict[str, Any], *, you: bool) -> list[str]:
    equipment = told["equipment"]
    worn = f"L’entreprise donne les protections : {', '.join(equipment)}." if equipment else ""
    benefits = f"L’entreprise propose : {', '.join(told['benefits'])}." if told["benefits"] else ""
    first = "Une pièce d’identité et le numéro de l’école."
    return [line for line in (first, worn, benefits) if line]


def _rights(told: dict[str, Any], *, you: bool) -> list[tuple[str, list[str]]]:
    minor = told["trainee"]["is_minor"]
    hours = told["limits"]["minor_day_hours"] if minor else told["limits"]["day_hours"]
    return [
        (
            "Vos droits" if you else "Ses droits",
            [
                f"Jamais plus de {hours} heures par jour ni de {told['limits']['week_hours']} heures par semaine.",
                "Jamais la nuit, ni le dimanche, ni un jour férié.",
                "Un stagiaire ne remplace jamais un salarié. Le stage n’est pas payé par l’entreprise.",
            ],
        )
    ]


def _trouble(told: dict[str, Any], *, you: bool) -> list[tuple[str, list[str]]]:
    tutor, referent = told["tutor"], told["referent"]
    company = f"l’entreprise ({tutor['phone']})" if tutor["phone"] else "l’entreprise"
    whose = "votre" if you else "son"
    school = f"{whose} référent à l’école, {_person(referent['name'], '', '', referent['email'])}"
    return [
        (
            "En cas d’accident",
            [
                "Si c’est grave, appelez le 15 ou le 112.",
                f"Prévenez tout de suite {company} et l’école, le jour même si possible, au plus tard dans les 24 heures. "
                "Même pour un accident sur le trajet.",
                "Le stagiaire est couvert. C’est l’école qui fait la déclaration : personne d’autre n’a de papier à remplir.",
            ],
        ),
        ("En cas d’absence, de retard ou de problème", [f"Prévenez {company} et {school}."]),
        ("Qui signe", [_signers(told)]),
    ]


def _signers(told: dict[str, Any]) -> str:
    names = [f"{person['name']} ({person['role'].lower()})" for person in told["signatories"]]
    return f"{join_with_and(names)}. Le stage ne commence pas avant que tous aient signé."


def _person(name: str, title: str, phone: str, email: str) -> str:
    return ", ".join(filter(None, (name, title, phone and f"téléphone {phone}", email)))


def hours_told(weeks: list[dict[str, Any]]) -> list[str]:
    """Tell the timetable that a document printed, days of the same hours together."""
    sentences: list[str] = []
    for week in weeks:
        days: dict[str, list[str]] = {}
        for row in week["days"]:
            hours = f"de {row['from']} à {row['to']}" + (f", pause {row['pause']}" if row["pause"] else "")
            where = "" if row["place"] == "entreprise" else " (à l’école)"
            days.setdefault(hours + where, []).append(row["day"].split()[0])
        told = " ; ".join(f"{join_with_and(names)} {hours}" for hours, names in days.items())
        sentences.append(f"{week['title']} : {told}. Total : {week['total']}.")
    return sentences


def message_lines(envelope: Envelope, signatory: Signatory) -> Sequence[str]:
    """Add to the messages of the trainee and of their representative what they most need to know."""
    key, told = KEYS.get(signatory.role, ""), envelope.document.context
    if key not in (TRAINEE, REPRESENTATIVE) or envelope.kind == AMENDMENT_KIND:
        return ()
    whose = "Votre stage" if key == TRAINEE else f"Le stage de {told['trainee']['name']}"
    place = told["host"]["place"]
    first = date_in_letters(date.fromisoformat(told["period"]["starts_on"]))
    tutor = _person(told["tutor"]["name"], "", told["tutor"]["phone"], "")
    return (
        f"{whose} commence {first}, chez {told['host']['legal_name']} ({', '.join(place['address_lines'])}).",
        f"Sur place : {tutor}. À l’école : {told['referent']['name']}.",
        "La page du lien dit l’essentiel en clair, avant de signer. Elle se lit sur un téléphone.",
    )
