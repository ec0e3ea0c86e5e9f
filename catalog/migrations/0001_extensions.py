from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

# One function for every append-only table of the portal (ledger, history, evidence); other apps depend on this migration and add
#   CREATE TRIGGER ... BEFORE UPDATE OR DELETE ON their_table FOR EACH ROW EXECUTE FUNCTION refuse_change()
#   CREATE TRIGGER ... BEFORE TRUNCATE ON their_table FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
# Django empties a test database by TRUNCATE between transactional tests; only databases it made for tests (test_...) allow that,
# and not even those once `portal.strict` is on, which is how the refusal itself is tested.
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' AND coalesce(current_setting('portal.strict', true), '') <> 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change()"),
    ]
