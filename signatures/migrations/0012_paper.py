import django.db.models.deletion
from django.db import migrations, models

from petitions.migrating import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("signatures", "0011_delivery")]

    operations = [
        migrations.RemoveConstraint(
            model_name="sheetrow", name="sheet_row_verdict_is_known"
        ),
        migrations.AddField(
            model_name="sheet",
            name="handed_in_at",
            field=models.DateTimeField(null=True, verbose_name="handed in"),
        ),
        migrations.AddField(
            model_name="sheet",
            name="kept_days",
            field=models.PositiveSmallIntegerField(default=183),
        ),
        migrations.AlterField(
            model_name="sheetrow",
            name="signature",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sheet_row",
                to="signatures.signature",
            ),
        ),
        migrations.AlterField(
            model_name="sheetrow",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("accepted", "Counts"),
                    ("double", "Has signed already"),
                    ("unreadable", "Cannot be read"),
                    ("gone", "Taken off since it was counted"),
                ],
                default="accepted",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="sheet",
            index=models.Index(
                name="sheet_with_staff",
                fields=["id"],
                condition=models.Q(
                    ("counted_at__isnull", True), ("handed_in_at__isnull", False)
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetrow",
            constraint=models.CheckConstraint(
                name="sheet_row_verdict_is_known",
                condition=models.Q(
                    ("verdict__in", ["accepted", "double", "unreadable", "gone"])
                ),
            ),
        ),
        AddIndexMeanwhile(
            model_name="signature",
            index=models.Index(
                name="signature_on_paper",
                fields=["petition", "id"],
                condition=models.Q(("origin", "paper")),
            ),
        ),
    ]
