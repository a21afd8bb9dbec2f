"""The first tables of the calls."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("prompts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sid", models.CharField(max_length=34, unique=True, verbose_name="call SID")),
                (
                    "account_sid",
                    models.CharField(blank=True, max_length=34, verbose_name="account SID"),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "Inbound"), ("outbound", "Outbound")],
                        max_length=8,
                        verbose_name="direction",
                    ),
                ),
                ("from_number", models.CharField(blank=True, max_length=64, verbose_name="from")),
                ("to_number", models.CharField(blank=True, max_length=64, verbose_name="to")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Ringing"),
                            ("connected", "In progress"),
                            ("ended", "Ended"),
                            ("refused", "Not answered"),
                        ],
                        default="received",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "connected_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="connected"),
                ),
                (
                    "first_audio_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first sound"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "duration_seconds",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="seconds"),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("caller_hung_up", "The caller hung up"),
                            ("agent_hung_up", "The agent hung up"),
                            ("max_length", "The longest call length was reached"),
                            ("no_prompt", "No prompt is published"),
                            ("paused", "The agent is paused"),
                            ("busy", "Too many calls at once"),
                            ("refused", "Refused"),
                            ("never_connected", "Never connected"),
                            ("model_unreachable", "The voice service could not be reached"),
                            ("instructions_not_confirmed", "The instructions were not confirmed"),
                            ("model_lost", "The voice service was lost"),
                            ("model_failed", "The voice service failed"),
                            ("interrupted", "Interrupted"),
                            ("internal_error", "Internal error"),
                        ],
                        max_length=32,
                        verbose_name="end",
                    ),
                ),
                ("end_detail", models.TextField(blank=True, verbose_name="detail of the end")),
                (
                    "started_revision",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="revision at start"
                    ),
                ),
                (
                    "started_platform_revision",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="platform revision at start"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="version at start"
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="fingerprint at start"
                    ),
                ),
                (
                    "settings",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="settings of the session"
                    ),
                ),
                (
                    "settings_fingerprint",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="settings fingerprint"
                    ),
                ),
                ("token_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("token_expires_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("token_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "stream_sid",
                    models.CharField(blank=True, max_length=34, verbose_name="stream SID"),
                ),
                (
                    "twilio_status",
                    models.CharField(blank=True, max_length=16, verbose_name="Twilio's status"),
                ),
                (
                    "twilio_sequence",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="Twilio's sequence number"
                    ),
                ),
                (
                    "business",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="prompts.business",
                        verbose_name="business",
                    ),
                ),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ("-started_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(verbose_name="revision")),
                (
                    "version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="version"),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("acknowledged", "Confirmed by the voice service"),
                            ("acknowledged_unseen", "Confirmed, text not shown"),
                            ("acknowledged_late", "Confirmed late"),
                            ("unchanged", "Nothing to change"),
                            ("held", "Kept on its version by choice"),
                            ("superseded", "Overtaken by a newer change"),
                            ("refused", "Refused by the voice service"),
                            ("unverified", "Not confirmed"),
                            ("call_ended", "The call ended first"),
                        ],
                        max_length=20,
                        verbose_name="result",
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("start", "At the start"),
                            ("push", "By push"),
                            ("reconcile", "By the regular check"),
                            ("manual", "By hand"),
                            ("reconnect", "After a reconnection"),
                        ],
                        max_length=10,
                        verbose_name="route",
                    ),
                ),
                (
                    "hash_sent",
                    models.CharField(blank=True, max_length=64, verbose_name="hash sent"),
                ),
                (
                    "hash_echoed",
                    models.CharField(blank=True, max_length=64, verbose_name="hash echoed"),
                ),
                (
                    "normalised",
                    models.BooleanField(
                        default=False,
                        help_text="The echo differed in spacing or Unicode form only.",
                        verbose_name="normalised",
                    ),
                ),
                ("detail", models.TextField(blank=True, verbose_name="detail")),
                (
                    "committed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="committed"),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "acknowledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="calls.call",
                        verbose_name="call",
                    ),
                ),
                (
                    "prompt_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="prompts.promptversion",
                        verbose_name="prompt version",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
                "ordering": ("call", "revision"),
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "speaker",
                    models.CharField(
                        choices=[("caller", "Caller"), ("agent", "Agent")],
                        max_length=6,
                        verbose_name="speaker",
                    ),
                ),
                ("item_id", models.CharField(blank=True, max_length=128, verbose_name="item")),
                (
                    "response_id",
                    models.CharField(blank=True, max_length=128, verbose_name="response"),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="Generated or transcribed.", verbose_name="text"
                    ),
                ),
                (
                    "heard",
                    models.TextField(
                        blank=True, help_text="What the caller heard of it.", verbose_name="heard"
                    ),
                ),
                (
                    "generated_ms",
                    models.PositiveIntegerField(default=0, verbose_name="generated ms"),
                ),
                ("heard_ms", models.PositiveIntegerField(default=0, verbose_name="heard ms")),
                ("interrupted", models.BooleanField(default=False, verbose_name="interrupted")),
                ("status", models.CharField(blank=True, max_length=32, verbose_name="status")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "revision",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="revision"),
                ),
                (
                    "version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="version"),
                ),
                (
                    "fingerprint",
                    models.CharField(blank=True, max_length=64, verbose_name="fingerprint"),
                ),
                (
                    "base_fingerprint",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="fingerprint of the session"
                    ),
                ),
                (
                    "known_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("metadata", "We asked for it and it came back"),
                            ("order", "Nothing was on its way"),
                            ("order_in_flight", "Newer instructions were on their way"),
                            ("unverified", "Not confirmed"),
                        ],
                        max_length=16,
                        verbose_name="known by",
                    ),
                ),
                (
                    "next_fingerprint",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="fingerprint on its way"
                    ),
                ),
                ("usage", models.JSONField(blank=True, null=True, verbose_name="usage")),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="calls.call",
                        verbose_name="call",
                    ),
                ),
                (
                    "prompt_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="prompts.promptversion",
                        verbose_name="prompt version",
                    ),
                ),
            ],
            options={
                "verbose_name": "turn",
                "verbose_name_plural": "turns",
                "ordering": ("call", "position"),
            },
        ),
        migrations.CreateModel(
            name="WebhookRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "business_id",
                    models.BigIntegerField(blank=True, null=True, verbose_name="business"),
                ),
                ("path", models.CharField(max_length=200, verbose_name="path")),
                ("cause", models.TextField(verbose_name="cause")),
                ("at", models.DateTimeField(verbose_name="time")),
            ],
            options={
                "verbose_name": "refused webhook",
                "verbose_name_plural": "refused webhooks",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["business_id", "-id"], name="calls_refusals_by_business")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["business", "-started_at"], name="calls_business_time"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("status__in", ["received", "connected"])),
                fields=["status", "started_at"],
                name="calls_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True),
                fields=("token_hash",),
                name="calls_token_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["inbound", "outbound"])),
                name="calls_direction_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["received", "connected", "ended", "refused"])),
                name="calls_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("end_reason", ""),
                        ("ended_at__isnull", True),
                        ("status__in", ["received", "connected"]),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("status__in", ["ended", "refused"]),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="calls_end_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["call", "revision"], name="calls_receipts_in_order"),
        ),
        migrations.AddIndex(
            model_name="turn",
            index=models.Index(fields=["call", "position"], name="calls_turns_in_order"),
        ),
    ]
