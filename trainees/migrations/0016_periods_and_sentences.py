"""A place of an offer is taken in its period; what each rule says when it refuses, which the database knows nothing of.

Version 0.2.0 goes on taking places: for an internship that has no day in the period it is refused, in the French sentence of the
trigger, and it moves the dates of an internship as before.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from e2c_portal.kernel.migrating import AddedAtOnce


class Migration(AddedAtOnce):

    dependencies = [('trainees', '0015_rows_of_a_school')]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='internship',
            trigger=pgtrigger.compiler.Trigger(name='gives_back_an_offer_of_another_time', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."last_day" IS DISTINCT FROM (NEW."last_day"))', func='DELETE FROM trainees_offeruse u USING trainees_internshipoffer o WHERE u.internship_id = NEW.id AND o.id = u.offer_id AND (NEW.starts_on > o.ends_on OR NEW.last_day < o.starts_on); RETURN NULL;', hash='131968f10a352cb24ee2aab73efecca99451f4e0', operation='UPDATE OF "starts_on", "ends_on", "ended_early_on"', pgid='pgtrigger_gives_back_an_offer_of_another_time_863b7', table='trainees_internship', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='internshipoffer',
            trigger=pgtrigger.compiler.Trigger(name='period_covers_uses', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on"))', func="IF EXISTS (SELECT 1 FROM trainees_offeruse u JOIN trainees_internship i ON i.id = u.internship_id WHERE u.offer_id = NEW.id AND (i.starts_on > NEW.ends_on OR i.last_day < NEW.starts_on)) THEN RAISE EXCEPTION 'Des stages qui ont une place de cette offre n’ont aucun jour entre ces dates : rendez d’abord leur place.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='47a5a82f422c26a33a22ca1776f8172db3cf025c', operation='UPDATE OF "starts_on", "ends_on"', pgid='pgtrigger_period_covers_uses_9f99a', table='trainees_internshipoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='offeruse',
            trigger=pgtrigger.compiler.Trigger(name='within_the_period', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE stay trainees_internship%ROWTYPE;', func="SELECT * INTO stay FROM trainees_internship WHERE id = NEW.internship_id FOR SHARE; IF NOT EXISTS (SELECT 1 FROM trainees_internshipoffer o WHERE o.id = NEW.offer_id AND stay.starts_on <= o.ends_on AND stay.last_day >= o.starts_on) THEN RAISE EXCEPTION 'Ce stage n’a aucun jour pendant la période de l’offre : choisissez un autre stage, ou changez ses dates.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='3fb4ab8c95d8c535215f3e43c8dbe5d190583a79', operation='INSERT', pgid='pgtrigger_within_the_period_e013e', table='trainees_offeruse', when='BEFORE')),
        ),
        migrations.AlterConstraint(
            model_name='absenceproof',
            name='absence_proof_has_a_file',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file', ''), _negated=True), ('size__gt', 0)), name='absence_proof_has_a_file', violation_error_message='Ce justificatif n’a pas été gardé : choisissez de nouveau son fichier.'),
        ),
        migrations.AlterConstraint(
            model_name='accidentreport',
            name='accident_deadline_after_known',
            constraint=models.CheckConstraint(condition=models.Q(('deadline_at__gt', models.F('known_at'))), name='accident_deadline_after_known', violation_error_message='L’heure limite vient après celle où l’accident est connu : vérifiez la date et l’heure.'),
        ),
        migrations.AlterConstraint(
            model_name='accidentreport',
            name='accident_told_by_one_person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recorded_by__isnull', False), ('reported_by_contact', None)), models.Q(('recorded_by', None), ('reported_by_contact__isnull', False)), _connector='OR'), name='accident_told_by_one_person', violation_error_message='Un accident est noté par une personne de l’école ou signalé par l’entreprise, pas par les deux : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='agederogation',
            name='age_derogation_has_a_reason',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='age_derogation_has_a_reason', violation_error_message='Écrivez le motif de la dérogation.'),
        ),
        migrations.AlterConstraint(
            model_name='agreementamendment',
            name='agreement_amendment_signed_has_a_date',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'signed'), _negated=True), ('signed_on__isnull', False), _connector='OR'), name='agreement_amendment_signed_has_a_date', violation_error_message='Un avenant signé a une date de signature : indiquez-la.'),
        ),
        migrations.AlterConstraint(
            model_name='approach',
            name='approach_settled_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_by', None), ('settled_on', None)), models.Q(('settled_by__isnull', False), ('settled_on__isnull', False)), _connector='OR'), name='approach_settled_by_somebody', violation_error_message='Une démarche close dit par qui et quel jour : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='attendancehalfday',
            name='half_day_words_known',
            constraint=models.CheckConstraint(condition=models.Q(('half__in', ['am', 'pm']), ('place__in', ['school', 'company']), ('state__in', ['present', 'late', 'absent', 'leave'])), name='half_day_words_known', violation_error_message='Choisissez une des réponses proposées pour cette demi-journée.'),
        ),
        migrations.AlterConstraint(
            model_name='companyassessment',
            name='assessment_one_validated',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'validated')), fields=('internship',), name='assessment_one_validated', violation_error_message='Une autre évaluation de ce stage vient d’être validée : rechargez la page pour la lire.'),
        ),
        migrations.AlterConstraint(
            model_name='companyassessment',
            name='assessment_sent_says_all',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('sha256', ''), ('status__in', ['open', 'cancelled']), ('submitted_at', None), ('told_by', None)), models.Q(models.Q(('status__in', ['open', 'cancelled']), _negated=True), ('submitted_at__isnull', False), ('told_by__isnull', False), models.Q(('sha256', ''), _negated=True), models.Q(('outcome', ''), _negated=True), models.Q(('would_host_again', ''), _negated=True)), _connector='OR'), name='assessment_sent_says_all', violation_error_message='Une évaluation envoyée répond à tout : complétez ce qui manque, puis envoyez-la.'),
        ),
        migrations.AlterConstraint(
            model_name='companyassessment',
            name='assessment_decided_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status__in', ['validated', 'cancelled'])), models.Q(('decided_at__isnull', False), ('status', 'cancelled')), models.Q(('status__in', ['validated', 'cancelled']), _negated=True), _connector='OR'), name='assessment_decided_by_somebody', violation_error_message='La décision sur cette évaluation dit qui l’a prise et quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='companyassessment',
            name='assessment_draft_ends_with_sending',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'open'), ('draft', {}), _connector='OR'), name='assessment_draft_ends_with_sending', violation_error_message='Cette évaluation est envoyée : son brouillon ne se change plus. Rechargez la page.'),
        ),
        migrations.AlterConstraint(
            model_name='evidence',
            name='evidence_file_is_whole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('mime', ''), ('sha256', ''), ('size', 0)), models.Q(models.Q(('file', ''), _negated=True), ('size__gt', 0)), _connector='OR'), name='evidence_file_is_whole', violation_error_message='Ce fichier n’a pas été gardé en entier : choisissez-le de nouveau.'),
        ),
        migrations.AlterConstraint(
            model_name='followup',
            name='follow_up_months',
            constraint=models.CheckConstraint(condition=models.Q(('months__in', [3, 6, 9, 12])), name='follow_up_months', violation_error_message='Un suivi se fait à 3, 6, 9 ou 12 mois : choisissez un de ces moments.'),
        ),
        migrations.AlterConstraint(
            model_name='internshipagreement',
            name='agreement_knows_its_first_day',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['to_sign', 'signed']), _negated=True), ('starts_on__isnull', False), _connector='OR'), name='agreement_knows_its_first_day', violation_error_message='Une convention à signer a un premier jour : indiquez les dates du stage.'),
        ),
        migrations.AlterConstraint(
            model_name='internshipagreement',
            name='agreement_signed_has_a_date',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'signed'), _negated=True), ('signed_on__isnull', False), _connector='OR'), name='agreement_signed_has_a_date', violation_error_message='Une convention signée a une date de signature : indiquez-la.'),
        ),
        migrations.AlterConstraint(
            model_name='internshipoffer',
            name='offer_told_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposed_by', None), ('recorded_by__isnull', False)), models.Q(('proposed_by__isnull', False), ('recorded_by', None)), _connector='OR'), name='offer_told_by_somebody', violation_error_message='Une offre est recueillie par une personne du réseau ou proposée par l’entreprise, pas par les deux : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='legalparameter',
            name='parameter_has_a_source',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='parameter_has_a_source', violation_error_message='Écrivez d’où vient cette limite : la loi, le décret, et l’article.'),
        ),
        migrations.AlterConstraint(
            model_name='legalrepresentative',
            name='representative_has_a_name',
            constraint=models.CheckConstraint(condition=models.Q(('full_name', ''), _negated=True), name='representative_has_a_name', violation_error_message='Indiquez le nom du représentant légal.'),
        ),
        migrations.AlterConstraint(
            model_name='monthlyattendancestatement',
            name='statement_one_in_force',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('frozen', 'sent'))), fields=('school', 'month'), name='statement_one_in_force', violation_error_message='Un état de ce mois vient d’être arrêté : rechargez la page pour le lire.'),
        ),
        migrations.AlterConstraint(
            model_name='monthlyattendancestatement',
            name='statement_month_is_its_first_day',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='statement_month_is_its_first_day', violation_error_message='Un état porte sur un mois entier : choisissez le mois dans la liste.'),
        ),
        migrations.AlterConstraint(
            model_name='monthlyattendancestatement',
            name='statement_frozen_says_when',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('frozen_by', None), ('sha256', ''), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('frozen_at__isnull', False), ('frozen_by__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='statement_frozen_says_when', violation_error_message='Un état arrêté dit par qui et quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='referencedataset',
            name='reference_one_current',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('kind',), name='reference_one_current', violation_error_message='Un autre référentiel vient d’être mis en service : rechargez la page pour voir lequel.'),
        ),
        migrations.AlterConstraint(
            model_name='schoolweekday',
            name='school_week_never_on_sunday',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__range', (0, 5))), name='school_week_never_on_sunday', violation_error_message='La semaine d’une école va du lundi au samedi : choisissez un de ces jours.'),
        ),
        migrations.AlterConstraint(
            model_name='skillframework',
            name='framework_code_readable',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Za-z0-9][A-Za-z0-9._-]*$')), name='framework_code_readable', violation_error_message='Le code d’un référentiel tient en minuscules, chiffres et tirets : corrigez le fichier, puis chargez-le de nouveau.'),
        ),
        migrations.AlterConstraint(
            model_name='skillframework',
            name='framework_dates_follow_its_state',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_on', None), ('retired_on', None), ('status', 'draft')), models.Q(('published_on__isnull', False), ('retired_on', None), ('status', 'published')), models.Q(('published_on__isnull', False), ('retired_on__gte', models.F('published_on')), ('status', 'retired')), _connector='OR'), name='framework_dates_follow_its_state', violation_error_message='Les dates de ce référentiel ne vont pas avec son état : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='skillscertificate',
            name='certificate_shows_known_parts',
            constraint=models.CheckConstraint(condition=models.Q(('shown__contained_by', ['name', 'hours', 'skills', 'companies'])), name='certificate_shows_known_parts', violation_error_message='Choisissez ce que montre la vérification parmi ce qui est proposé.'),
        ),
        migrations.AlterConstraint(
            model_name='traineetransfer',
            name='transfer_answered_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'asked')), models.Q(models.Q(('status', 'asked'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='transfer_answered_by_somebody', violation_error_message='La réponse à ce transfert dit qui l’a donnée et quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='tutorreport',
            name='report_decided_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'reported')), models.Q(models.Q(('status', 'reported'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='report_decided_by_somebody', violation_error_message='La suite donnée à ce signalement dit qui l’a donnée et quand : rechargez la page, puis recommencez.'),
        ),
    ]
