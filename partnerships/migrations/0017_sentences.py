"""What each rule says when it refuses: a sentence that says what to do, never its name. The database is not touched."""

from django.db import migrations, models

from e2c_portal.kernel.migrating import AddedAtOnce


class Migration(AddedAtOnce):

    dependencies = [('partnerships', '0016_conventions_in_order')]

    operations = [
        migrations.AlterConstraint(
            model_name='amendmentchange',
            name='amendment_change_says_both_sides',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action', 'add'), ('after__isnull', False), ('before__isnull', True)), models.Q(('action', 'replace'), ('after__isnull', False), ('before__isnull', False)), models.Q(('action', 'remove'), ('after__isnull', True), ('before__isnull', False)), _connector='OR'), name='amendment_change_says_both_sides', violation_error_message='Un ajout dit le texte nouveau, un retrait l’ancien, un remplacement les deux : complétez ce changement.'),
        ),
        migrations.AlterConstraint(
            model_name='ceremonyitem',
            name='ceremony_at_most_thirty',
            constraint=models.CheckConstraint(condition=models.Q(('position__range', (1, 30))), name='ceremony_at_most_thirty', violation_error_message='Une cérémonie compte trente conventions au plus : retirez-en une, ou préparez une seconde cérémonie.'),
        ),
        migrations.AlterConstraint(
            model_name='commitmentdelivery',
            name='delivery_told_by_one_person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declared_by__isnull', False), ('reported_by_contact', None)), models.Q(('declared_by', None), ('reported_by_contact__isnull', False)), _connector='OR'), name='delivery_told_by_one_person', violation_error_message='Une réalisation est dite par une personne de la Région ou par un contact de l’entreprise, pas par les deux : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='commitmentdelivery',
            name='delivery_decision_is_whole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('reported_by_contact', None), ('status__in', ['counted', 'cancelled'])), models.Q(('decided_at', None), ('decided_by', None), ('reported_by_contact__isnull', False), ('status', 'reported')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('reported_by_contact__isnull', False), models.Q(('status', 'reported'), _negated=True)), _connector='OR'), name='delivery_decision_is_whole', violation_error_message='La décision sur cette réalisation dit qui l’a prise et quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='commitmentdelivery',
            name='delivery_cancelling_is_whole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False), ('status', 'cancelled')), models.Q(models.Q(('status', 'cancelled'), _negated=True), ('cancelled_at', None), ('cancelled_by', None)), _connector='OR'), name='delivery_cancelling_is_whole', violation_error_message='L’annulation d’une réalisation dit qui l’a faite et quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='commitmentdelivery',
            name='delivery_proof_is_stored',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proof', ''), ('proof_mime', ''), ('proof_sha256', ''), ('proof_size', None)), models.Q(models.Q(('proof', ''), _negated=True), ('proof_mime__in', ['application/pdf', 'image/jpeg', 'image/png']), ('proof_sha256__regex', '^[0-9a-f]{64}$'), ('proof_size__gt', 0), ('proof_size__isnull', False)), _connector='OR'), name='delivery_proof_is_stored', violation_error_message='Cette preuve n’a pas été gardée : choisissez de nouveau un fichier PDF, JPEG ou PNG.'),
        ),
        migrations.AlterConstraint(
            model_name='company',
            name='company_never_merged_into_itself',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('pk')), _negated=True), name='company_never_merged_into_itself', violation_error_message='Une fiche ne se réunit pas à elle-même : choisissez l’autre fiche de cette entreprise.'),
        ),
        migrations.AlterConstraint(
            model_name='companycontact',
            name='contact_never_its_own_double',
            constraint=models.CheckConstraint(condition=models.Q(('duplicate_of', models.F('pk')), _negated=True), name='contact_never_its_own_double', violation_error_message='Un contact n’est pas son propre double : choisissez l’autre fiche de cette personne.'),
        ),
        migrations.AlterConstraint(
            model_name='companyrequest',
            name='request_says_something',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='request_says_something', violation_error_message='Écrivez ce que vous demandez.'),
        ),
        migrations.AlterConstraint(
            model_name='companyrequest',
            name='request_without_nir',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '(?<![0-9])[1-478][ .\xa0\u202f-]?[0-9][0-9][ .\xa0\u202f-]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .\xa0\u202f-]?(?:[0-9]{2}|2[AaBb])[ .\xa0\u202f-]?[0-9][0-9][0-9][ .\xa0\u202f-]?[0-9][0-9][0-9](?:[ .\xa0\u202f-]?[0-9]{2})?(?![ .\xa0\u202f-]?[0-9])'), _negated=True), name='request_without_nir', violation_error_message='Ce texte contient un numéro qui ressemble à un numéro de sécurité sociale. Le portail n’en garde aucun : retirez-le, puis enregistrez de nouveau.'),
        ),
        migrations.AlterConstraint(
            model_name='companyrequest',
            name='request_handled_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('handled_at', None), ('handled_by', None), ('status', 'received')), models.Q(('handled_at__gte', models.F('received_at')), ('handled_by__isnull', False), ('status__in', ['answered', 'closed']), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='request_handled_by_somebody', violation_error_message='Écrivez la réponse donnée à cette demande : elle dit aussi qui l’a donnée, et quand.'),
        ),
        migrations.AlterConstraint(
            model_name='contactreplacement',
            name='replacement_by_somebody_else',
            constraint=models.CheckConstraint(condition=models.Q(('former', models.F('successor')), _negated=True), name='replacement_by_somebody_else', violation_error_message='Indiquez une autre personne que celle qui s’en va.'),
        ),
        migrations.AlterConstraint(
            model_name='conventionamendment',
            name='amendment_number_once',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'shelved'), _negated=True), fields=('convention', 'number'), name='amendment_number_once', violation_error_message='Un autre avenant de cette convention vient de prendre ce numéro : enregistrez de nouveau.'),
        ),
        migrations.AlterConstraint(
            model_name='conventioncomment',
            name='comment_says_something',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_says_something', violation_error_message='Écrivez votre commentaire.'),
        ),
        migrations.AlterConstraint(
            model_name='conventioncomment',
            name='comment_resolved_by_somebody',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__gte', models.F('at')), ('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='comment_resolved_by_somebody', violation_error_message='Un commentaire réglé dit par qui et quand : rechargez la page, puis recommencez.'),
        ),
        migrations.AlterConstraint(
            model_name='partnershipconvention',
            name='convention_amended_once_signed',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amended_ends_on', None), ('amended_notice_months', None), ('amended_renewal', None), ('amended_renewal_limit', None), ('amended_renewal_months', None)), ('status__in', ('signed', 'denounced', 'terminated', 'archived')), _connector='OR'), name='convention_amended_once_signed', violation_error_message='Un avenant ne change qu’une convention signée : tant qu’elle ne l’est pas, corrigez son texte.'),
        ),
        migrations.AlterConstraint(
            model_name='partnershipconvention',
            name='convention_never_its_own_successor',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('id')), _negated=True), name='convention_never_its_own_successor', violation_error_message='Une convention ne se renouvelle pas elle-même : choisissez celle qu’elle remplace.'),
        ),
    ]
