from django.db import migrations, models
from django.db.models import Q

from petitions.migrating import AddConstraintMeanwhile, AddIndexMeanwhile


class Migration(migrations.Migration):
    """What signers allow after signing: since when, and an index to find it by."""

    atomic = False
    dependencies = [("signatures", "0010_tools")]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="consents_changed_at",
            field=models.DateTimeField(null=True),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                name="signature_allows_more_since_a_moment",
                condition=Q(name_for_delivery=False, organizer_may_write=False)
                | Q(consents_changed_at__isnull=False, forgotten_at__isnull=True),
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                name="signature_written_to_only_with_address",
                condition=Q(organizer_may_write=False) | ~Q(email=""),
            ),
        ),
        AddIndexMeanwhile(
            model_name="signature",
            index=models.Index(
                name="signature_name_for_delivery",
                fields=["petition", "id"],
                condition=Q(state="confirmed") & Q(name_for_delivery=True),
            ),
        ),
    ]
