from django.db import migrations, models


class Migration(migrations.Migration):
    """What a reviewer pages through, and the trace of one finding and of a month, found without reading the rest."""

    dependencies = [("penalties", "0002_closed_for_good")]

    operations = [
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["month", "occurred_at", "id"], name="finding_of_month_by_time"),
        ),
        migrations.AddIndex(
            model_name="assessmentevent",
            index=models.Index(
                fields=["finding", "id"],
                condition=models.Q(finding__isnull=False),
                name="assessment_event_of_finding",
            ),
        ),
        migrations.AddIndex(
            model_name="assessmentevent",
            index=models.Index(
                fields=["month", "-id"],
                condition=models.Q(finding__isnull=True),
                name="assessment_event_of_whole",
            ),
        ),
    ]
