"""What the rows behind the figures of one school are read by, latest first, and the figures of its day, kept ready for the network.

Without these indexes, the rows of one school are looked for among everybody's.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Pages and workers go on writing while the indexes are made.
    atomic = False

    dependencies = [("trainees", "0014_offers_answered")]

    operations = [
        AddIndexConcurrently(
            model_name="attendancehalfday", index=models.Index(fields=["school", "id"], name="half_day_in_order")
        ),
        AddIndexConcurrently(
            model_name="skillvalidation",
            index=models.Index(
                fields=["school", "-id"], condition=models.Q(("withdrawn_at", None)), name="validation_in_order"
            ),
        ),
        AddIndexConcurrently(
            model_name="internship",
            index=models.Index(fields=["-starts_on", "-id"], include=["trainee"], name="internship_latest_anywhere"),
        ),
        RemoveIndexConcurrently(model_name="internship", name="internship_latest_of_all"),
        # Last: had an index to be made again, nothing would stand in the way.
        migrations.CreateModel(
            name="SchoolDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("school_number", models.BigIntegerField(unique=True, verbose_name="école")),
                ("day", models.DateField(verbose_name="jour")),
                ("stamp", models.CharField(max_length=160, verbose_name="marque des nouvelles")),
                ("under_way", models.PositiveIntegerField(verbose_name="en parcours")),
                ("in_company", models.PositiveIntegerField(verbose_name="en entreprise")),
                ("without", models.PositiveIntegerField(verbose_name="sans stage")),
                ("to_sign", models.PositiveIntegerField(verbose_name="conventions à signer")),
            ],
            options={
                "verbose_name": "chiffres du jour d’une école",
                "verbose_name_plural": "chiffres du jour des écoles",
            },
        ),
    ]
