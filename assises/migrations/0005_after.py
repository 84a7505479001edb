# Messages to registered people, and the anonymous survey.

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import e2c_portal.kernel.checks
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('assises', '0004_registering'),
        ('schools', '0002_revision_of_forms'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outbox', to='assises.edition')),
                ('subject_line', models.CharField(max_length=150, verbose_name='objet')),
                ('body', models.TextField(max_length=5000, verbose_name='message')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('trainee', 'Stagiaires'), ('staff', 'Équipes des écoles'), ('company', 'Entreprises'), ('institution', 'Institutions'), ('press', 'Presse')], max_length=12), blank=True, default=list, size=None, verbose_name='catégories')),
                ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('asked', 'Demandée'), ('waiting', 'Sur liste d’attente'), ('offered', 'Place proposée'), ('confirmed', 'Inscrite'), ('cancelled', 'Annulée'), ('refused', 'Refusée'), ('expired', 'Proposition échue')], max_length=10), default=list, size=None, verbose_name='états de l’inscription')),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school', verbose_name='école')),
                ('presence', models.CharField(choices=[('any', 'Venues ou non'), ('came', 'Venues'), ('absent', 'Pas venues')], default='any', max_length=6, verbose_name='présence')),
                ('send_at', models.DateTimeField(blank=True, null=True, verbose_name='à envoyer le')),
                ('written_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='écrit le')),
                ('revision', models.PositiveIntegerField(default=0, editable=False, verbose_name='révision')),
                ('status', models.CharField(choices=[('draft', 'En préparation'), ('planned', 'Prévu'), ('sending', 'Envoi en cours'), ('sent', 'Envoyé'), ('cancelled', 'Annulé')], default='draft', editable=False, max_length=10, verbose_name='état')),
                ('recipients', models.PositiveIntegerField(default=0, editable=False, verbose_name='destinataires')),
                ('asked', models.PositiveIntegerField(default=0, editable=False, verbose_name='messages demandés')),
                ('refused', models.PositiveIntegerField(default=0, editable=False, verbose_name='adresses refusées')),
                ('reached', models.BigIntegerField(default=0, editable=False, verbose_name='dernière inscription traitée')),
                ('queued_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='mis en file le')),
                ('claim', models.UUIDField(blank=True, editable=False, null=True, verbose_name='prise en charge')),
                ('claimed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='pris en charge le')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='essais sans progrès')),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='terminé le')),
                ('kept_figures', models.JSONField(blank=True, editable=False, null=True, verbose_name='bilan gardé')),
            ],
            options={
                'verbose_name': 'message aux inscrits',
                'verbose_name_plural': 'messages aux inscrits',
                'ordering': ['-written_at', '-pk'],
                'indexes': [models.Index(fields=['edition', '-written_at', '-id'], name='outbox_by_edition'), models.Index(condition=models.Q(('status', 'planned')), fields=['send_at'], name='outbox_planned'), models.Index(condition=models.Q(('status', 'sending')), fields=['queued_at'], name='outbox_to_watch')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'planned', 'sending', 'sent', 'cancelled'])), name='outbox_status_known'), models.CheckConstraint(condition=models.Q(('presence__in', ['any', 'came', 'absent'])), name='outbox_presence_known'), models.CheckConstraint(condition=models.Q(('states', []), _negated=True), name='outbox_for_somebody', violation_error_message='Choisissez au moins un état de l’inscription.'), models.CheckConstraint(condition=models.Q(models.Q(('subject_line', ''), _negated=True), models.Q(('body', ''), _negated=True), models.Q(('subject_line__regex', '[\\r\\n]'), _negated=True)), name='outbox_says_something', violation_error_message='Écrivez l’objet, sur une ligne, et le message.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'planned'), _negated=True), ('send_at__isnull', False), _connector='OR'), name='outbox_planned_has_a_moment', violation_error_message='Dites quand l’envoyer.'), models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('claimed_at', None)), models.Q(('claim__isnull', False), ('claimed_at__isnull', False), ('status', 'sending')), _connector='OR'), name='outbox_claimed_while_sending'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('status__in', ['sent', 'cancelled'])), models.Q(models.Q(('status__in', ['sent', 'cancelled']), _negated=True), ('finished_at', None)), _connector='OR'), name='outbox_finished_has_a_date'), models.CheckConstraint(condition=models.Q(models.Q(('subject_line__regex', '(?<![0-9])[1-478][ .\xa0\u202f-]?[0-9][0-9][ .\xa0\u202f-]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .\xa0\u202f-]?(?:[0-9]{2}|2[AaBb])[ .\xa0\u202f-]?[0-9][0-9][0-9][ .\xa0\u202f-]?[0-9][0-9][0-9](?:[ .\xa0\u202f-]?[0-9]{2})?(?![ .\xa0\u202f-]?[0-9])'), _negated=True), models.Q(('body__regex', '(?<![0-9])[1-478][ .\xa0\u202f-]?[0-9][0-9][ .\xa0\u202f-]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .\xa0\u202f-]?(?:[0-9]{2}|2[AaBb])[ .\xa0\u202f-]?[0-9][0-9][0-9][ .\xa0\u202f-]?[0-9][0-9][0-9](?:[ .\xa0\u202f-]?[0-9]{2})?(?![ .\xa0\u202f-]?[0-9])'), _negated=True)), name='outbox_without_nir', violation_error_message='Ce texte contient un numéro qui ressemble à un numéro de sécurité sociale. Le portail n’en garde aucun : retirez-le, puis enregistrez de nouveau.')],
            },
            bases=(e2c_portal.kernel.checks.ChecksAtOnce, models.Model),
        ),
        migrations.CreateModel(
            name='SurveyAnswered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('registration', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='survey_answered', to='assises.registration')),
                ('answered_on', models.DateField(verbose_name='répondu le')),
            ],
            options={
                'verbose_name': 'enquête répondue',
                'verbose_name_plural': 'enquêtes répondues',
            },
        ),
        migrations.CreateModel(
            name='SurveyReply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='identifiant')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_replies', to='assises.edition')),
                ('welcome', models.PositiveSmallIntegerField(verbose_name='accueil et organisation')),
                ('programme', models.PositiveSmallIntegerField(verbose_name='utilité du programme')),
                ('encounters', models.PositiveSmallIntegerField(verbose_name='rencontres')),
                ('again', models.PositiveSmallIntegerField(verbose_name='envie de revenir')),
                ('words', models.TextField(blank=True, verbose_name='ce que la personne dit')),
                ('has_words', models.BooleanField(default=False, editable=False, verbose_name='a écrit quelques mots')),
            ],
            options={
                'verbose_name': 'réponse à l’enquête',
                'verbose_name_plural': 'réponses à l’enquête',
                'ordering': ['edition', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('again__range', (1, 5)), ('encounters__range', (1, 5)), ('programme__range', (1, 5)), ('welcome__range', (1, 5))), name='survey_reply_on_the_scale', violation_error_message='Choisissez une note de 1 à 5.'), models.CheckConstraint(condition=models.Q(('words', ''), ('has_words', True), _connector='OR'), name='survey_reply_counts_its_words'), models.CheckConstraint(condition=models.Q(('words__regex', '(?<![0-9])[1-478][ .\xa0\u202f-]?[0-9][0-9][ .\xa0\u202f-]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .\xa0\u202f-]?(?:[0-9]{2}|2[AaBb])[ .\xa0\u202f-]?[0-9][0-9][0-9][ .\xa0\u202f-]?[0-9][0-9][0-9](?:[ .\xa0\u202f-]?[0-9]{2})?(?![ .\xa0\u202f-]?[0-9])'), _negated=True), name='survey_reply_without_nir', violation_error_message='Ce texte contient un numéro qui ressemble à un numéro de sécurité sociale. Le portail n’en garde aucun : retirez-le, puis enregistrez de nouveau.')],
            },
            bases=(e2c_portal.kernel.checks.ChecksAtOnce, models.Model),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='scan',
            name='voided_for_good',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='voided_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.voided_at IS NOT NULL) AND (OLD.voided_at IS DISTINCT FROM NEW.voided_at OR OLD.voided_by_id IS DISTINCT FROM NEW.voided_by_id) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='ae6cd47246784fe23b174fb5272a15f0d98a10e6', operation='UPDATE', pgid='pgtrigger_voided_for_good_11954', table='assises_scan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='void_reason_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.voided_at IS NOT NULL AND NEW.void_reason <> 'Motif effacé avec les noms') AND (OLD.void_reason IS DISTINCT FROM NEW.void_reason) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='63700eae6c99d53a8257281576f1f9d3ea0725d6', operation='UPDATE', pgid='pgtrigger_void_reason_kept_38b68', table='assises_scan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxmessage',
            trigger=pgtrigger.compiler.Trigger(name='status_starts', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."status" = \'draft\'))', func="RAISE EXCEPTION 'État initial interdit dans % : %', TG_TABLE_NAME, NEW.status USING ERRCODE = 'check_violation';", hash='faa96b316554dccb40d2b8a5f270548d9fe5d6e9', operation='INSERT', pgid='pgtrigger_status_starts_29b26', table='assises_outboxmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxmessage',
            trigger=pgtrigger.compiler.Trigger(name='status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', func="IF (OLD.status::text, NEW.status::text) NOT IN (('draft', 'planned'), ('draft', 'sending'), ('draft', 'cancelled'), ('planned', 'sending'), ('planned', 'cancelled'), ('sending', 'sent'), ('sending', 'cancelled')) THEN RAISE EXCEPTION 'Passage interdit dans % : de % à %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='c01419cf5742e37391e30e90a529ff94b06e1949', operation='UPDATE OF "status"', pgid='pgtrigger_status_follows_5de36', table='assises_outboxmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxmessage',
            trigger=pgtrigger.compiler.Trigger(name='outbox_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (TRUE) AND (OLD.edition_id IS DISTINCT FROM NEW.edition_id OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id OR OLD.written_at IS DISTINCT FROM NEW.written_at) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='f4a62ab51c21c74c2ed432dfe43adeac2a5addae', operation='UPDATE', pgid='pgtrigger_outbox_settled_b09d3', table='assises_outboxmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxmessage',
            trigger=pgtrigger.compiler.Trigger(name='outbox_text_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.status <> 'draft') AND (OLD.subject_line IS DISTINCT FROM NEW.subject_line OR OLD.body IS DISTINCT FROM NEW.body OR OLD.categories IS DISTINCT FROM NEW.categories OR OLD.states IS DISTINCT FROM NEW.states OR OLD.school_id IS DISTINCT FROM NEW.school_id OR OLD.presence IS DISTINCT FROM NEW.presence) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='a31b20d02a51e3220cc28e0771ad7dc87a19aabe', operation='UPDATE', pgid='pgtrigger_outbox_text_settled_68289', table='assises_outboxmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outboxmessage',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Suppression refusée dans % : cette ligne garde une trace juridique.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='211d24b3eaf625f224c262b5abd8dc72164ff434', operation='DELETE', pgid='pgtrigger_never_deleted_37e54', table='assises_outboxmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyanswered',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Ligne inaltérable de % : elle ne peut être ni changée ni supprimée.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='ce816f3232dfd9a95ddbf282b75b01c2260d3e8e', operation='UPDATE OR DELETE', pgid='pgtrigger_immutable_c5c9b', table='assises_surveyanswered', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyanswered',
            trigger=pgtrigger.compiler.Trigger(name='answered_while_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE day date;', func="SELECT e.held_on INTO day FROM assises_edition e JOIN assises_registration r ON r.edition_id = e.id WHERE r.id = NEW.registration_id; IF NEW.answered_on < day OR NEW.answered_on > day + 30 THEN RAISE EXCEPTION 'L’enquête n’est pas ouverte ce jour-là.' USING ERRCODE = 'check_violation'; END IF; IF NOT EXISTS (SELECT 1 FROM assises_scan s WHERE s.registration_id = NEW.registration_id AND s.outcome = 'ok' AND s.voided_at IS NULL) THEN RAISE EXCEPTION 'Seules les personnes venues répondent à l’enquête.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='0eae3224c72af3498a9d980c6aeb21658056fd3f', operation='INSERT', pgid='pgtrigger_answered_while_open_3c8cc', table='assises_surveyanswered', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyreply',
            trigger=pgtrigger.compiler.Trigger(name='survey_reply_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (TRUE) AND (OLD.edition_id IS DISTINCT FROM NEW.edition_id OR OLD.welcome IS DISTINCT FROM NEW.welcome OR OLD.programme IS DISTINCT FROM NEW.programme OR OLD.encounters IS DISTINCT FROM NEW.encounters OR OLD.again IS DISTINCT FROM NEW.again OR OLD.has_words IS DISTINCT FROM NEW.has_words) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='79603e83d6bb2c922333c97102a57908a59c3d85', operation='UPDATE', pgid='pgtrigger_survey_reply_settled_f3fea', table='assises_surveyreply', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyreply',
            trigger=pgtrigger.compiler.Trigger(name='survey_words_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.words <> '') AND (OLD.words IS DISTINCT FROM NEW.words) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='0873d3deb77c6c7d3b49b5b5814a2e49878d0a02', operation='UPDATE', pgid='pgtrigger_survey_words_settled_6331a', table='assises_surveyreply', when='BEFORE')),
        ),
    ]
