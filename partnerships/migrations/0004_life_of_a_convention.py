import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.lookups
import e2c_portal.kernel.models
import partnerships.models.terms
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0003_merged_companies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AmendmentChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('part', models.CharField(choices=[('article', 'Article'), ('commitment', 'Engagement'), ('signatory', 'Signataire')], max_length=12, verbose_name='partie')),
                ('action', models.CharField(choices=[('add', 'Ajout'), ('replace', 'Remplacement'), ('remove', 'Suppression')], max_length=10, verbose_name='action')),
                ('key', models.CharField(max_length=20, verbose_name='ligne')),
                ('before', models.JSONField(blank=True, null=True, verbose_name='avant')),
                ('after', models.JSONField(blank=True, null=True, verbose_name='après')),
            ],
            options={
                'verbose_name': 'modification',
                'verbose_name_plural': 'modifications',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='AmendmentMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=30, verbose_name='état de départ')),
                ('target', models.CharField(max_length=30, verbose_name='état d’arrivée')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='enregistré le')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='date du fait')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('transaction', models.BigIntegerField(db_default=e2c_portal.kernel.models.CurrentTransaction(), editable=False)),
            ],
            options={
                'verbose_name': 'étape d’un avenant',
                'verbose_name_plural': 'étapes des avenants',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ConventionAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='numéro')),
                ('purpose', models.CharField(max_length=200, verbose_name='objet de l’avenant')),
                ('effective_on', models.DateField(blank=True, help_text='Laissez vide pour la date de la dernière signature.', null=True, verbose_name='prend effet le')),
                ('new_ends_on', models.DateField(blank=True, null=True, verbose_name='nouvelle date de fin')),
                ('new_renewal', models.CharField(blank=True, choices=[('none', 'Sans renouvellement'), ('express', 'Renouvellement exprès'), ('tacit', 'Reconduction tacite')], max_length=10, null=True, verbose_name='nouveau renouvellement')),
                ('new_renewal_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='nouvelle durée de chaque reconduction')),
                ('new_renewal_limit', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='nouveau nombre de reconductions')),
                ('new_notice_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='nouveau préavis')),
                ('deliberation_number', models.CharField(blank=True, max_length=40, verbose_name='numéro de la délibération')),
                ('deliberation_date', models.DateField(blank=True, null=True, verbose_name='date de la délibération')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='signé le')),
                ('signed_place', models.CharField(blank=True, max_length=150, verbose_name='lieu de signature')),
                ('status', models.CharField(choices=[('draft', 'Brouillon'), ('voted', 'Délibéré'), ('to_sign', 'À signer'), ('signed', 'Signé'), ('shelved', 'Sans suite')], default='draft', editable=False, max_length=20, verbose_name='état')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='révision')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='créé le')),
            ],
            options={
                'verbose_name': 'avenant',
                'verbose_name_plural': 'avenants',
                'ordering': ['convention', 'number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ConventionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('fact', 'Donnée'), ('article', 'Article'), ('commitment', 'Engagement')], max_length=12, verbose_name='partie')),
                ('key', models.CharField(max_length=30, verbose_name='ligne')),
                ('place_label', models.CharField(max_length=250, verbose_name='à propos de')),
                ('text', models.TextField(verbose_name='commentaire')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='écrit le')),
                ('answer', models.TextField(blank=True, verbose_name='réponse')),
                ('resolved_at', models.DateTimeField(null=True, verbose_name='réglé le')),
            ],
            options={
                'verbose_name': 'commentaire',
                'verbose_name_plural': 'commentaires',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ConventionTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, verbose_name='nom du modèle')),
                ('kind', models.CharField(choices=[('framework', 'Partenariat général'), ('internships', 'Accueil en stage'), ('jobs', 'Emploi et alternance'), ('sponsorship', 'Parrainage et mécénat')], default='framework', max_length=20, verbose_name='type')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='année')),
                ('title', models.CharField(max_length=200, verbose_name='titre de la convention')),
                ('object', models.CharField(default='Partenariat général', max_length=200, verbose_name='objet')),
                ('preamble', models.TextField(blank=True, verbose_name='préambule')),
                ('visas', models.TextField(blank=True, help_text='Un visa par ligne, sans le mot « Vu ».', verbose_name='visas (Vu…)')),
                ('recitals', models.TextField(blank=True, help_text='Un considérant par ligne, sans le mot « Considérant ».', verbose_name='considérants')),
                ('duration_months', models.PositiveSmallIntegerField(default=36, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(240)], verbose_name='durée en mois')),
                ('renewal', models.CharField(choices=[('none', 'Sans renouvellement'), ('express', 'Renouvellement exprès'), ('tacit', 'Reconduction tacite')], default='express', max_length=10, verbose_name='renouvellement')),
                ('renewal_months', models.PositiveSmallIntegerField(blank=True, help_text='Pour une reconduction tacite seulement.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='durée de chaque reconduction, en mois')),
                ('renewal_limit', models.PositiveSmallIntegerField(blank=True, help_text='Pour une reconduction tacite seulement. Laissez vide s’il n’y a pas de limite.', null=True, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='nombre de reconductions au plus')),
                ('notice_months', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='préavis en mois')),
                ('retired', models.BooleanField(default=False, help_text='Un modèle retiré n’est plus proposé.', verbose_name='retiré')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='révision')),
            ],
            options={
                'verbose_name': 'modèle de convention',
                'verbose_name_plural': 'modèles de convention',
                'ordering': ['-year', 'kind', 'name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MeetingAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('description', models.CharField(max_length=300, verbose_name='action')),
                ('who', models.CharField(max_length=150, verbose_name='qui')),
                ('due_on', models.DateField(verbose_name='pour le')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='faite le')),
            ],
            options={
                'verbose_name': 'action décidée',
                'verbose_name_plural': 'actions décidées',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SteeringMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='date')),
                ('place', models.CharField(blank=True, max_length=150, verbose_name='lieu')),
                ('attendees', models.TextField(blank=True, help_text='Une personne par ligne : nom, qualité.', verbose_name='présents')),
                ('minutes', models.TextField(blank=True, verbose_name='compte rendu')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='révision')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='créée le')),
            ],
            options={
                'verbose_name': 'réunion de suivi',
                'verbose_name_plural': 'réunions de suivi',
                'ordering': ['-held_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TemplateArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('body', models.TextField(help_text='Un paragraphe par ligne ; un tiret en début de ligne fait une liste.', verbose_name='texte')),
            ],
            options={
                'verbose_name': 'article de modèle',
                'verbose_name_plural': 'articles de modèle',
                'ordering': ['number'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='partnershipconvention',
            name='text_settled',
        ),
        migrations.RemoveConstraint(
            model_name='partnershipconvention',
            name='convention_one_at_a_time',
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='amended_ends_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='amended_notice_months',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='amended_renewal',
            field=models.CharField(blank=True, choices=[('', 'Non connu'), ('none', 'Sans renouvellement'), ('express', 'Renouvellement exprès'), ('tacit', 'Reconduction tacite')], editable=False, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='amended_renewal_limit',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='amended_renewal_months',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='predecessor',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='partnerships.partnershipconvention', verbose_name='renouvelle'),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='renewal_limit',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Pour une reconduction tacite seulement. Laissez vide si le texte ne fixe pas de limite.', null=True, validators=[django.core.validators.MaxValueValidator(50)], verbose_name='nombre de reconductions au plus'),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='renewal_months',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Pour une reconduction tacite seulement.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='durée de chaque reconduction, en mois'),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='early_end_agreement',
            field=models.CharField(blank=True, help_text='Seulement pour une fin avant le terme du préavis : date et référence de l’accord.', max_length=200, verbose_name='accord écrit de l’autre partie'),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='notice_given_by',
            field=models.CharField(blank=True, choices=[('region', 'la Région'), ('company', 'l’entreprise')], max_length=10, verbose_name='congé donné par'),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='notice_given_on',
            field=models.DateField(blank=True, help_text='Le jour où l’autre partie a reçu la lettre.', null=True, verbose_name='congé reçu le'),
        ),
        # A tacit renewal written before this migration said nothing of its length: it renews for the length first agreed.
        migrations.RunSQL(
            "UPDATE partnerships_partnershipconvention SET renewal_months = "
            "(EXTRACT(YEAR FROM age(ends_on + 1, starts_on)) * 12 + EXTRACT(MONTH FROM age(ends_on + 1, starts_on)))::smallint "
            "WHERE renewal = 'tacit' AND starts_on IS NOT NULL AND ends_on IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='partnershipconvention',
            name='notice_months',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='préavis en mois'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnershipconvention',
            trigger=pgtrigger.compiler.Trigger(name='text_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.status NOT IN ('draft', 'negotiation')) AND (OLD.number IS DISTINCT FROM NEW.number OR OLD.title IS DISTINCT FROM NEW.title OR OLD.object IS DISTINCT FROM NEW.object OR OLD.origin IS DISTINCT FROM NEW.origin OR OLD.sources IS DISTINCT FROM NEW.sources OR OLD.preamble IS DISTINCT FROM NEW.preamble OR OLD.visas IS DISTINCT FROM NEW.visas OR OLD.recitals IS DISTINCT FROM NEW.recitals OR OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on OR OLD.renewal IS DISTINCT FROM NEW.renewal OR OLD.renewal_months IS DISTINCT FROM NEW.renewal_months OR OLD.renewal_limit IS DISTINCT FROM NEW.renewal_limit OR OLD.notice_months IS DISTINCT FROM NEW.notice_months OR OLD.predecessor_id IS DISTINCT FROM NEW.predecessor_id) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='a51ef67dc230cce3ea4abdd907ec69079813391f', operation='UPDATE', pgid='pgtrigger_text_settled_1ba75', table='partnerships_partnershipconvention', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnershipconvention',
            trigger=pgtrigger.compiler.Trigger(name='amended_by_signed_amendments', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.amended_ends_on IS DISTINCT FROM (SELECT a.new_ends_on FROM partnerships_conventionamendment a WHERE a.convention_id = NEW.id AND a.status = 'signed' AND a.new_ends_on IS NOT NULL ORDER BY a.number DESC LIMIT 1) OR NEW.amended_renewal IS DISTINCT FROM (SELECT a.new_renewal FROM partnerships_conventionamendment a WHERE a.convention_id = NEW.id AND a.status = 'signed' AND a.new_renewal IS NOT NULL ORDER BY a.number DESC LIMIT 1) OR NEW.amended_renewal_months IS DISTINCT FROM (SELECT a.new_renewal_months FROM partnerships_conventionamendment a WHERE a.convention_id = NEW.id AND a.status = 'signed' AND a.new_renewal IS NOT NULL ORDER BY a.number DESC LIMIT 1) OR NEW.amended_renewal_limit IS DISTINCT FROM (SELECT a.new_renewal_limit FROM partnerships_conventionamendment a WHERE a.convention_id = NEW.id AND a.status = 'signed' AND a.new_renewal IS NOT NULL ORDER BY a.number DESC LIMIT 1) OR NEW.amended_notice_months IS DISTINCT FROM (SELECT a.new_notice_months FROM partnerships_conventionamendment a WHERE a.convention_id = NEW.id AND a.status = 'signed' AND a.new_notice_months IS NOT NULL ORDER BY a.number DESC LIMIT 1) THEN RAISE EXCEPTION 'Les dates d’une convention signée ne changent que par un avenant signé.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='bdbff664e9a1afbb07a7e3fefbbce77601abad4c', operation='UPDATE OF "amended_ends_on", "amended_renewal", "amended_renewal_months", "amended_renewal_limit", "amended_notice_months"', pgid='pgtrigger_amended_by_signed_amendments_82655', table='partnerships_partnershipconvention', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnershipconvention',
            trigger=pgtrigger.compiler.Trigger(name='told_who_denounces', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'denounced\' AND OLD."status" IS DISTINCT FROM (NEW."status"))', func="IF NEW.notice_given_on IS NULL OR NEW.notice_given_by = '' THEN RAISE EXCEPTION 'Indiquez qui dénonce la convention, et le jour où l’autre partie a reçu la lettre.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='eb4bb4d979b3d06dd481d4dee83929adc5ef186d', operation='UPDATE OF "status"', pgid='pgtrigger_told_who_denounces_99220', table='partnerships_partnershipconvention', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnershipconvention',
            trigger=pgtrigger.compiler.Trigger(name='touches_its_predecessor', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."predecessor_id" IS NOT NULL AND NEW."status" = \'signed\' AND OLD."status" IS DISTINCT FROM (NEW."status"))', declare='DECLARE taken daterange; reached text;', func="SELECT days_taken, status INTO taken, reached FROM partnerships_partnershipconvention WHERE id = NEW.predecessor_id FOR SHARE; IF reached NOT IN ('signed', 'denounced', 'archived') OR upper(taken) IS DISTINCT FROM NEW.starts_on THEN RAISE EXCEPTION 'Un renouvellement prend effet le lendemain de la fin de la convention qu’il renouvelle.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='f8b95a3dc714f11a986d089a7ef20e3af74abee0', operation='UPDATE OF "status"', pgid='pgtrigger_touches_its_predecessor_74072', table='partnerships_partnershipconvention', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='partnershipconvention',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('renewal', 'tacit'), _negated=True), ('renewal_limit', None), ('renewal_months', None)), models.Q(('renewal', 'tacit'), ('renewal_months__isnull', False), ('renewal_months__range', (1, 120)), models.Q(('renewal_limit', None), ('renewal_limit__lte', 50), _connector='OR')), _connector='OR'), name='convention_tacit_has_a_length', violation_error_message='Une reconduction tacite dit la durée de chaque reconduction ; les autres n’en ont pas.'),
        ),
        migrations.AddConstraint(
            model_name='partnershipconvention',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amended_ends_on', None), ('amended_notice_months', None), ('amended_renewal', None), ('amended_renewal_limit', None), ('amended_renewal_months', None)), ('status__in', ('signed', 'denounced', 'terminated', 'archived')), _connector='OR'), name='convention_amended_once_signed'),
        ),
        migrations.AddConstraint(
            model_name='partnershipconvention',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('id')), _negated=True), name='convention_never_its_own_successor'),
        ),
        migrations.AddConstraint(
            model_name='partnershipconvention',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'shelved'), _negated=True), fields=('predecessor',), name='convention_renewed_once', violation_error_message='Cette convention est déjà renouvelée par une autre.'),
        ),
        migrations.AddConstraint(
            model_name='partnershipconvention',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'denounced'), _negated=True), models.Q(('early_end_agreement', ''), _negated=True), ('ended_on__gte', partnerships.models.terms.MonthsAfter(django.db.models.functions.comparison.Cast('notice_given_on', models.DateField()), django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce('amended_notice_months', 'notice_months'), models.SmallIntegerField()), 0), models.IntegerField()))), _connector='OR'), name='convention_notice_respected', violation_error_message='La convention ne peut pas prendre fin avant le terme du préavis sans accord écrit de l’autre partie.'),
        ),
        migrations.AddField(
            model_name='partnershipconvention',
            name='days_taken',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('starts_on', None), django.db.models.lookups.IsNull(django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce('amended_ends_on', 'ends_on'), models.DateField()), True), _connector='OR'), then=models.Value(None, django.contrib.postgres.fields.ranges.DateRangeField())), default=partnerships.models.terms.DateRange('starts_on', models.Case(models.When(models.Q(models.Q(models.Q(('amended_renewal', 'tacit'), ('amended_renewal_months__isnull', False)), models.Q(('amended_renewal', None), ('renewal', 'tacit'), ('renewal_months__isnull', False)), _connector='OR'), models.Q(models.Q(('amended_renewal', 'tacit'), ('amended_renewal_limit', None)), models.Q(('amended_renewal', None), ('renewal', 'tacit'), ('renewal_limit', None)), _connector='OR'), ('ended_on', None)), then=models.Value(None, models.DateField())), default=models.Func(models.F('starts_on'), models.Func(models.F('ended_on'), models.Case(models.When(models.Q(models.Q(models.Q(('amended_renewal', 'tacit'), ('amended_renewal_months__isnull', False)), models.Q(('amended_renewal', None), ('renewal', 'tacit'), ('renewal_months__isnull', False)), _connector='OR'), models.Q(models.Q(('amended_renewal', 'tacit'), ('amended_renewal_limit', None)), models.Q(('amended_renewal', None), ('renewal', 'tacit'), ('renewal_limit', None)), _connector='OR')), then=models.Value(None, models.DateField())), models.When(models.Q(models.Q(('amended_renewal', 'tacit'), ('amended_renewal_months__isnull', False)), models.Q(('amended_renewal', None), ('renewal', 'tacit'), ('renewal_months__isnull', False)), _connector='OR'), then=partnerships.models.terms.DayBefore(partnerships.models.terms.MonthsAfter(partnerships.models.terms.NextDay(django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce('amended_ends_on', 'ends_on'), models.DateField())), django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast(models.Case(models.When(amended_renewal__isnull=False, then=models.F('amended_renewal_months')), default=models.F('renewal_months')), models.SmallIntegerField()), '*', django.db.models.functions.comparison.Cast(models.Case(models.When(amended_renewal__isnull=False, then=models.F('amended_renewal_limit')), default=models.F('renewal_limit')), models.SmallIntegerField()))))), default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Coalesce('amended_ends_on', 'ends_on'), models.DateField()), output_field=models.DateField()), function='LEAST', output_field=models.DateField()), function='GREATEST', output_field=models.DateField()), output_field=models.DateField()), models.Value('[]')), output_field=django.contrib.postgres.fields.ranges.DateRangeField()), output_field=django.contrib.postgres.fields.ranges.DateRangeField()),
        ),
        migrations.AddConstraint(
            model_name='partnershipconvention',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ('signed', 'denounced', 'terminated', 'archived'))), expressions=[('company', '='), ('object', '='), ('days_taken', '&&')], name='convention_one_at_a_time', violation_error_message='Cette entreprise a déjà une convention signée pour le même objet à ces dates.'),
        ),
        migrations.AddField(
            model_name='amendmentmove',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='conventionamendment',
            name='convention',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='partnerships.partnershipconvention', verbose_name='convention'),
        ),
        migrations.AddField(
            model_name='conventionamendment',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créé par'),
        ),
        migrations.AddField(
            model_name='amendmentmove',
            name='amendment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='partnerships.conventionamendment'),
        ),
        migrations.AddField(
            model_name='amendmentchange',
            name='amendment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='partnerships.conventionamendment'),
        ),
        migrations.AddField(
            model_name='conventioncomment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='conventioncomment',
            name='convention',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='partnerships.partnershipconvention', verbose_name='convention'),
        ),
        migrations.AddField(
            model_name='conventioncomment',
            name='resolved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réglé par'),
        ),
        migrations.AddConstraint(
            model_name='conventiontemplate',
            constraint=models.UniqueConstraint(fields=('year', 'kind', 'name'), name='template_once', violation_error_message='Un modèle de ce type porte déjà ce nom cette année-là.'),
        ),
        migrations.AddConstraint(
            model_name='conventiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('renewal', 'tacit'), _negated=True), ('renewal_limit', None), ('renewal_months', None)), models.Q(('notice_months__isnull', False), ('renewal', 'tacit'), ('renewal_months__isnull', False), ('renewal_months__range', (1, 120))), _connector='OR'), name='template_tacit_has_a_length', violation_error_message='Une reconduction tacite dit son préavis et la durée de chaque reconduction ; les autres n’ont pas de durée de reconduction.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventiontemplate',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Suppression refusée dans % : cette ligne garde une trace juridique.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='356452e9844b25131f79d48d871772dd4b22ad57', operation='DELETE', pgid='pgtrigger_never_deleted_92eab', table='partnerships_conventiontemplate', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='steeringmeeting',
            name='convention',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='partnerships.partnershipconvention', verbose_name='convention'),
        ),
        migrations.AddField(
            model_name='steeringmeeting',
            name='created_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créée par'),
        ),
        migrations.AddField(
            model_name='meetingaction',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='partnerships.steeringmeeting'),
        ),
        migrations.AddField(
            model_name='templatearticle',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='articles', to='partnerships.conventiontemplate'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'voted', 'to_sign', 'signed', 'shelved'])), name='amendment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'shelved'), _negated=True), fields=('convention', 'number'), name='amendment_number_once'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('draft', 'voted', 'to_sign'))), fields=('convention',), name='amendment_one_open', violation_error_message='Un projet d’avenant est déjà ouvert : terminez-le ou classez-le d’abord.'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('new_renewal', 'tacit'), ('new_renewal__isnull', False), ('new_renewal_months__isnull', False), ('new_renewal_months__range', (1, 120)), models.Q(('new_renewal_limit', None), ('new_renewal_limit__lte', 50), _connector='OR')), models.Q(('new_renewal_limit', None), ('new_renewal_months', None), models.Q(('new_renewal', None), models.Q(('new_renewal', 'tacit'), _negated=True), _connector='OR')), _connector='OR'), name='amendment_tacit_has_a_length', violation_error_message='Une reconduction tacite dit la durée de chaque reconduction ; les autres n’en ont pas.'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'signed'), _negated=True), models.Q(('effective_on__gte', models.F('signed_on')), ('signed_on__isnull', False)), _connector='OR'), name='amendment_signed_before_its_effect', violation_error_message='Un avenant prend effet au plus tôt le jour de sa signature.'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'voted'), _negated=True), models.Q(models.Q(('deliberation_number', ''), _negated=True), ('deliberation_date__isnull', False)), _connector='OR'), name='amendment_voted_has_its_vote', violation_error_message='Indiquez la délibération et sa date.'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.CheckConstraint(condition=models.Q(('signed_on', None), ('deliberation_date', None), ('signed_on__gte', models.F('deliberation_date')), _connector='OR'), name='amendment_signed_after_vote', violation_error_message='La signature ne peut pas précéder la délibération.'),
        ),
        migrations.AddConstraint(
            model_name='conventionamendment',
            constraint=models.CheckConstraint(condition=models.Q(('new_ends_on', None), ('effective_on', None), ('new_ends_on__gte', models.F('effective_on')), _connector='OR'), name='amendment_ends_after_its_effect', violation_error_message='La nouvelle date de fin ne peut pas précéder la date d’effet de l’avenant.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='status_starts', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."status" = \'draft\'))', func="RAISE EXCEPTION 'État initial interdit dans % : %', TG_TABLE_NAME, NEW.status USING ERRCODE = 'check_violation';", hash='2bf5afe8a1696b04362796bc67f473288375bf3b', operation='INSERT', pgid='pgtrigger_status_starts_0097d', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', func="IF (OLD.status::text, NEW.status::text) NOT IN (('draft', 'shelved'), ('draft', 'to_sign'), ('draft', 'voted'), ('to_sign', 'draft'), ('to_sign', 'shelved'), ('to_sign', 'signed'), ('voted', 'draft'), ('voted', 'shelved'), ('voted', 'to_sign')) THEN RAISE EXCEPTION 'Passage interdit dans % : de % à %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='f367999ff2d568335571dd805faf2aac77f49053', operation='UPDATE OF "status"', pgid='pgtrigger_status_follows_5869c', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='status_leaves_a_move', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', constraint='CONSTRAINT', func="IF NOT EXISTS (SELECT 1 FROM partnerships_amendmentmove m WHERE m.amendment_id = NEW.id AND m.origin = OLD.status AND m.target = NEW.status AND m.transaction = txid_current()) THEN RAISE EXCEPTION 'Changement d’état sans trace dans % : de % à %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation'; END IF; RETURN NULL;", hash='5518fc3ec15be47b37484fba8e0d63be19ede98c', operation='UPDATE OF "status"', pgid='pgtrigger_status_leaves_a_move_9272b', table='partnerships_conventionamendment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='place_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (TRUE) AND (OLD.convention_id IS DISTINCT FROM NEW.convention_id OR OLD.number IS DISTINCT FROM NEW.number) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='cab0714fa54873171638ae2aa2fbb44611c81ce8', operation='UPDATE', pgid='pgtrigger_place_settled_c2fd7', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='text_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.status <> 'draft') AND (OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.new_ends_on IS DISTINCT FROM NEW.new_ends_on OR OLD.new_renewal IS DISTINCT FROM NEW.new_renewal OR OLD.new_renewal_months IS DISTINCT FROM NEW.new_renewal_months OR OLD.new_renewal_limit IS DISTINCT FROM NEW.new_renewal_limit OR OLD.new_notice_months IS DISTINCT FROM NEW.new_notice_months) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='a8f72d3b2c153738228e935843e7ccc3ea6ee8e5', operation='UPDATE', pgid='pgtrigger_text_settled_d2cc6', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='effect_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.status = 'signed' OR OLD.status <> 'draft' AND OLD.effective_on IS NOT NULL) AND (OLD.effective_on IS DISTINCT FROM NEW.effective_on) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='c435ef378cfb9ace942aa8a6ce36013d06c7472a', operation='UPDATE', pgid='pgtrigger_effect_settled_11c64', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='signature_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.status = 'signed') AND (OLD.deliberation_number IS DISTINCT FROM NEW.deliberation_number OR OLD.deliberation_date IS DISTINCT FROM NEW.deliberation_date OR OLD.signed_on IS DISTINCT FROM NEW.signed_on OR OLD.signed_place IS DISTINCT FROM NEW.signed_place) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='dadfb2defc48e8f47e8999186a583695fa1b09c6', operation='UPDATE', pgid='pgtrigger_signature_settled_192cc', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='voted_when_ruled', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'to_sign\' AND OLD."status" IS DISTINCT FROM (NEW."status"))', func="IF NEW.deliberation_number = '' AND (NOT (NEW.new_ends_on IS NULL AND NEW.new_renewal IS NULL AND NEW.new_renewal_months IS NULL AND NEW.new_renewal_limit IS NULL AND NEW.new_notice_months IS NULL) OR EXISTS (SELECT 1 FROM partnerships_amendmentchange c WHERE c.amendment_id = NEW.id AND c.part <> 'signatory')) THEN RAISE EXCEPTION 'Cet avenant doit être voté avant d’être mis à la signature.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='8009765fd82ce56543cd266c73659423684a78e8', operation='UPDATE OF "status"', pgid='pgtrigger_voted_when_ruled_2164b', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='turn_of_signature', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'signed\' AND OLD."status" IS DISTINCT FROM (NEW."status"))', declare='DECLARE reached text; first_day date; latest date;', func="SELECT status, starts_on INTO reached, first_day FROM partnerships_partnershipconvention WHERE id = NEW.convention_id FOR UPDATE; SELECT max(effective_on) INTO latest FROM partnerships_conventionamendment WHERE convention_id = NEW.convention_id AND status = 'signed'; IF reached <> 'signed' THEN RAISE EXCEPTION 'Seule une convention signée et non dénoncée peut être modifiée par avenant.' USING ERRCODE = 'restrict_violation'; END IF; IF NEW.effective_on < first_day OR NEW.effective_on < latest THEN RAISE EXCEPTION 'Un avenant ne prend pas effet avant la convention ni avant l’avenant précédent.' USING ERRCODE = 'restrict_violation'; END IF; IF NOT (NEW.new_ends_on IS NULL AND NEW.new_renewal IS NULL AND NEW.new_renewal_months IS NULL AND NEW.new_renewal_limit IS NULL AND NEW.new_notice_months IS NULL) AND EXISTS (SELECT 1 FROM partnerships_partnershipconvention s WHERE s.predecessor_id = NEW.convention_id AND s.status IN ('signed', 'denounced', 'terminated', 'archived')) THEN RAISE EXCEPTION 'Une convention qui renouvelle celle-ci est déjà signée : ses dates ne changent plus.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='a4d0663aca621c8231eeb6df4cde21a0321e9edf', operation='UPDATE OF "status"', pgid='pgtrigger_turn_of_signature_a4c08', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='signed_takes_effect', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'signed\' AND OLD."status" IS DISTINCT FROM (NEW."status"))', func='UPDATE partnerships_partnershipconvention SET amended_ends_on = COALESCE(NEW.new_ends_on, amended_ends_on), amended_notice_months = COALESCE(NEW.new_notice_months, amended_notice_months), amended_renewal = COALESCE(NEW.new_renewal, amended_renewal), amended_renewal_months = CASE WHEN NEW.new_renewal IS NULL THEN amended_renewal_months ELSE NEW.new_renewal_months END, amended_renewal_limit = CASE WHEN NEW.new_renewal IS NULL THEN amended_renewal_limit ELSE NEW.new_renewal_limit END WHERE id = NEW.convention_id AND NOT (NEW.new_ends_on IS NULL AND NEW.new_renewal IS NULL AND NEW.new_renewal_months IS NULL AND NEW.new_renewal_limit IS NULL AND NEW.new_notice_months IS NULL); RETURN NULL;', hash='e52f180f56cbcf8d457f009f84c13c55507d0ba0', operation='UPDATE OF "status"', pgid='pgtrigger_signed_takes_effect_eba46', table='partnerships_conventionamendment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventionamendment',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Suppression refusée dans % : cette ligne garde une trace juridique.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='33e8b596f9558d7bf8fa5719cf3aa7098056ad94', operation='DELETE', pgid='pgtrigger_never_deleted_41a3a', table='partnerships_conventionamendment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='amendmentmove',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Ligne inaltérable de % : elle ne peut être ni changée ni supprimée.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='b42c80ab585d1b51d74f9f8e66b38962a1dbf6e4', operation='UPDATE OR DELETE', pgid='pgtrigger_immutable_412f9', table='partnerships_amendmentmove', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='amendmentchange',
            constraint=models.UniqueConstraint(fields=('amendment', 'part', 'key'), name='amendment_change_once'),
        ),
        migrations.AddConstraint(
            model_name='amendmentchange',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('amendment', 'position'), name='amendment_change_position_once'),
        ),
        migrations.AddConstraint(
            model_name='amendmentchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action', 'add'), ('after__isnull', False), ('before__isnull', True)), models.Q(('action', 'replace'), ('after__isnull', False), ('before__isnull', False)), models.Q(('action', 'remove'), ('after__isnull', True), ('before__isnull', False)), _connector='OR'), name='amendment_change_says_both_sides'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='amendmentchange',
            trigger=pgtrigger.compiler.Trigger(name='text_still_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE settled boolean;', func="SELECT bool_or(parents.status <> 'draft') INTO settled FROM (SELECT status FROM partnerships_conventionamendment WHERE id IN (OLD.amendment_id, NEW.amendment_id) FOR SHARE) AS parents; IF settled THEN RAISE EXCEPTION 'Le texte de cet avenant est arrêté : revenez au brouillon pour le changer.' USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;", hash='4e83dd3ae9f78a89b0d62c287c9c0000ccf153cc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_text_still_open_447a0', table='partnerships_amendmentchange', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='conventioncomment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_says_something'),
        ),
        migrations.AddConstraint(
            model_name='conventioncomment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__gte', models.F('at')), ('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='comment_resolved_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventioncomment',
            trigger=pgtrigger.compiler.Trigger(name='frozen_columns', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (TRUE) AND (OLD.convention_id IS DISTINCT FROM NEW.convention_id OR OLD.part IS DISTINCT FROM NEW.part OR OLD.key IS DISTINCT FROM NEW.key OR OLD.place_label IS DISTINCT FROM NEW.place_label OR OLD.text IS DISTINCT FROM NEW.text OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.at IS DISTINCT FROM NEW.at) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='f4fe66ae8d9cc7ec609f305bc2d6660f494051e1', operation='UPDATE', pgid='pgtrigger_frozen_columns_bed7b', table='partnerships_conventioncomment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventioncomment',
            trigger=pgtrigger.compiler.Trigger(name='answer_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.resolved_at IS NOT NULL) AND (OLD.answer IS DISTINCT FROM NEW.answer OR OLD.resolved_by_id IS DISTINCT FROM NEW.resolved_by_id OR OLD.resolved_at IS DISTINCT FROM NEW.resolved_at) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='61f22906f8dcd276e55e728ad07f28d288a80b23', operation='UPDATE', pgid='pgtrigger_answer_settled_2acdc', table='partnerships_conventioncomment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conventioncomment',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Suppression refusée dans % : cette ligne garde une trace juridique.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='d81b119b10b1080d2da422c14ddc8e908254053e', operation='DELETE', pgid='pgtrigger_never_deleted_b8e79', table='partnerships_conventioncomment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='steeringmeeting',
            constraint=models.UniqueConstraint(fields=('convention', 'held_on'), name='meeting_once_a_day', violation_error_message='Une réunion de suivi est déjà enregistrée à cette date pour cette convention.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steeringmeeting',
            trigger=pgtrigger.compiler.Trigger(name='place_settled', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (TRUE) AND (OLD.convention_id IS DISTINCT FROM NEW.convention_id) THEN RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;", hash='35e247099d28c1a52315257b8d2d3c5868ad8011', operation='UPDATE', pgid='pgtrigger_place_settled_9adcb', table='partnerships_steeringmeeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steeringmeeting',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Suppression refusée dans % : cette ligne garde une trace juridique.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='6795f764b924628a7f9346c8f68ebcf8e4515439', operation='DELETE', pgid='pgtrigger_never_deleted_b9b45', table='partnerships_steeringmeeting', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='meetingaction',
            index=models.Index(condition=models.Q(('done_on', None)), fields=['due_on'], name='action_to_do'),
        ),
        migrations.AddConstraint(
            model_name='meetingaction',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('meeting', 'position'), name='action_position_once'),
        ),
        migrations.AddConstraint(
            model_name='templatearticle',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('template', 'number'), name='template_article_number_once'),
        ),
    ]
