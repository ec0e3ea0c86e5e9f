"""An offer whose lines were all cancelled or started elsewhere is none: it showed a buyer a promise that began with nothing."""

from django.db import migrations

FORWARD = """
DELETE FROM promises_promise p
WHERE p.state = 'OFFERED' AND NOT EXISTS (SELECT 1 FROM promises_promiseline l WHERE l.promise_id = p.id)
"""


class Migration(migrations.Migration):
    dependencies = [("promises", "0003_promised_at_stands")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
