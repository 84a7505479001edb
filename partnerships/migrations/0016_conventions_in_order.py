"""The lists of conventions are walked in their order, not sorted whole for the twenty-five lines of a page."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    # Pages and workers go on writing while the indexes are made.
    atomic = False

    dependencies = [("partnerships", "0015_named_rules_and_lists")]

    operations = [
        AddIndexConcurrently(
            model_name="partnershipconvention",
            index=models.Index(F("signed_on").desc(nulls_first=True), F("number").desc(), name="convention_in_order"),
        ),
        AddIndexConcurrently(
            model_name="partnershipconvention",
            index=models.Index(
                F("signed_on").desc(nulls_first=True), F("created_at").desc(), F("id").desc(), name="convention_in_admin_order"
            ),
        ),
    ]
