"""The law of working time and of PMSMP as the database itself holds it: SQL functions, loaded by migration 0002.

Same rules as law.working_time and law.pmsmp, with the same dated limits (function trainees_limit, same migration). The triggers
that call them stand beside the models. Messages name the rule and its text: the pages say what to change.
"""

# Easter by the algorithm of Meeus, Jones and Butcher, valid for every year of the Gregorian calendar.
HOLIDAYS = """
CREATE FUNCTION trainees_easter(year int) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE a int := year % 19; b int := year / 100; c int := year % 100; h int; l int; m int;
BEGIN
    h := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    m := (a + 11 * h + 22 * l) / 451;
    RETURN make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END $$;

CREATE FUNCTION trainees_is_holiday(day date) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(day, 'MM-DD') IN ('01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25')
        OR day - trainees_easter(date_part('year', day)::int) IN (1, 39, 50);
$$;
"""

# For each touched week: the days, their spans of work, the stretches without a break; then the first rule that is broken.
SCHEDULE = """
CREATE FUNCTION trainees_check_schedule(touched bigint[]) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE told text;
BEGIN
    WITH weeks AS (
        SELECT DISTINCT i.trainee_id, d.day - (date_part('isodow', d.day)::int - 1) AS monday
        FROM trainees_scheduleday d JOIN trainees_internship i ON i.id = d.internship_id
        WHERE d.internship_id = ANY (touched) AND i.status IN ('prospected', 'accepted', 'signed', 'broken')
    ), stints AS (
        SELECT d.*, t.id AS trainee_id, w.monday, date_part('year', age(d.day, t.birth_date)) AS age
        FROM weeks w
        JOIN trainees_trainee t ON t.id = w.trainee_id
        JOIN trainees_internship i ON i.trainee_id = t.id AND i.status IN ('prospected', 'accepted', 'signed', 'broken')
        JOIN trainees_scheduleday d ON d.internship_id = i.id AND d.day BETWEEN w.monday - 1 AND w.monday + 7
        WHERE d.day <= i.last_day
    ), spans AS (
        SELECT trainee_id, monday, day, age, starts_at AS began, COALESCE(break_starts_at, ends_at) AS ended FROM stints
        UNION ALL
        SELECT trainee_id, monday, day, age, break_ends_at, ends_at FROM stints WHERE break_starts_at IS NOT NULL
    ), gaps AS (
        SELECT *, began - lag(ended) OVER (PARTITION BY trainee_id, monday, day ORDER BY began, ended) AS gap FROM spans
    ), islands AS (
        SELECT g.*, count(*) FILTER (WHERE g.gap >= make_interval(mins => p.pause::int))
            OVER (PARTITION BY g.trainee_id, g.monday, g.day ORDER BY g.began, g.ended) AS island
        FROM gaps g JOIN LATERAL (SELECT trainees_limit(
            CASE WHEN g.age < 18 THEN 'minor_break_minutes' ELSE 'break_minutes' END, g.day) AS pause) p ON TRUE
    ), stretches AS (
        SELECT trainee_id, monday, day, sum(ended - began) AS stretch FROM islands GROUP BY trainee_id, monday, day, island
    ), days AS (
        SELECT g.trainee_id, g.monday, g.day, min(g.age) < 18 AS minor, sum(g.ended - g.began) AS worked,
            min(g.began) AS first, max(g.ended) AS last, min(g.gap) < interval '0' AS twice,
            (SELECT max(s.stretch) FROM stretches s
                WHERE (s.trainee_id, s.monday, s.day) = (g.trainee_id, g.monday, g.day)) AS stretch
        FROM gaps g GROUP BY g.trainee_id, g.monday, g.day
    ), rests AS (
        SELECT *, interval '24 hours' - (last - time '00:00') + (lead(first) OVER following - time '00:00') AS rest,
            lead(day) OVER following AS next_day
        FROM days WINDOW following AS (PARTITION BY trainee_id, monday ORDER BY day)
    ), inside AS (
        SELECT * FROM days WHERE day BETWEEN monday AND monday + 6
    ), sums AS (
        SELECT trainee_id, monday, sum(worked) AS worked, count(*) AS number, min(day) AS first_day, bool_or(minor) AS minor,
            min(day) FILTER (WHERE minor) AS minor_day
        FROM inside GROUP BY trainee_id, monday
    ), off AS (
        SELECT s.trainee_id, s.monday, s.minor_day, n - row_number() OVER (PARTITION BY s.trainee_id, s.monday ORDER BY n) AS row
        FROM sums s CROSS JOIN generate_series(-1, 6) n
        WHERE s.minor AND NOT EXISTS (SELECT 1 FROM days d
            WHERE d.trainee_id = s.trainee_id AND d.monday = s.monday AND d.day = s.monday + n)
    ), broken AS (
        SELECT 1 AS rank, 'overlapping_times: école et entreprise à la même heure le ' || to_char(day, 'DD/MM/YYYY') AS rule FROM inside WHERE twice
        UNION ALL
        SELECT 2, 'too_young: pas de stage en entreprise avant l’âge légal, le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L4153-1)'
        FROM stints WHERE place = 'company' AND day BETWEEN monday AND monday + 6
            AND age < trainees_limit('work_age_min', day)
        UNION ALL
        SELECT 3, CASE WHEN to_char(day, 'MM-DD') = '05-01' THEN 'labour_day: ' WHEN minor THEN 'minor_holiday: ' ELSE 'holiday: ' END
            || 'pas de stage un jour férié, le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3133-1, L3133-4 et L3164-6)'
        FROM inside WHERE trainees_is_holiday(day)
        UNION ALL
        SELECT 4, CASE WHEN minor THEN 'minor_day_hours: trop d’heures pour un mineur le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3162-1)'
            ELSE 'day_hours: trop d’heures le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L6343-2 et L3121-18)' END
        FROM inside WHERE worked > make_interval(mins =>
            (60 * trainees_limit(CASE WHEN minor THEN 'minor_day_hours' ELSE 'day_hours' END, day))::int)
        UNION ALL
        SELECT 5, CASE WHEN minor THEN 'minor_break: pause trop courte pour un mineur le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3162-3)'
            ELSE 'break: pause trop courte le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3121-16)' END
        FROM inside JOIN LATERAL (SELECT make_interval(mins => (60 * trainees_limit(
            CASE WHEN minor THEN 'minor_break_after_hours' ELSE 'break_after_hours' END, day))::int) AS after) l ON TRUE
        WHERE stretch > after OR (NOT minor AND stretch = worked AND worked >= after)
        UNION ALL
        SELECT 6, 'minor_night: travail de nuit d’un mineur le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3163-1 et L3163-2)'
        FROM inside WHERE minor AND (
            first - time '00:00' < make_interval(mins => (60 * trainees_limit('minor_night_ends', day))::int)
            OR last - time '00:00' > make_interval(mins => (60 * trainees_limit('minor_night_starts', day))::int))
        UNION ALL
        SELECT 7, CASE WHEN minor THEN 'minor_daily_rest: repos trop court pour un mineur après le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3164-1)'
            ELSE 'daily_rest: repos trop court après le ' || to_char(day, 'DD/MM/YYYY') || ' (code du travail, art. L3131-1)' END
        FROM rests WHERE next_day = day + 1 AND rest < make_interval(mins =>
            (60 * trainees_limit(CASE WHEN minor THEN 'minor_daily_rest_hours' ELSE 'daily_rest_hours' END, day))::int)
        UNION ALL
        SELECT 8, CASE WHEN minor THEN 'minor_week_hours: trop d’heures pour un mineur la semaine du ' || to_char(monday, 'DD/MM/YYYY')
            || ' (code du travail, art. L3162-1)'
            ELSE 'week_hours: trop d’heures la semaine du ' || to_char(monday, 'DD/MM/YYYY') || ' (code du travail, art. L6343-2 et L3121-27)' END
        FROM sums WHERE worked > make_interval(mins => (60 * trainees_limit(
            CASE WHEN minor THEN 'minor_week_hours' ELSE 'week_hours' END, COALESCE(minor_day, first_day)))::int)
        UNION ALL
        SELECT 9, 'week_days: trop de jours la semaine du ' || to_char(monday, 'DD/MM/YYYY') || ' (code du travail, art. L3132-1)'
        FROM sums WHERE number > trainees_limit('week_days', COALESCE(minor_day, first_day))
        UNION ALL
        SELECT 10, 'minor_rest_days: un mineur a deux jours de repos à la suite, semaine du ' || to_char(s.monday, 'DD/MM/YYYY')
            || ' (code du travail, art. L3164-2)'
        FROM sums s WHERE s.minor AND trainees_limit('minor_rest_days', s.minor_day) > COALESCE((
            SELECT max(length) FROM (SELECT count(*) AS length FROM off o
                WHERE o.trainee_id = s.trainee_id AND o.monday = s.monday GROUP BY o.row) runs), 0)
    )
    SELECT rule INTO told FROM broken ORDER BY rank LIMIT 1;
    IF told IS NOT NULL THEN
        RAISE EXCEPTION '%', substring(told from position(': ' in told) + 2)
            USING ERRCODE = 'check_violation', DETAIL = split_part(told, ':', 1);
    END IF;
END $$;
"""

PMSMP = """
CREATE FUNCTION trainees_check_pmsmp(wanted bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE this record; times int; spent int;
BEGIN
    SELECT i.*, e.company_id INTO this
    FROM trainees_internship i JOIN partnerships_establishment e ON e.id = i.establishment_id WHERE i.id = wanted;
    IF this.ends_on >= this.starts_on + make_interval(months => trainees_limit('pmsmp_months', this.starts_on)::int) THEN
        RAISE EXCEPTION 'Une PMSMP dure un mois au plus, de date à date (code du travail, art. D5135-3).'
            USING ERRCODE = 'check_violation', DETAIL = 'pmsmp_length';
    END IF;
    WITH periods AS (
        SELECT i.starts_on, i.last_day, e.company_id
        FROM trainees_internship i JOIN partnerships_establishment e ON e.id = i.establishment_id
        WHERE i.trainee_id = this.trainee_id AND i.regime = 'pmsmp'
            AND i.status IN ('prospected', 'accepted', 'signed', 'broken')
    ), windows AS (
        SELECT starts_on AS first, (starts_on + interval '12 months')::date - 1 AS last FROM periods
        WHERE starts_on <= this.starts_on AND (starts_on + interval '12 months')::date > this.starts_on
    ), held AS (
        SELECT w.first, p.company_id, LEAST(p.last_day, w.last) - GREATEST(p.starts_on, w.first) + 1 AS days
        FROM windows w JOIN periods p ON p.starts_on <= w.last AND p.last_day >= w.first
    )
    SELECT (SELECT max(n) FROM (SELECT count(*) AS n FROM held WHERE company_id = this.company_id GROUP BY first) a),
        (SELECT max(n) FROM (SELECT sum(days) AS n FROM held GROUP BY first) b)
    INTO times, spent;
    IF times > trainees_limit('pmsmp_per_host', this.starts_on) THEN
        RAISE EXCEPTION 'Trop de PMSMP chez le même accueil en douze mois (code du travail, art. D5135-3).'
            USING ERRCODE = 'check_violation', DETAIL = 'pmsmp_host';
    END IF;
    IF spent > trainees_limit('pmsmp_days', this.starts_on) THEN
        RAISE EXCEPTION 'Trop de jours de PMSMP en douze mois (code du travail, art. D5135-3).'
            USING ERRCODE = 'check_violation', DETAIL = 'pmsmp_days';
    END IF;
END $$;
"""

CREATE = HOLIDAYS + SCHEDULE + PMSMP
DROP = """
DROP FUNCTION trainees_check_pmsmp(bigint);
DROP FUNCTION trainees_check_schedule(bigint[]);
DROP FUNCTION trainees_is_holiday(date);
DROP FUNCTION trainees_easter(int);
"""
