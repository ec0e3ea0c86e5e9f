"""GraphQL types of machines, cover and repairs, and the part questions that need a machine."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import graphene
from django.utils import translation

from catalog.models import Assembly, EquipmentModel, Part
from catalog.rules.numbers import normalise
from catalog.schema import PartConnection, PartType
from catalog.schema_batches import want_parts
from catalog.search import search_parts
from catalog.selectors.fit import Fit
from catalog.selectors.parts import parts_resolve
from portal import clock
from portal.errors import Code, refusal
from portal.graphql import Node, connection_of, extend, page, page_size, page_start, reader
from portal.graphql_types import CompanyType
from warranty.errors import reason_message
from warranty.models import Equipment, RepairCall, RepairCard, RepairCardLine
from warranty.models.choices import CardState, Payer
from warranty.selectors.cards import card_get, cards_list
from warranty.selectors.coverage import coverage_preview, fit_preview
from warranty.selectors.equipment import (
    campaigns_open,
    contracts_now,
    equipment_get,
    equipments_list,
    readings_of,
    warranty_status,
)

PayerEnum = graphene.Enum.from_enum(Payer, description=None) if False else graphene.Enum("Payer", [(p.name, p.value) for p in Payer])
RepairCardState = graphene.Enum("RepairCardState", [(s.name, s.value) for s in CardState])
FitVerdictEnum = graphene.Enum("FitVerdict", [(n, n) for n in ("FITS", "DOES_NOT_FIT", "UNKNOWN")])
