import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0009_removals_by_moment'),
        ('upkeep', '0002_incidents'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureToNote',
            fields=[
                ('removal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='kernel.removal', verbose_name='effacement')),
                ('people', models.JSONField(verbose_name='fiches effacées')),
            ],
            options={
                'verbose_name': 'effacement à noter',
                'verbose_name_plural': 'effacements à noter',
            },
        ),
    ]
