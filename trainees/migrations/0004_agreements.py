from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainees", "0003_internships"),
        ("trainees", "0003_attendance"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="internship",
            index=models.Index(
                condition=models.Q(("status", "accepted")),
                fields=["starts_on", "id"],
                name="internship_to_be_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="internshipagreement",
            index=models.Index(
                condition=models.Q(("signed_on__gt", models.F("starts_on")), ("status", "signed")),
                fields=["internship"],
                name="agreement_signed_late",
            ),
        ),
    ]
