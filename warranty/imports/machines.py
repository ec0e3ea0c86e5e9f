"""machines and dealer_links."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from catalog.imports.link import link_code
from catalog.imports.reasons import WORDS
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.rules.numbers import normalise, serial_sequence

WORDS.update(
    {
        "unknown_machine": (
            _("There is no machine of this serial."),
            _("Add it to machines.csv, or correct the serial."),
        ),
        "unknown_group": (_("There is no part group of this code."), _("Correct the code, or add the group.")),
        "not_a_dealer": (_("This company is no dealer."), _("Name a dealer, or change the company's kind.")),
    }
)


def _sequence(serial: str) -> str:
    number = serial_sequence(serial)
    return "" if number is None else str(number)


def machines(stage: Stage) -> None:
    """Machines by serial in any dress; cells left empty leave what is known."""
    stage.refuse_where("serial_bare = ''", "serial", "no_number")
    stage.refuse_where("in_service_on < sold_on", "in_service_on", "range")
    stage.refuse_repeated("serial_bare", column="serial")
    link_code(stage, "model", into="model_id", table="catalog_equipmentmodel", reason="unknown_model")
    stage.execute("ALTER TABLE stage ADD COLUMN owner_id bigint")
    companies = stage.known("accounts_company")
    stage.execute(f"UPDATE stage SET owner_id = c.id FROM {companies} c WHERE c.import_key = stage.owner")
    stage.refuse_where("owner IS NOT NULL AND owner_id IS NULL", "owner", "unknown_company")
    stage.execute(
        "UPDATE stage SET owner_id = coalesce(stage.owner_id, e.owner_id), sold_on = coalesce(stage.sold_on, e.sold_on),"
        " in_service_on = coalesce(stage.in_service_on, e.in_service_on), site = coalesce(stage.site, e.site)"
        f" FROM {stage.known('warranty_equipment')} e WHERE e.normalised = serial_bare"
    )
    columns = ("serial", "model_id", "owner_id", "sold_on", "in_service_on")
    values = {name: name for name in columns} | {
        "normalised": "serial_bare",
        "site": "coalesce(site, '')",
        "sequence": "nullif(serial_sequence, '')::bigint",
    }
    update = [*columns, "site", "sequence"]
    stage.write(
        "warranty_equipment", key=["normalised"], values=values, update=update, defaults={"registered_at": "%(now)s"}
    )


def dealer_links(stage: Stage) -> None:
    """Which dealer services a machine from a day on; a repeated (serial, dealer, since) changes grant and end."""
    stage.refuse_where("until <= since", "until", "range")
    stage.execute("ALTER TABLE stage ADD COLUMN machine_id bigint")
    machines_ = stage.known("warranty_equipment")
    stage.execute(f"UPDATE stage SET machine_id = e.id FROM {machines_} e WHERE e.normalised = serial_bare")
    stage.refuse_where("machine_id IS NULL", "serial", "unknown_machine")
    link_code(stage, "dealer", into="dealer_id", table="accounts_company", code="import_key", reason="unknown_company")
    stage.refuse_where(
        f"EXISTS (SELECT FROM {stage.known('accounts_company')} c WHERE c.id = dealer_id AND c.kind <> 'DEALER')",
        "dealer",
        "not_a_dealer",
    )
    stage.refuse_repeated("machine_id", "dealer_id", "since", column="serial")
    values = {"equipment_id": "machine_id", "dealer_id": "dealer_id", "since": "since", "until": "until"}
    values["granted_by_owner"] = "coalesce(granted, false)"
    key = ["equipment_id", "dealer_id", "since"]
    stage.write("warranty_equipmentdealer", key=key, values=values, update=["until", "granted_by_owner"])


_SERIAL = Column("serial", required=True, most=60)

IMPORTERS = (
    Importer(
        "machines",
        80,
        (
            _SERIAL,
            Column("model", required=True, most=80, aliases=("set_num", "model_code")),
            Column("owner", most=60),
            Column("sold_on", Kind.DATE),
            Column("in_service_on", Kind.DATE),
            Column("site", most=300),
        ),
        machines,
        {"serial_bare": ("serial", normalise), "serial_sequence": ("serial", _sequence)},
    ),
    Importer(
        "dealer_links",
        81,
        (
            _SERIAL,
            Column("dealer", required=True, most=60),
            Column("granted", Kind.YES_NO),
            Column("since", Kind.DATE, required=True),
            Column("until", Kind.DATE),
        ),
        dealer_links,
        {"serial_bare": ("serial", normalise)},
    ),
)
