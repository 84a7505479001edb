"""The name of somebody known by their number, read in the index: the latest internships are walked to find those of a name."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Pages and workers go on writing while the index is made.
    atomic = False

    dependencies = [("trainees", "0016_periods_and_sentences")]

    operations = [
        AddIndexConcurrently(
            model_name="trainee", index=models.Index(fields=["id"], include=["search"], name="trainee_named"),
        ),
    ]
