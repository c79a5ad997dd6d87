from django.db import migrations, models

from petitions.migrating import (
    AddConstraintMeanwhile,
    AddIndexMeanwhile,
    RemoveConstraintMeanwhile,
)


class Migration(migrations.Migration):
    """Signatures that are held, withdrawn for a day, forgotten or excluded in bulk."""

    atomic = False  # one step after the other, each short

    dependencies = [("signatures", "0006_trust")]

    operations = [
        RemoveConstraintMeanwhile(
            model_name="signature",
            name="signature_state_is_known",
        ),
        RemoveConstraintMeanwhile(
            model_name="signature",
            name="signature_online_has_name_and_address",
        ),
        AddIndexMeanwhile(
            model_name="signature",
            index=models.Index(
                condition=models.Q(
                    ("exclusion__isnull", True), ("held_at__isnull", False)
                ),
                fields=["id"],
                name="signature_held",
            ),
        ),
        AddIndexMeanwhile(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("exclusion__isnull", False)),
                fields=["exclusion", "id"],
                name="signature_excluded_with",
            ),
        ),
        AddIndexMeanwhile(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("state", "withdrawn")),
                fields=["withdrawn_at"],
                name="signature_withdrawn",
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["pending", "confirmed", "excluded", "withdrawn"])
                ),
                name="signature_state_is_known",
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "online"), _negated=True),
                    models.Q(
                        models.Q(("name", ""), _negated=True),
                        models.Q(("email", ""), _negated=True),
                        ("address_key__isnull", False),
                    ),
                    ("forgotten_at__isnull", False),
                    _connector="OR",
                ),
                name="signature_online_has_name_and_address",
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_at__isnull", True), ("state", "pending"), _connector="OR"
                ),
                name="signature_held_only_while_pending",
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True),
                        ("withdrawn_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="signature_withdrawn_at_when_withdrawn",
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgotten_at__isnull", True),
                    models.Q(
                        ("address_key__isnull", True),
                        ("email", ""),
                        ("name", ""),
                        ("place", ""),
                        ("reason", ""),
                        ("show_name", False),
                        ("via", ""),
                        ("wants_updates", False),
                    ),
                    _connector="OR",
                ),
                name="signature_forgotten_holds_nothing_personal",
            ),
        ),
        AddConstraintMeanwhile(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("exclusion__isnull", True),
                    ("state__in", ["excluded", "withdrawn"]),
                    models.Q(("held_at__isnull", False), ("state", "pending")),
                    _connector="OR",
                ),
                name="signature_excluded_in_bulk_does_not_count",
            ),
        ),
    ]
