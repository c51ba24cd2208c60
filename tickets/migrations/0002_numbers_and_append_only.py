from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    """The sequence of ticket numbers; events and system faults only grow."""

    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE tickets_number", "DROP SEQUENCE tickets_number"),
        append_only("tickets_event"),
        append_only("tickets_systemfault"),
        # Marking a ticket late touches no indexed column: with room on its page the row moves and no index does.
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket SET (fillfactor = 80)",
            "ALTER TABLE tickets_ticket RESET (fillfactor)",
        ),
        # Each breach leaves a dead entry at the hot end of the sweep's index; clean up early.
        migrations.RunSQL(
            "ALTER TABLE tickets_milestone SET (autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE tickets_milestone RESET (autovacuum_vacuum_scale_factor)",
        ),
    ]
