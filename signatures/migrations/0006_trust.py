import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of rules, traces, exclusions and records, and columns for them."""

    dependencies = [
        ("petitions", "0008_signing_can_be_paused"),
        ("signatures", "0005_mailing_allowed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("allow", "Allow"), ("block", "Block")],
                        max_length=5,
                        verbose_name="what to do",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("address", "E-mail address"),
                            ("domain", "Domain"),
                            ("network", "Network"),
                        ],
                        max_length=7,
                        verbose_name="with which",
                    ),
                ),
                ("pattern", models.CharField(max_length=254, verbose_name="which")),
                (
                    "note",
                    models.CharField(blank=True, max_length=200, verbose_name="why"),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="made",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "signature_number",
                    models.BigIntegerField(primary_key=True, serialize=False),
                ),
                (
                    "erased_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("address_key", models.CharField(blank=True, max_length=32)),
                (
                    "domain",
                    models.CharField(blank=True, max_length=254, verbose_name="domain"),
                ),
                (
                    "network_key",
                    models.CharField(blank=True, max_length=32, verbose_name="network"),
                ),
                (
                    "since_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="from"),
                ),
                (
                    "until_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="until"),
                ),
                (
                    "name_pattern",
                    models.CharField(blank=True, max_length=100, verbose_name="name"),
                ),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        default="running",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="made"
                    ),
                ),
                ("last_number", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "exclusion",
                "verbose_name_plural": "exclusions",
            },
        ),
        migrations.CreateModel(
            name="ExclusionCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("counted", models.PositiveIntegerField(default=0)),
                ("pending", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="NetworkSecret",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("secret", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ReasonReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("private", "It gives away who or where somebody is"),
                            ("threat", "It threatens or insults somebody"),
                            ("advertising", "It is advertising, or no reason at all"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="what is wrong",
                    ),
                ),
                (
                    "reported_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="reported"
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
            ],
            options={
                "verbose_name": "report of a reason",
                "verbose_name_plural": "reports of reasons",
            },
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "signature",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trace",
                        serialize=False,
                        to="signatures.signature",
                    ),
                ),
                (
                    "network_key",
                    models.CharField(max_length=32, verbose_name="network"),
                ),
                ("domain", models.CharField(max_length=254, verbose_name="domain")),
                (
                    "hits",
                    models.PositiveIntegerField(
                        default=0, verbose_name="from one network"
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(default=0, verbose_name="score"),
                ),
                (
                    "signs",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="what speaks against it",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="started"
                    ),
                ),
            ],
            options={
                "verbose_name": "trace",
                "verbose_name_plural": "traces",
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "digest",
                    models.CharField(max_length=16, primary_key=True, serialize=False),
                ),
                ("language", models.CharField(max_length=7)),
                ("text", models.TextField()),
                (
                    "first_used_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
            ],
        ),
        migrations.AddField(
            model_name="signature",
            name="consent",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="forgotten_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="held_at",
            field=models.DateTimeField(null=True, verbose_name="held"),
        ),
        migrations.AddField(
            model_name="signature",
            name="kept_days",
            field=models.PositiveSmallIntegerField(db_default=183, default=183),
        ),
        migrations.AddField(
            model_name="signature",
            name="link_number",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="signature",
            name="withdrawn_at",
            field=models.DateTimeField(null=True, verbose_name="withdrawn"),
        ),
        migrations.AlterField(
            model_name="signature",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Not confirmed"),
                    ("confirmed", "Confirmed"),
                    ("excluded", "Excluded"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="pending",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="accessrule",
            name="made_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="petition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="exclusion",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signatures.exclusion",
                verbose_name="excluded with",
            ),
        ),
        migrations.AddField(
            model_name="exclusioncount",
            name="exclusion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counts",
                to="signatures.exclusion",
            ),
        ),
        migrations.AddField(
            model_name="exclusioncount",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddField(
            model_name="reasonreport",
            name="signature",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="signatures.signature",
            ),
        ),
        migrations.AddIndex(
            model_name="trace",
            index=models.Index(fields=["started_at"], name="trace_started"),
        ),
        migrations.AddIndex(
            model_name="trace",
            index=models.Index(fields=["network_key"], name="trace_network"),
        ),
        migrations.AddConstraint(
            model_name="accessrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["allow", "block"])),
                name="rule_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["address", "domain", "network"])),
                name="rule_subject_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrule",
            constraint=models.UniqueConstraint(
                fields=("subject", "pattern"), name="rule_once_for_each_pattern"
            ),
        ),
        migrations.AddIndex(
            model_name="exclusion",
            index=models.Index(
                condition=models.Q(("state__in", ["running", "undoing"])),
                fields=["id"],
                name="exclusion_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["running", "stopped", "done", "undoing", "undone"])
                ),
                name="exclusion_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("petition", None),
                    ("since_at", None),
                    ("until_at", None),
                    ("address_key", ""),
                    ("domain", ""),
                    ("name_pattern", ""),
                    ("network_key", ""),
                    _negated=True,
                ),
                name="exclusion_has_a_condition",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusioncount",
            constraint=models.UniqueConstraint(
                fields=("exclusion", "petition"),
                name="exclusion_counts_once_for_each_petition",
            ),
        ),
        migrations.AddIndex(
            model_name="reasonreport",
            index=models.Index(
                condition=models.Q(("settled_at", None)),
                fields=["id"],
                name="report_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="reasonreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cause__in", ["private", "threat", "advertising", "other"])
                ),
                name="report_cause_is_known",
            ),
        ),
    ]
