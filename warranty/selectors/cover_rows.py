"""Everything that may cover parts on machines, and what stands against it, read with one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

Moment = tuple[int, datetime]
Rows = Mapping[str, Sequence[Sequence[Any]]]

# One kind of fact a branch. JSON has no decimals and no days: amounts travel as text, days as ISO text.
_ROWS = """
SELECT 'policy', json_build_array(report_days, repeat_days) FROM warranty_coverpolicy WHERE valid @> %(on)s::date
UNION ALL
SELECT 'term', json_build_array(
    term.months, term.max_hours, term.excluded, term.bearer, term.model_id, grp.code, lower(term.valid), upper(term.valid))
FROM warranty_warrantyterm term LEFT JOIN catalog_partgroup grp ON grp.id = term.part_group_id
WHERE (term.model_id IS NULL OR term.model_id = ANY(%(models)s::bigint[]))
  AND (grp.id IS NULL OR grp.code = ANY(%(groups)s::text[]))
UNION ALL
SELECT 'parts_term', json_build_array(
    market, buyer_kind, fitted_months, counter_months, statutory_months, bearer, lower(valid), upper(valid))
FROM warranty_partswarrantyterm
WHERE EXISTS (SELECT FROM warranty_replacement WHERE equipment_id = ANY(%(machines)s::bigint[]))
UNION ALL
SELECT 'campaign', json_build_array(
    campaign.model_id, named.part_id, campaign.serial_from, campaign.serial_to,
    campaign.code, campaign.name, campaign.starts_on, campaign.ends_on, campaign.bearer)
FROM warranty_campaign campaign JOIN warranty_campaign_parts named ON named.campaign_id = campaign.id
WHERE campaign.model_id = ANY(%(models)s::bigint[])
UNION ALL
SELECT 'replacement', json_build_array(equipment_id, part_id, quantity, replaced_on, how, ref)
FROM warranty_replacement WHERE equipment_id = ANY(%(machines)s::bigint[])
UNION ALL
SELECT 'contract', json_build_array(
    equipment_id, id, number, starts_on, ends_on, groups, customer_share::text, yearly_cap::text, currency)
FROM warranty_maintenancecontract WHERE equipment_id = ANY(%(machines)s::bigint[])
UNION ALL
SELECT 'used', json_build_array(used.contract_id, used.year, sum(used.amount)::text)
FROM warranty_contractuse used JOIN warranty_maintenancecontract contract ON contract.id = used.contract_id
WHERE contract.equipment_id = ANY(%(machines)s::bigint[]) AND contract.yearly_cap IS NOT NULL
GROUP BY used.contract_id, used.year
UNION ALL
SELECT 'note', json_build_array(equipment_id, kind) FROM warranty_equipmentnote
WHERE equipment_id = ANY(%(machines)s::bigint[]) AND recorded_on <= %(on)s
  AND (cleared_on IS NULL OR cleared_on > %(on)s)
UNION ALL
-- the highest and the last reading of each machine before a moment; `at` is the place of the pair asked
SELECT 'reading', json_build_array(asked.at, max(r.hours), (array_agg(r.hours ORDER BY r.read_at DESC, r.id DESC))[1])
FROM unnest(%(read_machines)s::bigint[], %(read_moments)s::timestamptz[]) WITH ORDINALITY AS asked(machine, moment, at)
JOIN warranty_reading r ON r.equipment_id = asked.machine AND r.read_at < asked.moment
GROUP BY asked.at
"""


def cover_rows(
    *, machines: Collection[int], models: Collection[int], groups: Collection[str], moments: Sequence[Moment], on: date
) -> Rows:
    """The rows by kind, in the order the statement builds them; `moments` are (machine, moment) before which readings count."""
    values: dict[str, Any] = {
        "machines": list(machines),
        "models": list(models),
        "groups": list(groups),
        "on": on,
        "read_machines": [machine for machine, _ in moments],
        "read_moments": [moment for _, moment in moments],
    }
    found: dict[str, list[Sequence[Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, values)
        for kind, row in cursor.fetchall():
            found[kind].append(row)
    return found
