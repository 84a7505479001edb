"""What each rule says when it refuses: a sentence that says what to do, never its name. The database is not touched."""

from django.db import migrations, models

from e2c_portal.kernel.migrating import AddedAtOnce


class Migration(AddedAtOnce):

    dependencies = [('assises', '0010_calendar_serial')]

    operations = [
        migrations.AlterConstraint(
            model_name='answer',
            name='answer_says_something',
            constraint=models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='answer_says_something', violation_error_message='Écrivez la réponse, ou laissez la question de côté.'),
        ),
        migrations.AlterConstraint(
            model_name='outboxmessage',
            name='outbox_claimed_while_sending',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('claimed_at', None)), models.Q(('claim__isnull', False), ('claimed_at__isnull', False), ('status', 'sending')), _connector='OR'), name='outbox_claimed_while_sending', violation_error_message='Ce message est en cours d’envoi : attendez qu’il soit parti, puis rechargez la page.'),
        ),
        migrations.AlterConstraint(
            model_name='outboxmessage',
            name='outbox_finished_has_a_date',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('status__in', ['sent', 'cancelled'])), models.Q(models.Q(('status__in', ['sent', 'cancelled']), _negated=True), ('finished_at', None)), _connector='OR'), name='outbox_finished_has_a_date', violation_error_message='Un message parti ou annulé dit quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='photo',
            name='photo_is_a_picture',
            constraint=models.CheckConstraint(condition=models.Q(('mime__in', ['image/jpeg', 'image/png'])), name='photo_is_a_picture', violation_error_message='Choisissez une photo au format JPEG ou PNG.'),
        ),
        migrations.AlterConstraint(
            model_name='photo',
            name='photo_fingerprint',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='photo_fingerprint', violation_error_message='Cette photo n’a pas été gardée : choisissez de nouveau son fichier.'),
        ),
        migrations.AlterConstraint(
            model_name='registration',
            name='registration_purged_names_nobody',
            constraint=models.CheckConstraint(condition=models.Q(('purged_at', None), models.Q(('access_needs', ''), ('email', ''), ('first_name', ''), ('image_consent_by', ''), ('job_title', ''), ('last_name', ''), ('organisation', ''), ('trainee', None)), _connector='OR'), name='registration_purged_names_nobody', violation_error_message='Les noms de cette inscription sont effacés : elle ne se change plus. Inscrivez la personne de nouveau.'),
        ),
        migrations.AlterConstraint(
            model_name='registration',
            name='registration_of_a_trainee_of_a_school',
            constraint=models.CheckConstraint(condition=models.Q(('trainee', None), models.Q(('category', 'trainee'), ('school__isnull', False)), _connector='OR'), name='registration_of_a_trainee_of_a_school', violation_error_message='Un stagiaire s’inscrit comme stagiaire de son école : choisissez la catégorie « Stagiaires » et l’école.'),
        ),
        migrations.AlterConstraint(
            model_name='registration',
            name='registration_offer_has_an_end',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offered_until__isnull', False), ('status', 'offered')), models.Q(models.Q(('status', 'offered'), _negated=True), ('offered_until', None)), _connector='OR'), name='registration_offer_has_an_end', violation_error_message='Une place proposée se garde jusqu’à une heure dite : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='registration',
            name='registration_waits_since',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['waiting', 'offered']), _negated=True), ('waiting_since__isnull', False), _connector='OR'), name='registration_waits_since', violation_error_message='Une inscription en attente dit depuis quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='registration',
            name='registration_image_answer_is_dated',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('image_consent', None), ('image_consent_at', None)), models.Q(('image_consent__isnull', False), ('image_consent_at__isnull', False)), _connector='OR'), name='registration_image_answer_is_dated', violation_error_message='La réponse sur les photos dit quand elle a été donnée : répondez de nouveau.'),
        ),
        migrations.AlterConstraint(
            model_name='registration',
            name='registration_ticket_stored_hashed',
            constraint=models.CheckConstraint(condition=models.Q(('ticket_sha256__regex', '^[0-9a-f]{64}$')), name='registration_ticket_stored_hashed', violation_error_message='Le billet de cette inscription n’a pas pu être fait : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='surveyreply',
            name='survey_reply_counts_its_words',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), ('has_words', True), _connector='OR'), name='survey_reply_counts_its_words', violation_error_message='Votre mot n’a pas été compté : renvoyez votre réponse.'),
        ),
    ]
