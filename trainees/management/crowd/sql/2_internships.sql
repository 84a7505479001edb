-- The internships of the people in `crowd`, two weeks each from a Monday, with their agreements as far as they are.

DROP TABLE IF EXISTS pg_temp.stays;

CREATE TEMPORARY TABLE stays ON COMMIT DROP AS
SELECT c.n * 4 + k AS i, c.n, c.s, k, c.h1, c.h2, c.h3, c.coordinator, c.referent, c.ended_on AS pathway_ended_on,
       date_trunc('week', c.entered_on + 28 + 35 * k)::date AS starts_on, date_trunc('week', c.entered_on + 28 + 35 * k)::date + 11 AS ends_on,
       ((c.h1 + k * 61) %% 167)::bigint AS company
FROM crowd c, generate_series(0, 3) k WHERE k < c.internships;

ALTER TABLE stays ADD place bigint, ADD status text, ADD agreement text, ADD steps int, ADD agreement_steps int, ADD ended_early_on date;

UPDATE stays SET
  place = %(base)s + s * 400 + company * 2 + CASE WHEN company %% 2 = 0 AND h2 %% 2 = 0 THEN 1 ELSE 0 END,
  agreement = CASE WHEN starts_on <= %(today)s::date + 3 THEN 'signed' WHEN starts_on <= %(today)s::date + 14 THEN 'to_sign'
                   WHEN starts_on <= %(today)s::date + 45 THEN 'draft' ELSE '' END,
  ended_early_on = CASE WHEN i %% 50 = 3 AND ends_on < %(today)s THEN starts_on + 4 END;

UPDATE stays SET
  status = CASE WHEN ended_early_on IS NOT NULL THEN 'broken' WHEN agreement = 'signed' THEN 'signed' WHEN agreement <> '' THEN 'accepted' ELSE 'prospected' END,
  steps = CASE WHEN ended_early_on IS NOT NULL THEN 3 WHEN agreement = 'signed' THEN 2 WHEN agreement <> '' THEN 1 ELSE 0 END,
  agreement_steps = CASE agreement WHEN 'signed' THEN 2 WHEN 'to_sign' THEN 1 ELSE 0 END;

ANALYZE stays;

INSERT INTO trainees_internship
  (id, trainee_id, school_id, pathway_id, establishment_id, tutor_id, host_signatory_id, school_signatory_id, referent_id, regime, kind, trade_id, starts_on, ends_on,
   activities, objectives, skills, equipment, safety, benefits, insurance, access, on_site, delegation_reference, prescribing_structure, dangerous_works,
   company_minutes, school_minutes, ended_early_on, broken_by, status, moves_made, created_by_id, created_at)
SELECT %(base)s + i, %(base)s + n, %(base)s + s, %(base)s + n, place, place * 2, place * 2 + 1, coordinator, referent, 'training',
       (ARRAY['discovery', 'confirmation', 'validation', 'recruitment'])[k + 1], t.ids[(h3 + k) %% array_length(t.ids, 1) + 1], starts_on, ends_on,
       'Accueillir les clients, tenir le poste avec la tutrice.', 'Vérifier que le métier convient.', '', '', '', '', '', '', true, '', '', false,
       4200, 0, ended_early_on, CASE WHEN ended_early_on IS NULL THEN '' ELSE 'trainee' END, status, steps, coordinator, starts_on - 12
FROM stays, (SELECT array_agg(x.id ORDER BY x.code) AS ids FROM trainees_trade x JOIN trainees_referencedataset d ON d.id = x.dataset_id WHERE d.kind = 'trades' AND d.is_current) t;

INSERT INTO trainees_internshipmove (id, internship_id, origin, target, actor_id, at, effective_on, reason, rank, transaction)
SELECT %(base)s + i * 4 + rank, %(base)s + i, (ARRAY['prospected', 'accepted', 'signed'])[rank], (ARRAY['accepted', 'signed', 'broken'])[rank], coordinator,
       CASE rank WHEN 1 THEN starts_on - 10 WHEN 2 THEN starts_on - 3 ELSE ended_early_on END, CASE WHEN rank = 3 THEN ended_early_on END,
       CASE WHEN rank = 3 THEN 'Motif d’essai' ELSE '' END, rank, txid_current()
FROM stays, generate_series(1, 3) rank WHERE rank <= steps;

INSERT INTO trainees_internshipagreement (id, internship_id, version, starts_on, signed_on, late_reason, host_reply, status, moves_made, created_by_id, created_at)
SELECT %(base)s + i, %(base)s + i, 1, CASE WHEN agreement_steps > 0 THEN starts_on END, CASE WHEN agreement = 'signed' THEN starts_on - 3 END, '', '', agreement, agreement_steps,
       coordinator, starts_on - 10
FROM stays WHERE agreement <> '';

INSERT INTO trainees_agreementmove (id, agreement_id, origin, target, actor_id, at, effective_on, reason, rank, transaction)
SELECT %(base)s + i * 2 + rank, %(base)s + i, (ARRAY['draft', 'to_sign'])[rank], (ARRAY['to_sign', 'signed'])[rank], coordinator,
       CASE rank WHEN 1 THEN starts_on - 8 ELSE starts_on - 3 END, NULL, '', rank, txid_current()
FROM stays, generate_series(1, 2) rank WHERE rank <= agreement_steps;

INSERT INTO documents_document
  (id, public_id, kind, subject, reference, title, template_version, context, content_sha256, signature_fields, verification_code, requested_by_id, requested_at, status, queued_at,
   attempts, failure, file, sha256, size, sealed_at, seal_level, seal_subject, seal_certificate_sha256)
SELECT %(base)s + i, md5('document' || i)::uuid, 'internship_agreement', 'trainees.internshipagreement:' || %(base)s + i, 'ST-FOULE-' || i, 'Convention de stage', 'v1', '{}',
       repeat(md5('context' || i), 2), '["school", "host", "trainee"]', upper(lpad(translate(to_hex(i), '01', 'gh'), 10, 'z')),
       coordinator, starts_on - 8, CASE WHEN agreement = 'signed' THEN 'sealed' ELSE 'ready' END, starts_on - 8, 1, '', 'crowd/' || i || '.pdf', repeat(md5('file' || i), 2), 40000,
       CASE WHEN agreement = 'signed' THEN starts_on - 3 END, CASE WHEN agreement = 'signed' THEN 'B-LT' ELSE '' END, '', ''
FROM stays WHERE agreement_steps > 0;

INSERT INTO signing_envelope
  (id, public_id, document_id, kind, subject, mode, consent_version, opened_by_id, opened_at, expires_at, status, ended_at, end_reason, failure)
SELECT %(base)s + i, md5('envelope' || i)::uuid, %(base)s + i, 'internship_agreement', 'trainees.internshipagreement:' || %(base)s + i, 'parallel', 'v1', coordinator, starts_on - 8,
       starts_on + 60, CASE WHEN agreement = 'signed' THEN 'completed' ELSE 'open' END, CASE WHEN agreement = 'signed' THEN starts_on - 3 END, '', ''
FROM stays WHERE agreement_steps > 0;

-- Signatories of the last thirteen months: older ones would only weigh on tables that no page of trainees reads.
INSERT INTO signing_signatory
  (id, public_id, envelope_id, rank, role, full_name, quality, email, phone, method, field_name, on_behalf_of, status, invited_at, signed_at)
SELECT %(base)s + i * 4 + j, md5('signatory' || i || '-' || j)::uuid, %(base)s + i, 1, (ARRAY['Pour l’école', 'Pour l’entreprise', 'Stagiaire'])[j], 'Signataire ' || i || '-' || j, '',
       'signataire' || i || '-' || j || '@exemple.invalid', '', 'electronic', (ARRAY['school', 'host', 'trainee'])[j], '',
       CASE WHEN agreement = 'signed' OR j = 1 THEN 'signed' ELSE 'invited' END, starts_on - 8, CASE WHEN agreement = 'signed' OR j = 1 THEN starts_on - 4 END
FROM stays, generate_series(1, 3) j WHERE agreement_steps > 0 AND starts_on > %(today)s::date - 395;

INSERT INTO trainees_scheduleday (internship_id, day, place, starts_at, ends_at, break_starts_at, break_ends_at)
SELECT %(base)s + i, d::date, 'company', '09:00', '17:00', '12:00', '13:00'
FROM stays, generate_series(starts_on, ends_on, interval '1 day') d
WHERE ends_on > %(today)s::date - 60 AND extract(isodow FROM d) < 6;
