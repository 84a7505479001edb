"""An internship that goes elsewhere gives back the place of an offer; the figures that nobody read leave.

The model of the figures that only version 0.2.0 wrote, and that nobody read, is gone. Its table waits for that version to leave.

Its rows stay as they are, and version 0.2.0 goes on writing in it during the upgrade. Without its foreign key the table holds
nobody back: a school, or all of them in a test, is removed without looking at it. The next version drops it.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0002_revision_of_forms'),
        ('trainees', '0013_school_news'),
    ]

    operations = [
        migrations.AlterField(
            model_name='erasedfigure',
            name='school',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school', verbose_name='école'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='ErasedFigure')]),
        pgtrigger.migrations.AddTrigger(
            model_name='internship',
            trigger=pgtrigger.compiler.Trigger(name='gives_back_an_offer_of_elsewhere', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM trainees_offeruse u USING trainees_internshipoffer o WHERE u.internship_id = NEW.id AND o.id = u.offer_id AND o.establishment_id <> NEW.establishment_id; RETURN NULL;', hash='389a796c1c28c0e62b120fb453b4d92de8f0e443', operation='UPDATE OF "establishment_id"', pgid='pgtrigger_gives_back_an_offer_of_elsewhere_1a904', table='trainees_internship', when='AFTER')),
        ),
    ]
