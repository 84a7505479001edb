"""Messages are found by their words and by the address they went to, whatever its capitals, without reading all of them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Concat, Upper

from e2c_portal.kernel.search import Fold

WORDS = Fold(
    Concat(
        models.F("subject_line"), models.Value(" "), models.F("name"), models.Value(" "), models.F("email"),
        output_field=models.CharField(),
    )
)  # fmt: skip


class Migration(migrations.Migration):
    # Pages and workers go on writing while the indexes are made.
    atomic = False

    dependencies = [("kernel", "0001_search"), ("mailing", "0003_by_request")]

    operations = [
        AddIndexConcurrently(
            model_name="mail",
            index=models.Index(Upper("email"), models.F("requested_at").desc(), name="mail_by_any_case"),
        ),
        AddIndexConcurrently(
            model_name="mail", index=GinIndex(OpClass(WORDS, name="gin_trgm_ops"), name="mail_by_words")
        ),
        AddIndexConcurrently(
            model_name="sms",
            index=GinIndex(OpClass(Fold(models.F("phone")), name="gin_trgm_ops"), name="sms_by_words"),
        ),
    ]
