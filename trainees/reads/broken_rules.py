"""What the rules of pathways and internships say of rows, asked again of the rows themselves: each question returns the numbers of those that break it.

The database refuses such rows when they are written; a loading that puts its triggers to sleep, or a hand in the database, may leave some.
"""

# rule → the model, and the question
RULES: dict[str, tuple[str, str]] = {
    "un parcours est dans l’école de la personne": (
        "trainees.pathway",
        "SELECT p.id FROM trainees_pathway p JOIN trainees_trainee t ON t.id = p.trainee_id WHERE p.school_id <> t.school_id",
    ),
    "un parcours est dans un site de son école": (
        "trainees.pathway",
        "SELECT p.id FROM trainees_pathway p JOIN schools_site s ON s.id = p.site_id WHERE s.school_id <> p.school_id",
    ),
    "l’âge à l’entrée est dans les bornes, ou une dérogation est écrite": (
        "trainees.pathway",
        "SELECT p.id FROM trainees_pathway p JOIN trainees_trainee t ON t.id = p.trainee_id, LATERAL (SELECT date_part('year', age(p.entered_on, t.birth_date)) AS years) a WHERE (a.years > 25 OR a.years < 16) AND NOT EXISTS (SELECT 1 FROM trainees_agederogation d WHERE d.pathway_id = p.id)",
    ),
    "un stage est à la personne et à l’école de son parcours": (
        "trainees.internship",
        "SELECT i.id FROM trainees_internship i JOIN trainees_pathway p ON p.id = i.pathway_id WHERE p.trainee_id <> i.trainee_id OR p.school_id <> i.school_id",
    ),
    "les jours d’un stage sont dans son parcours": (
        "trainees.internship",
        "SELECT i.id FROM trainees_internship i JOIN trainees_pathway p ON p.id = i.pathway_id WHERE i.status IN ('prospected', 'accepted', 'signed', 'broken') AND (i.starts_on < p.entered_on OR i.last_day > COALESCE(p.ended_on, p.planned_ends_on))",
    ),
    "tuteur et signataire sont du lieu du stage": (
        "trainees.internship",
        "SELECT i.id FROM trainees_internship i JOIN partnerships_companycontact c ON c.id IN (i.tutor_id, i.host_signatory_id) WHERE c.establishment_id <> i.establishment_id",
    ),
    "un stage signé a sa convention signée": (
        "trainees.internship",
        "SELECT i.id FROM trainees_internship i WHERE i.status IN ('signed', 'broken') AND NOT EXISTS (SELECT 1 FROM trainees_internshipagreement a WHERE a.internship_id = i.id AND a.status = 'signed')",
    ),
    "les jours de l’horaire sont dans leur stage": (
        "trainees.scheduleday",
        "SELECT d.id FROM trainees_scheduleday d JOIN trainees_internship i ON i.id = d.internship_id WHERE d.day NOT BETWEEN i.starts_on AND i.ends_on",
    ),
}
