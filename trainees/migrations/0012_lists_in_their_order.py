"""What the longest lists and counts of the network start from: each in its own order, or few rows among many."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Pages and workers go on writing while the indexes are made.
    atomic = False

    dependencies = [("trainees", "0011_by_school_and_address")]

    operations = [
        AddIndexConcurrently(
            model_name="internshipoffer",
            index=models.Index(
                fields=["starts_on", "id", "ends_on"], condition=models.Q(("closed_on", None)), name="offer_by_start"
            ),
        ),
        AddIndexConcurrently(
            model_name="internshipagreement",
            index=models.Index(
                fields=["internship"], condition=models.Q(("status", "to_sign")), name="agreement_to_sign"
            ),
        ),
        AddIndexConcurrently(
            model_name="companyassessment",
            index=models.Index(
                fields=["due_on"], condition=models.Q(("asked_at", None), ("status", "open")), name="assessment_to_ask"
            ),
        ),
        AddIndexConcurrently(
            model_name="skillscertificate",
            index=models.Index(fields=["school", "-issued_at", "-id"], name="certificate_latest"),
        ),
        RemoveIndexConcurrently(model_name="skillscertificate", name="certificate_by_school"),
    ]
