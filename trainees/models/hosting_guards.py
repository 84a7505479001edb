"""What the database holds by itself of offers: no place too many, none elsewhere, none at another time."""

import pgtrigger

from trainees.life import internships as life

# A place given back: the internship never took it.
FREEING = (life.CANCELLED, life.NOT_STARTED)
_TAKEN = " AND i.status NOT IN (" + ", ".join(f"'{name}'" for name in FREEING) + ")"
_USES = (
    "(SELECT count(*) FROM trainees_offeruse u JOIN trainees_internship i ON i.id = u.internship_id WHERE u.offer_id = "
)
TRAINEE_OF_SCHOOL = pgtrigger.Trigger(
    name="trainee_of_its_school",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("trainee_id"),
    condition=pgtrigger.Q(new__trainee__isnull=False),
    func="IF NOT EXISTS (SELECT 1 FROM trainees_trainee t WHERE t.id = NEW.trainee_id AND t.school_id = NEW.school_id) THEN "
    "RAISE EXCEPTION 'Cette personne n’est pas stagiaire de cette école.' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW;",
)
CONTACT_OF_HOST = pgtrigger.Trigger(
    name="contact_of_its_host",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("contact_id", "establishment_id"),
    condition=pgtrigger.Q(new__contact__isnull=False),
    func="IF NOT EXISTS (SELECT 1 FROM partnerships_companycontact c JOIN partnerships_establishment e ON e.company_id = c.company_id "
    "WHERE c.id = NEW.contact_id AND e.id = NEW.establishment_id) THEN "
    "RAISE EXCEPTION 'Ce contact est celui d’une autre entreprise.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
# The offer stays locked until the commit: two schools that take the last place wait for each other, and one is refused.
PLACE_LEFT = pgtrigger.Trigger(
    name="a_place_is_left",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("o", "trainees_internshipoffer%ROWTYPE"), ("host", "bigint"), ("taken", "integer")],
    func="SELECT * INTO o FROM trainees_internshipoffer WHERE id = NEW.offer_id FOR UPDATE; "  # noqa: S608  our own constants
    "SELECT establishment_id INTO host FROM trainees_internship WHERE id = NEW.internship_id; "
    "IF host IS DISTINCT FROM o.establishment_id THEN "
    "RAISE EXCEPTION 'Ce stage n’a pas lieu dans l’établissement qui propose la place.' USING ERRCODE = 'check_violation'; END IF; "
    "IF o.closed_on IS NOT NULL THEN "
    "RAISE EXCEPTION 'Cette offre est fermée.' USING ERRCODE = 'check_violation'; END IF; "
    f"taken := {_USES}NEW.offer_id{_TAKEN}); "
    "IF taken >= o.places THEN "
    "RAISE EXCEPTION 'Toutes les places de cette offre sont prises.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
PLACES_COVER_USES = pgtrigger.Trigger(
    name="places_cover_uses",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("places"),
    func=f"IF NEW.places < {_USES}NEW.id{_TAKEN}) THEN "
    "RAISE EXCEPTION 'Des stages occupent déjà plus de places que cela.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
# An offer is one of a period: an internship takes a place of it if it has a day in it. The internship is held until the commit: its
# dates wait, then give the place back if they leave the period (models.internships.OFFER_OF_PERIOD).
WITHIN_THE_PERIOD = pgtrigger.Trigger(
    name="within_the_period",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("stay", "trainees_internship%ROWTYPE")],
    func="SELECT * INTO stay FROM trainees_internship WHERE id = NEW.internship_id FOR SHARE; "
    "IF NOT EXISTS (SELECT 1 FROM trainees_internshipoffer o WHERE o.id = NEW.offer_id "
    "AND stay.starts_on <= o.ends_on AND stay.last_day >= o.starts_on) THEN RAISE EXCEPTION "
    "'Ce stage n’a aucun jour pendant la période de l’offre : choisissez un autre stage, ou changez ses dates.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
PERIOD_COVERS_USES = pgtrigger.Trigger(
    name="period_covers_uses",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("starts_on", "ends_on"),
    condition=pgtrigger.Q(old__starts_on__df=pgtrigger.F("new__starts_on"))
    | pgtrigger.Q(old__ends_on__df=pgtrigger.F("new__ends_on")),
    func="IF EXISTS (SELECT 1 FROM trainees_offeruse u JOIN trainees_internship i ON i.id = u.internship_id "
    "WHERE u.offer_id = NEW.id AND (i.starts_on > NEW.ends_on OR i.last_day < NEW.starts_on)) THEN RAISE EXCEPTION "
    "'Des stages qui ont une place de cette offre n’ont aucun jour entre ces dates : rendez d’abord leur place.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
