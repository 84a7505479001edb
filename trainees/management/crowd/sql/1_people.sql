-- Trainees number %(first)s to %(last)s. `crowd` says of each what the other statements write: school, days, how it ends.

DROP TABLE IF EXISTS pg_temp.crowd;

CREATE TEMPORARY TABLE crowd ON COMMIT DROP AS
SELECT w.*, w.entered_on + 41 AS trial_ends_on, w.entered_on + 165 + w.h1 %% 80 AS planned_ends_on,
       CASE WHEN w.n %% 20 = 7 THEN 1 WHEN w.n %% 20 < 13 THEN 4 ELSE 3 END AS internships,
       CASE WHEN w.n %% 20 = 7 THEN 'left_in_trial' WHEN w.h2 %% 100 < 12 THEN 'abandoned' WHEN w.h2 %% 100 < 20 THEN 'interrupted' ELSE 'completed' END AS outcome
FROM (
  SELECT n, (n - 1) / %(school_size)s AS s,
         (%(today)s::date - ((%(school_size)s - 1 - (n - 1) %% %(school_size)s) * 3650 / %(school_size)s)::int) AS entered_on,
         (n * 2654435761 %% 4294967296 / 65536)::int AS h1, (n * 2246822519 %% 4294967296 / 65536)::int AS h2,
         (n * 3266489917 %% 4294967296 / 65536)::int AS h3
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
) w;

ALTER TABLE crowd ADD ended_on date, ADD status text, ADD steps int, ADD coordinator bigint, ADD referent bigint, ADD twice boolean;

UPDATE crowd SET
  ended_on = CASE WHEN outcome = 'left_in_trial' THEN CASE WHEN trial_ends_on < %(today)s THEN trial_ends_on END
                  WHEN planned_ends_on < %(today)s THEN planned_ends_on END,
  coordinator = %(base)s + s * 10 + 1, referent = %(base)s + s * 10 + 2 + n %% 2,
  twice = s = 0 AND n > %(school_size)s - 120 AND n %% 3 = 0;

UPDATE crowd SET
  status = CASE WHEN ended_on IS NOT NULL THEN outcome WHEN trial_ends_on < %(today)s THEN 'running' ELSE 'trial' END,
  steps = CASE WHEN ended_on IS NOT NULL THEN CASE WHEN outcome = 'left_in_trial' THEN 2 ELSE 3 END WHEN trial_ends_on < %(today)s THEN 2 ELSE 1 END;

ANALYZE crowd;

INSERT INTO trainees_trainee
  (id, public_id, school_id, last_name, first_name, birth_date, gender, email, phone, address, postal_code, city, created_by_id, created_at)
SELECT %(base)s + n, md5('crowd' || n)::uuid, %(base)s + s,
       (ARRAY['Martin', 'Bernard', 'Garcia', 'Petit', 'Nuñez', 'Benali', 'Moreau', 'Fernandez', 'Lefèvre', 'Roux', 'Diallo', 'Fournier', 'Girard', 'Haddad',
              'Lopez', 'Mercier', 'Nguyen', 'Pons', 'Sánchez', 'Vidal', 'Traoré', 'Cohen', 'Müller', 'D’Arc', 'Le Goff', 'El Fassi', 'Œuvrard', 'Castelnau',
              'Bousquet'])[h1 %% 29 + 1]
       || CASE WHEN h2 %% 3 = 0 THEN '-' || (ARRAY['Aubert', 'Blanc', 'Costa', 'Durand', 'Estève', 'Ferrer', 'Gomez', 'Huguet', 'Isnard', 'Joly', 'Klein'])[h3 %% 11 + 1] ELSE '' END,
       (ARRAY['Léa', 'Inès', 'Chloé', 'Zoé', 'Anaïs', 'Maëlys', 'Fatima', 'Camille', 'Noémie', 'Sarah', 'Théo', 'Noé', 'Mohamed', 'Yanis', 'Kévin', 'Jean-Noël',
              'Lucas', 'Hugo', 'Ibrahim', 'Adrien', 'Rayan', 'Loïc', 'Mickaël'])[h2 %% 23 + 1],
       (entered_on - make_interval(years => 16 + h3 %% 10, days => h2 %% 360))::date, CASE WHEN h2 %% 23 < 10 THEN 'F' ELSE 'H' END,
       'foule' || n || '@exemple.invalid', '06' || lpad((n %% 100000000)::text, 8, '0'), h1 %% 200 + 1 || ' rue des Essais',
       lpad((s %% 95 + 1)::text, 2, '0') || '000', 'Ville ' || s, coordinator, entered_on - 7
FROM crowd;

-- Written twice, as the record before: one in three of the latest people of the first school. The list of doubles is full at every size.
UPDATE trainees_trainee t SET last_name = o.last_name, first_name = o.first_name, birth_date = o.birth_date, gender = o.gender
FROM crowd c, trainees_trainee o
WHERE c.twice AND t.id = %(base)s + c.n AND o.id = t.id - 1;

INSERT INTO trainees_legalrepresentative (id, trainee_id, full_name, quality, email, phone)
SELECT %(base)s + n, %(base)s + n, 'Parent de la personne ' || n, CASE WHEN n %% 2 = 0 THEN 'mother' ELSE 'father' END, 'parent' || n || '@exemple.invalid', ''
FROM crowd WHERE h3 %% 10 < 2 OR twice;

INSERT INTO trainees_referral (id, trainee_id, prescriber_id, referred_on, contact_name, outcome, outcome_on, reason)
SELECT %(base)s + n, %(base)s + n, %(base)s + h1 %% 20, entered_on - 21, '', 'admitted', entered_on - 7, '' FROM crowd;

INSERT INTO trainees_pathway
  (id, trainee_id, school_id, site_id, entered_on, trial_ends_on, planned_ends_on, ended_on, referent_id, funding, status, moves_made, created_by_id, created_at)
SELECT %(base)s + n, %(base)s + n, %(base)s + s, %(base)s + s, entered_on, trial_ends_on, planned_ends_on, ended_on, referent, '', status, steps, coordinator, entered_on - 7
FROM crowd;

INSERT INTO trainees_pathwaymove (id, pathway_id, origin, target, actor_id, at, effective_on, reason, rank, transaction)
SELECT %(base)s + n * 4 + rank, %(base)s + n,
       (ARRAY['planned', 'trial', 'running'])[rank],
       CASE WHEN rank = 1 THEN 'trial' WHEN rank = steps AND ended_on IS NOT NULL THEN outcome ELSE 'running' END,
       coordinator, CASE rank WHEN 1 THEN entered_on WHEN 2 THEN trial_ends_on ELSE ended_on END,
       CASE WHEN rank = steps THEN ended_on END,
       CASE WHEN rank = steps AND status IN ('left_in_trial', 'abandoned', 'interrupted') THEN 'Motif d’essai' ELSE '' END, rank, txid_current()
FROM crowd, generate_series(1, 3) rank WHERE rank <= steps;

INSERT INTO trainees_trainingcontract (id, pathway_id, signed_on, objectives, recorded_by_id)
SELECT %(base)s + n, %(base)s + n, trial_ends_on, 'Construire un projet et le vérifier en entreprise.', coordinator
FROM crowd WHERE steps >= 2 AND outcome <> 'left_in_trial';

INSERT INTO trainees_entryprofile (id, pathway_id, education_level, worked_before, driving_licence, situation, qpv_code, qpv_vintage)
SELECT %(base)s + n, %(base)s + n, (ARRAY['infra_3', 'infra_3', 'niveau_3_sans', 'niveau_3', 'niveau_4'])[h1 %% 5 + 1], h2 %% 3 = 0, h3 %% 4 = 0, 'demandeur_emploi', '', ''
FROM crowd;

INSERT INTO trainees_exit
  (id, pathway_id, category, starts_on, contract, contract_days, employer, employer_siret, training, rncp_code, evidence, evidence_note, positive, rule_id, recorded_by_id, recorded_at)
SELECT %(base)s + n, %(base)s + n, category, ended_on, CASE WHEN category = 'job' THEN CASE WHEN h3 %% 2 = 0 THEN 'cdi' ELSE 'cdd' END ELSE '' END,
       CASE WHEN category = 'job' AND h3 %% 2 = 1 THEN 30 + h3 %% 200 END, '', '', '', '', 'declared', '',
       category IN ('qualifying_training', 'work_study', 'initial_training') OR category = 'job' AND (h3 %% 2 = 0 OR 30 + h3 %% 200 > 90), rule.id, coordinator, ended_on
FROM (SELECT *, (ARRAY['qualifying_training', 'work_study', 'job', 'job', 'initial_training', 'other_active', 'none', 'none'])[h1 %% 8 + 1] AS category FROM crowd WHERE ended_on IS NOT NULL) c,
     (SELECT min(id) AS id FROM trainees_legalparameter WHERE key = 'positive_contract_days') rule;

INSERT INTO trainees_followup (id, pathway_id, followed_by_id, months, due_on, done_on, situation, note, done_by_id)
SELECT %(base)s + n * 4 + m / 3 - 1, %(base)s + n, %(base)s + s, m, due_on, done_on, CASE WHEN done_on IS NULL THEN '' ELSE (ARRAY['job', 'training', 'none', 'unreachable'])[(h1 + m) %% 4 + 1] END, '',
       CASE WHEN done_on IS NOT NULL THEN referent END
FROM (SELECT n, s, m, h1, referent, (ended_on + make_interval(months => m))::date AS due_on,
             CASE WHEN (ended_on + make_interval(months => m))::date < %(today)s::date - 10 THEN (ended_on + make_interval(months => m))::date + 3 END AS done_on
      FROM crowd, unnest(ARRAY[3, 6, 9, 12]) m WHERE ended_on IS NOT NULL AND outcome <> 'left_in_trial') f;

INSERT INTO audit_entry (at, actor_id, action, subject, summary, detail, request_id)
SELECT entered_on - 7, coordinator, 'trainee.saved', 'trainees.trainee:' || %(base)s + n, 'Fiche créée', '{}', 'crowd' FROM crowd;
