"""What the database holds by itself of registrations: never one place too many, no photo of a minor without a guardian's word."""

import pgtrigger

from assises.life import registrations as life


def _listed(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


HOLDING = _listed(life.HOLDING_A_PLACE)
# The edition is held before anything is counted: two people never take the last place. NO KEY, because each new
# registration already shares the key of its edition, and two of them would wait for each other.
WITHIN_THE_PLACES = pgtrigger.Trigger(
    name="within_the_places",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "category", "edition_id"),
    declare=[("most", "integer"), ("held", "integer")],
    func=f"IF NEW.status NOT IN ({HOLDING}) OR (TG_OP = 'UPDATE' AND OLD.status IN ({HOLDING}) "  # noqa: S608  our own constants
    "AND OLD.category = NEW.category AND OLD.edition_id = NEW.edition_id) THEN RETURN NEW; END IF; "
    "SELECT places INTO most FROM assises_edition WHERE id = NEW.edition_id FOR NO KEY UPDATE; "
    f"SELECT count(*) INTO held FROM assises_registration r WHERE r.edition_id = NEW.edition_id AND r.id <> NEW.id "
    f"AND r.status IN ({HOLDING}); "
    "IF held >= most THEN RAISE EXCEPTION 'Il n’y a plus de place à cette édition.' USING ERRCODE = 'check_violation'; END IF; "
    "SELECT q.places INTO most FROM assises_quota q WHERE q.edition_id = NEW.edition_id AND q.category = NEW.category; "
    f"SELECT count(*) INTO held FROM assises_registration r WHERE r.edition_id = NEW.edition_id AND r.id <> NEW.id "
    f"AND r.category = NEW.category AND r.status IN ({HOLDING}); "
    "IF held >= most THEN RAISE EXCEPTION 'Il n’y a plus de place dans cette catégorie.' USING ERRCODE = 'check_violation'; "
    "END IF; RETURN NEW;",
)
GIVES_ITS_SESSIONS_BACK = pgtrigger.Trigger(
    name="gives_its_sessions_back",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("status"),
    func=f"IF OLD.status IN ({HOLDING}) AND NEW.status NOT IN ({HOLDING}) THEN "  # noqa: S608  our own constants
    "DELETE FROM assises_sessionplace WHERE registration_id = NEW.id; END IF; RETURN NULL;",
)
WITHIN_THE_SEATS = pgtrigger.Trigger(
    name="within_the_seats",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("session", "assises_session"), ("most", "integer"), ("held", "integer")],
    func="SELECT * INTO session FROM assises_session WHERE id = NEW.session_id FOR NO KEY UPDATE; "  # noqa: S608  our own constants
    "IF NOT session.takes_registrations THEN "
    "RAISE EXCEPTION 'Ce temps est ouvert à tous : il ne se réserve pas.' USING ERRCODE = 'check_violation'; END IF; "
    f"IF NOT EXISTS (SELECT 1 FROM assises_registration r WHERE r.id = NEW.registration_id "
    f"AND r.edition_id = session.edition_id AND r.status IN ({HOLDING})) THEN RAISE EXCEPTION "
    "'Les ateliers se choisissent une fois la place obtenue.' USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM assises_sessionplace p JOIN assises_session s ON s.id = p.session_id "
    "WHERE p.registration_id = NEW.registration_id AND p.session_id <> NEW.session_id "
    "AND s.starts_at < session.ends_at AND session.starts_at < s.ends_at) THEN RAISE EXCEPTION "
    "'Un autre atelier choisi a lieu au même moment.' USING ERRCODE = 'check_violation'; END IF; "
    "SELECT COALESCE(session.places, (SELECT capacity FROM assises_room WHERE id = session.room_id)) INTO most; "
    "SELECT count(*) INTO held FROM assises_sessionplace p WHERE p.session_id = NEW.session_id AND p.id <> NEW.id; "
    "IF held >= most THEN RAISE EXCEPTION 'Cet atelier est complet.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
# Somebody under eighteen on the day is photographed by the word of their legal representative, whoever writes the row.
CONSENT_OF_A_MINOR = pgtrigger.Trigger(
    name="consent_of_a_minor",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("image_consent", "image_consent_by", "trainee_id"),
    condition=pgtrigger.Q(new__image_consent=True, new__image_consent_by=""),
    func="IF EXISTS (SELECT 1 FROM trainees_trainee t JOIN assises_edition e ON e.id = NEW.edition_id "
    "WHERE t.id = NEW.trainee_id AND t.birth_date + interval '18 years' > e.held_on) THEN RAISE EXCEPTION "
    "'Pour une personne de moins de 18 ans, dites quel représentant légal a donné l’accord pour les photos.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
