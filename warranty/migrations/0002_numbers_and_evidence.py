"""Number sequences of the repair papers (gaps allowed), and the trigger that makes decisions unalterable."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

SEQUENCES = """
CREATE SEQUENCE warranty_repair_card_number;
CREATE SEQUENCE warranty_repair_call_number;
"""
DROP_SEQUENCES = """
DROP SEQUENCE warranty_repair_card_number;
DROP SEQUENCE warranty_repair_call_number;
"""
EVIDENCE = """
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON warranty_decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON warranty_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DROP_EVIDENCE = """
DROP TRIGGER decision_append_only ON warranty_decision;
DROP TRIGGER decision_no_truncate ON warranty_decision;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("warranty", "0001_initial"), ("catalog", "0003_append_only")]
    operations: ClassVar = [
        migrations.RunSQL(SEQUENCES, DROP_SEQUENCES),
        migrations.RunSQL(EVIDENCE, DROP_EVIDENCE),
    ]
