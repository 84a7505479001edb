-- Schools number %(first_school)s to %(last_school)s with their site, staff and companies. A number is turned into an identifier by
-- adding %(base)s, so that every row of the crowd is known without looking for it.

INSERT INTO schools_school (id, network_id, name, slug, department, operator, siret, activity_declaration_number, uai, facts, sources)
SELECT %(base)s + s, %(network)s, 'École de la foule n° ' || lpad(s::text, 3, '0'), 'foule-' || lpad(s::text, 3, '0'),
       lpad((s %% 95 + 1)::text, 2, '0'), '', '', '', '', '', 'Données d’essai'
FROM generate_series(%(first_school)s::bigint, %(last_school)s::bigint) s
ON CONFLICT DO NOTHING;

INSERT INTO schools_site (id, school_id, name, address, postal_code, city)
SELECT %(base)s + s, %(base)s + s, 'Site de la foule', '1 place des Essais', lpad((s %% 95 + 1)::text, 2, '0') || '000', 'Ville ' || s
FROM generate_series(%(first_school)s::bigint, %(last_school)s::bigint) s
ON CONFLICT DO NOTHING;

INSERT INTO accounts_user (id, password, email, full_name, role, is_active, closed_reason)
SELECT %(base)s + s * 10 + j, '!', 'foule.' || s || '.' || j || '@exemple.invalid',
       (ARRAY['Direction', 'Coordination', 'Référent', 'Référente', 'Relations entreprises'])[j + 1] || ' de l’école ' || s, '', true, ''
FROM generate_series(%(first_school)s::bigint, %(last_school)s::bigint) s, generate_series(0, 4) j
ON CONFLICT DO NOTHING;

INSERT INTO schools_membership (id, user_id, school_id, role, starts_on)
SELECT %(base)s + s * 10 + j, %(base)s + s * 10 + j, %(base)s + s,
       (ARRAY['director', 'coordinator', 'referent', 'referent', 'company_relations'])[j + 1], %(today)s::date - 4000
FROM generate_series(%(first_school)s::bigint, %(last_school)s::bigint) s, generate_series(0, 4) j
ON CONFLICT DO NOTHING;

-- Each school works with its own companies: a first place each, a second one for every other company, two people by place.
INSERT INTO partnerships_company (id, legal_name, siren, legal_form, note, legal_category)
SELECT %(base)s + s * 200 + c,
       (ARRAY['Boulangerie', 'Garage', 'Maçonnerie', 'Restaurant', 'Supermarché', 'Résidence', 'Menuiserie', 'Hôtel', 'Pépinière', 'Transports'])[c %% 10 + 1]
       || ' ' || (ARRAY['des Oliviers', 'du Pont', 'Garrigue', 'Saint-Roch', 'de l’Écluse', 'Aubanel', 'du Marché'])[(c / 10) %% 7 + 1] || ' ' || s || '-' || c,
       '', 'SAS', '', ''
FROM generate_series(%(first_school)s::bigint, %(last_school)s::bigint) s, generate_series(0, 166) c
ON CONFLICT DO NOTHING;

INSERT INTO partnerships_establishment
  (id, company_id, name, siret, is_head_office, address, postal_code, city, naf_code, naf_version, commune_code)
SELECT %(base)s + s * 400 + c * 2 + p, %(base)s + s * 200 + c, 'Établissement ' || s || '-' || c || '-' || p, '', p = 0,
       (c + 1) || ' avenue des Essais', lpad((s %% 95 + 1)::text, 2, '0') || lpad((c %% 20 * 10)::text, 3, '0'), 'Ville ' || s, '', '', ''
FROM generate_series(%(first_school)s::bigint, %(last_school)s::bigint) s, generate_series(0, 166) c, generate_series(0, 1) p
WHERE p = 0 OR c %% 2 = 0
ON CONFLICT DO NOTHING;

INSERT INTO partnerships_companycontact (id, company_id, establishment_id, full_name, job_title, email, phone)
SELECT e.id * 2 + j, e.company_id, e.id, (ARRAY['Tutrice', 'Gérant'])[j + 1] || ' ' || e.id, (ARRAY['Tutrice', 'Gérant'])[j + 1],
       'contact.' || e.id || '.' || j || '@entreprise.invalid', '0467000000'
FROM partnerships_establishment e, generate_series(0, 1) j
WHERE e.id BETWEEN %(base)s + %(first_school)s * 400 AND %(base)s + %(last_school)s * 400 + 399
ON CONFLICT DO NOTHING;

INSERT INTO trainees_referencedataset (kind, vintage, source, licence, is_sample, is_current, rows)
SELECT 'trades', 'Foule', 'Données d’essai', 'Données d’essai', true, true, 12
WHERE NOT EXISTS (SELECT 1 FROM trainees_referencedataset WHERE kind = 'trades' AND is_current);

INSERT INTO trainees_trade (dataset_id, code, label)
SELECT d.id, t.code, t.label
FROM trainees_referencedataset d, (VALUES
  ('A1203', 'Aménagement et entretien des espaces verts'), ('D1106', 'Vente en alimentation'), ('D1507', 'Mise en rayon libre-service'),
  ('F1704', 'Préparation du gros œuvre'), ('G1602', 'Personnel de cuisine'), ('G1803', 'Service en restauration'),
  ('I1604', 'Mécanique automobile'), ('J1501', 'Soins d’hygiène, de confort du patient'), ('K1302', 'Assistance auprès d’adultes'),
  ('K2204', 'Nettoyage de locaux'), ('M1607', 'Secrétariat'), ('N1103', 'Magasinage et préparation de commandes')
) AS t (code, label)
WHERE d.kind = 'trades' AND d.is_current AND NOT EXISTS (SELECT 1 FROM trainees_trade x WHERE x.dataset_id = d.id);

INSERT INTO trainees_prescriber (id, kind, name, city)
SELECT %(base)s + p, CASE WHEN p < 15 THEN 'mission_locale' WHEN p < 18 THEN 'france_travail' ELSE 'pjj' END,
       'Prescripteur de la foule n° ' || p, 'Ville ' || p
FROM generate_series(0, 19) p
ON CONFLICT DO NOTHING;
