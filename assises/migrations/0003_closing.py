# The life of an edition ends with its closing.

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assises', '0002_registrations'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='edition',
            name='status_follows',
        ),
        migrations.RemoveConstraint(
            model_name='edition',
            name='edition_status_known',
        ),
        migrations.AlterField(
            model_name='edition',
            name='status',
            field=models.CharField(choices=[('draft', 'En préparation'), ('announced', 'Annoncée'), ('cancelled', 'Annulée'), ('closed', 'Clôturée')], default='draft', editable=False, max_length=10, verbose_name='état'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'announced', 'cancelled', 'closed'])), name='edition_status_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', func="IF (OLD.status::text, NEW.status::text) NOT IN (('announced', 'cancelled'), ('announced', 'closed'), ('announced', 'draft'), ('draft', 'announced'), ('draft', 'cancelled'), ('draft', 'closed')) THEN RAISE EXCEPTION 'Passage interdit dans % : de % à %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='f5d7de8feaa00e9ea2990245d19103575a805450', operation='UPDATE OF "status"', pgid='pgtrigger_status_follows_774a3', table='assises_edition', when='BEFORE')),
        ),
    ]
