"""Where a convention stands, told by functions that queries call by name (ADR 0038); and the order of the list of requests.

Written out in each query, the rule made Django put together thousands of small conditions for one page. The functions take a whole
row: PostgreSQL writes their bodies in the place of the calls, so that they cost what the written rule did. partnerships.situation and
partnerships.terms say the same in Python, and the tests compare both.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.e2c_convention_ends_on(c public.partnerships_partnershipconvention) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(c.amended_ends_on, c.ends_on)
$$;

CREATE OR REPLACE FUNCTION public.e2c_convention_tacit_months(c public.partnerships_partnershipconvention) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN c.amended_renewal = 'tacit' THEN c.amended_renewal_months
        WHEN c.amended_renewal IS NULL AND c.renewal = 'tacit' THEN c.renewal_months
    END::integer
$$;

CREATE OR REPLACE FUNCTION public.e2c_convention_agreed_last_day(c public.partnerships_partnershipconvention) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN public.e2c_convention_tacit_months(c) IS NULL THEN public.e2c_convention_ends_on(c)
        ELSE (public.e2c_convention_ends_on(c) + 1 + make_interval(months => public.e2c_convention_tacit_months(c)
            * CASE WHEN c.amended_renewal IS NULL THEN c.renewal_limit ELSE c.amended_renewal_limit END))::date - 1
    END
$$;

CREATE OR REPLACE FUNCTION public.e2c_renewed_until(first_day date, months integer, on_day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN here > on_day THEN here ELSE after END - 1
    FROM (SELECT
        (first_day + make_interval(months => months * rank))::date AS here,
        (first_day + make_interval(months => months * (rank + 1)))::date AS after
        FROM (SELECT ((EXTRACT(YEAR FROM on_day) - EXTRACT(YEAR FROM first_day)) * 12
            + EXTRACT(MONTH FROM on_day) - EXTRACT(MONTH FROM first_day))::integer / months AS rank) AS ranked) AS periods
$$;

CREATE OR REPLACE FUNCTION public.e2c_convention_period_end(c public.partnerships_partnershipconvention, on_day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN public.e2c_convention_tacit_months(c) IS NULL OR public.e2c_convention_ends_on(c) >= on_day
            THEN LEAST(c.ended_on, public.e2c_convention_ends_on(c))
        ELSE LEAST(c.ended_on, public.e2c_convention_agreed_last_day(c), public.e2c_renewed_until(
            public.e2c_convention_ends_on(c) + 1, public.e2c_convention_tacit_months(c), on_day))
    END
$$;

CREATE OR REPLACE FUNCTION public.e2c_convention_is_renewed(convention bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.partnerships_partnershipconvention next
        WHERE next.predecessor_id = convention AND next.status IN ('signed', 'denounced', 'terminated', 'archived')
    )
$$;

CREATE OR REPLACE FUNCTION public.e2c_convention_situation(c public.partnerships_partnershipconvention, on_day date) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN c.status IN ('draft', 'negotiation', 'approved', 'deliberated', 'to_sign', 'shelved') THEN c.status::text
        WHEN c.ended_on < on_day AND (public.e2c_convention_agreed_last_day(c) > c.ended_on) IS NOT FALSE THEN 'ended_early'
        WHEN LEAST(c.ended_on, public.e2c_convention_agreed_last_day(c)) < on_day
            THEN CASE WHEN public.e2c_convention_is_renewed(c.id) THEN 'renewed' ELSE 'expired' END
        WHEN c.starts_on IS NULL OR public.e2c_convention_ends_on(c) IS NULL AND c.ended_on IS NULL THEN 'undated'
        WHEN c.starts_on > on_day THEN 'upcoming'
        WHEN c.ended_on IS NOT NULL THEN 'leaving'
        ELSE 'active'
    END
$$;
"""
FORGOTTEN = """
DROP FUNCTION public.e2c_convention_situation(public.partnerships_partnershipconvention, date);
DROP FUNCTION public.e2c_convention_is_renewed(bigint);
DROP FUNCTION public.e2c_convention_period_end(public.partnerships_partnershipconvention, date);
DROP FUNCTION public.e2c_renewed_until(date, integer, date);
DROP FUNCTION public.e2c_convention_agreed_last_day(public.partnerships_partnershipconvention);
DROP FUNCTION public.e2c_convention_tacit_months(public.partnerships_partnershipconvention);
DROP FUNCTION public.e2c_convention_ends_on(public.partnerships_partnershipconvention);
"""


class Migration(migrations.Migration):
    # Pages and workers go on writing while the index is made.
    atomic = False

    dependencies = [("partnerships", "0014_contacts_by_words")]

    operations = [
        migrations.RunSQL(FUNCTIONS, FORGOTTEN),
        AddIndexConcurrently(
            model_name="companyrequest",
            index=models.Index(fields=["-received_at", "-id"], name="request_latest"),
        ),
    ]
