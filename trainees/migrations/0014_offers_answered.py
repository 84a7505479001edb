"""The model of the figures that only version 0.2.0 wrote, and that nobody read, is gone. Its table waits for that version to leave.

Its rows stay as they are, and version 0.2.0 goes on writing in it during the upgrade. Without its foreign key the table holds
nobody back: a school, or all of them in a test, is removed without looking at it. The next version drops it.
"""

import django.db.models.deletion
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
    ]
