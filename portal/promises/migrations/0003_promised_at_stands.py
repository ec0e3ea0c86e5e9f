"""A promise shown never moves: its start and first due moment can be set, but never changed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION promise_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.promised_at IS NOT NULL AND NEW.promised_at IS DISTINCT FROM OLD.promised_at)
       OR (OLD.started_at IS NOT NULL AND NEW.started_at IS DISTINCT FROM OLD.started_at)
       OR (OLD.offered_at IS NOT NULL AND NEW.offered_at IS DISTINCT FROM OLD.offered_at)
       OR (OLD.offered_day IS NOT NULL AND NEW.offered_day IS DISTINCT FROM OLD.offered_day) THEN
        RAISE EXCEPTION 'promise %: what was promised does not change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER promise_stands BEFORE UPDATE ON promises_promise FOR EACH ROW EXECUTE FUNCTION promise_stands();
"""
BACKWARD = "DROP TRIGGER promise_stands ON promises_promise; DROP FUNCTION promise_stands();"


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_seed")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
