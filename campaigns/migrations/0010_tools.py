import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import petitions.languages


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0009_events_of_the_site"),
        ("petitions", "0011_tools"),
        ("signatures", "0010_tools"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
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
                ("mail_due_at", models.DateTimeField(editable=False, null=True)),
                ("mail_queued_at", models.DateTimeField(editable=False, null=True)),
                ("mail_stopped_at", models.DateTimeField(editable=False, null=True)),
                (
                    "mail_total",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                (
                    "mail_sent",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                (
                    "mail_failed",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                ("mail_done_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "amendment",
                "verbose_name_plural": "amendments",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AmendmentMail",
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
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="due"
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                ("leased_until", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("dead_at", models.DateTimeField(null=True, verbose_name="given up")),
                (
                    "last_error",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="last error"
                    ),
                ),
            ],
            options={
                "verbose_name": "mail about an amendment",
                "verbose_name_plural": "mails about amendments",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Answer",
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
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked"
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(null=True, verbose_name="answered"),
                ),
                ("text", models.TextField(blank=True, verbose_name="answer")),
                (
                    "signed_as",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="who answers"
                    ),
                ),
                ("turned_down_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "answer of a target",
                "verbose_name_plural": "answers of targets",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="claim",
                        serialize=False,
                        to="petitions.petition",
                    ),
                ),
                ("until_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("language", models.CharField(max_length=7)),
                ("answers", models.JSONField(default=dict)),
                ("picture", models.ImageField(blank=True, upload_to="drafts")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HourlyCount",
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
                ("count", models.IntegerField(default=0)),
                ("hour_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                        choices=[
                            ("join", "To stand behind it together"),
                            ("take_over", "To take it over"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "invited_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="invited"
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="good until")),
                (
                    "accepted_at",
                    models.DateTimeField(null=True, verbose_name="accepted"),
                ),
                (
                    "taken_back_at",
                    models.DateTimeField(null=True, verbose_name="taken back"),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="due"
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                ("leased_until", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("dead_at", models.DateTimeField(null=True, verbose_name="given up")),
                (
                    "last_error",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="last error"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("start", "Confirm a new petition"),
                            ("in_review", "In review"),
                            ("opened", "Opened"),
                            ("changes_asked", "Changes asked for"),
                            ("rejected", "Rejected"),
                            ("hidden", "Hidden"),
                            ("restored", "Restored"),
                            ("answer_wanted", "A target's answer wanted"),
                            ("invitation", "Invitation"),
                            ("promise_due", "Was the promise kept?"),
                            ("still_there", "Are you still there?"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail to organizers and targets",
                "verbose_name_plural": "mails to organizers and targets",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PetitionReport",
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
                            ("personal", "It names or endangers somebody"),
                            ("unlawful", "It is against the law"),
                            ("hateful", "It insults or threatens people"),
                            ("false", "It is not true"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="what is wrong",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="in your words"
                    ),
                ),
                (
                    "reported_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "report of a petition",
                "verbose_name_plural": "reports of petitions",
            },
        ),
        migrations.CreateModel(
            name="Promise",
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
                    "text",
                    models.CharField(max_length=300, verbose_name="what was promised"),
                ),
                ("due_on", models.DateField(verbose_name="by when")),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("kept", "Kept"),
                            ("partly", "Kept in part"),
                            ("broken", "Not kept"),
                        ],
                        max_length=10,
                        verbose_name="was it kept?",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ScheduledUpdate",
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
                        choices=[
                            ("update", "Update"),
                            ("news", "In the news"),
                            ("response", "Response"),
                            ("delivery", "Delivery"),
                            ("outcome", "Outcome"),
                        ],
                        default="update",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                (
                    "url",
                    models.URLField(blank=True, max_length=500, verbose_name="link"),
                ),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="source"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=petitions.languages.languages,
                        max_length=7,
                        verbose_name="language",
                    ),
                ),
                ("with_mail", models.BooleanField(default=False)),
                ("post_at", models.DateTimeField(verbose_name="to be posted")),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
            ],
            options={
                "verbose_name": "scheduled update",
                "verbose_name_plural": "scheduled updates",
                "ordering": ["post_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="petitions.petition",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("others_asked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "silence of organizers",
                "verbose_name_plural": "silences of organizers",
            },
        ),
        migrations.CreateModel(
            name="TownCount",
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
                ("count", models.IntegerField(default=0)),
                ("place", models.CharField(max_length=100)),
                (
                    "gathered_at",
                    models.DateTimeField(default=django.utils.timezone.now),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_is_known",
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_done_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_failed",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_sent",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_stopped_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ending",
            name="mail_total",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_done_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_failed",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_sent",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_stopped_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="update",
            name="mail_total",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("imported", "Imported"),
                    ("submitted", "Sent for review"),
                    ("taken_back", "Taken back from review"),
                    ("opened", "Opened"),
                    ("edited", "Edited"),
                    ("rejected", "Rejected"),
                    ("closed", "Closed"),
                    ("won", "Declared won"),
                    ("hidden", "Hidden"),
                    ("restored", "Restored"),
                    ("update_posted", "Update posted"),
                    ("reason_released", "Reason released"),
                    ("reason_hidden", "Reason hidden"),
                    ("excluded", "Signature excluded"),
                    ("counted_again", "Signature counted again"),
                    ("signature_released", "Held signature released"),
                    ("excluded_in_bulk", "Signatures excluded in bulk"),
                    ("exclusion_stopped", "Exclusion in bulk stopped"),
                    ("exclusion_undone", "Exclusion in bulk undone"),
                    ("rule_added", "Rule added"),
                    ("rule_removed", "Rule removed"),
                    ("paused", "Signing paused"),
                    ("resumed", "Signing resumed"),
                    ("looked_up", "Address looked up"),
                    ("erased", "Signature erased for its signer"),
                    ("role_changed", "Role changed"),
                    ("factor_removed", "Second factor removed"),
                    ("exported", "Exported"),
                    ("count_mended", "Count mended"),
                    ("changes_asked", "Changes asked for"),
                    ("reports_settled", "Reports answered"),
                    ("invited", "Invited to run it"),
                    ("joined", "Came to run it"),
                    ("handed_over", "Handed over to another organizer"),
                    ("signers_told", "Signers told of new words"),
                    ("scheduled", "Update scheduled"),
                    ("unscheduled", "Scheduled update taken back"),
                    ("mail_stopped", "Mail stopped"),
                    ("mail_resumed", "Mail resumed"),
                    ("target_asked", "Target asked"),
                    ("target_answered", "Target answered"),
                    ("answer_published", "Answer published"),
                    ("answer_refused", "Answer turned down"),
                    ("handed_to_target", "Hand-over made"),
                    ("sheets_printed", "Sheets printed"),
                    ("sheet_counted", "Sheet counted"),
                    ("sheet_undone", "Sheet undone"),
                    ("promise_answered", "Said whether a promise was kept"),
                    ("organizers_asked", "Organizers asked whether they are there"),
                    ("still_there", "Organizers still there"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "imported",
                            "submitted",
                            "taken_back",
                            "opened",
                            "edited",
                            "rejected",
                            "closed",
                            "won",
                            "hidden",
                            "restored",
                            "update_posted",
                            "reason_released",
                            "reason_hidden",
                            "excluded",
                            "counted_again",
                            "signature_released",
                            "excluded_in_bulk",
                            "exclusion_stopped",
                            "exclusion_undone",
                            "rule_added",
                            "rule_removed",
                            "paused",
                            "resumed",
                            "looked_up",
                            "erased",
                            "role_changed",
                            "factor_removed",
                            "exported",
                            "count_mended",
                            "changes_asked",
                            "reports_settled",
                            "invited",
                            "joined",
                            "handed_over",
                            "signers_told",
                            "scheduled",
                            "unscheduled",
                            "mail_stopped",
                            "mail_resumed",
                            "target_asked",
                            "target_answered",
                            "answer_published",
                            "answer_refused",
                            "handed_to_target",
                            "sheets_printed",
                            "sheet_counted",
                            "sheet_undone",
                            "promise_answered",
                            "organizers_asked",
                            "still_there",
                        ],
                    )
                ),
                name="event_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petitionversion",
            ),
        ),
        migrations.AddField(
            model_name="amendmentmail",
            name="amendment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.amendment",
            ),
        ),
        migrations.AddField(
            model_name="amendmentmail",
            name="signature",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="signatures.signature",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="petitions.petitiontarget",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="update",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.update",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="petition",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddField(
            model_name="hourlycount",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="answer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="campaigns.answer",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="draft",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="campaigns.draft",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.event",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="invitation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="campaigns.invitation",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="petition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddField(
            model_name="petitionreport",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="promise",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="campaigns.promise",
            ),
        ),
        migrations.AddField(
            model_name="scheduledupdate",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scheduledupdate",
            name="organizer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="petitions.organizer",
                verbose_name="in the name of",
            ),
        ),
        migrations.AddField(
            model_name="scheduledupdate",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
        migrations.AddField(
            model_name="towncount",
            name="petition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.petition",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mail_queued_at__isnull", True),
                    ("mail_due_at__isnull", False),
                    _connector="OR",
                ),
                name="amendment_mail_queued_only_when_due",
            ),
        ),
        migrations.AddIndex(
            model_name="amendmentmail",
            index=models.Index(
                condition=models.Q(
                    ("dead_at__isnull", True), ("sent_at__isnull", True)
                ),
                fields=["due_at"],
                name="amendmentmail_due",
            ),
        ),
        migrations.AddIndex(
            model_name="amendmentmail",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False)),
                fields=["id"],
                name="amendmentmail_given_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at__isnull", True),
                    ("dead_at__isnull", True),
                    _connector="OR",
                ),
                name="amendmentmail_is_sent_or_dead_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentmail",
            constraint=models.UniqueConstraint(
                fields=("amendment", "signature"),
                name="amendment_mailed_once_to_each_signer",
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(
                    ("answered_at__isnull", False),
                    ("turned_down_at__isnull", True),
                    ("update__isnull", True),
                ),
                fields=["answered_at"],
                name="answer_to_be_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("text", "")),
                    models.Q(
                        ("answered_at__isnull", False),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="answer_has_text_when_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", False),
                    models.Q(
                        ("turned_down_at__isnull", True), ("update__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="answer_decided_only_when_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("update__isnull", True),
                    ("turned_down_at__isnull", True),
                    _connector="OR",
                ),
                name="answer_published_or_turned_down_not_both",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["changed_at"], name="draft_untouched"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at__isnull", True),
                    ("confirmed_at__isnull", False),
                    models.Q(("email", ""), _negated=True),
                    _connector="OR",
                ),
                name="draft_sent_with_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True), ("petition__isnull", True)
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False), ("petition__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="draft_confirmed_is_a_petition",
            ),
        ),
        migrations.AddConstraint(
            model_name="hourlycount",
            constraint=models.UniqueConstraint(
                fields=("petition", "hour_at"), name="hourly_count_once_an_hour"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["join", "take_over"])),
                name="invitation_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", True),
                    ("taken_back_at__isnull", True),
                    _connector="OR",
                ),
                name="invitation_accepted_or_taken_back_not_both",
            ),
        ),
        migrations.AddIndex(
            model_name="petitionreport",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["petition", "id"],
                name="petition_report_unsettled",
            ),
        ),
        migrations.AddConstraint(
            model_name="petitionreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cause__in", ["personal", "unlawful", "hateful", "false", "other"])
                ),
                name="petition_report_cause_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("answer", ""), ("asked_at__isnull", True)),
                fields=["due_on"],
                name="promise_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["kept", "partly", "broken", ""])),
                name="promise_answer_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="promise_answered_at_when_answered",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("dead_at__isnull", True), ("sent_at__isnull", True)
                ),
                fields=["due_at"],
                name="notice_due",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False)),
                fields=["id"],
                name="notice_given_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_at__isnull", True),
                    ("dead_at__isnull", True),
                    _connector="OR",
                ),
                name="notice_is_sent_or_dead_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "start",
                            "in_review",
                            "opened",
                            "changes_asked",
                            "rejected",
                            "hidden",
                            "restored",
                            "answer_wanted",
                            "invitation",
                            "promise_due",
                            "still_there",
                        ],
                    )
                ),
                name="notice_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("account__isnull", False),
                        ("answer__isnull", True),
                        ("draft__isnull", True),
                        ("invitation__isnull", True),
                    ),
                    models.Q(
                        ("account__isnull", True),
                        ("answer__isnull", True),
                        ("draft__isnull", False),
                        ("invitation__isnull", True),
                    ),
                    models.Q(
                        ("account__isnull", True),
                        ("answer__isnull", False),
                        ("draft__isnull", True),
                        ("invitation__isnull", True),
                    ),
                    models.Q(
                        ("account__isnull", True),
                        ("answer__isnull", True),
                        ("draft__isnull", True),
                        ("invitation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="notice_goes_to_one",
            ),
        ),
        migrations.AddIndex(
            model_name="scheduledupdate",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", True)),
                fields=["post_at"],
                name="scheduled_update_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduledupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["update", "news", "response", "delivery", "outcome"])
                ),
                name="scheduled_update_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="towncount",
            constraint=models.UniqueConstraint(
                fields=("petition", "place"), name="town_count_once_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="towncount",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 5)), name="town_count_is_not_of_few"
            ),
        ),
    ]
