"""Machines, their cover, and repairs."""

from warranty.models.choices import Bearer, CallState, CardState, HowReplaced, NoteKind, Payer
from warranty.models.contract import Campaign, ContractUse, MaintenanceContract
from warranty.models.decision import Decision
from warranty.models.equipment import Equipment, EquipmentDealer, EquipmentNote, Reading, Replacement
from warranty.models.repair import RepairCall, RepairCard, RepairCardLine
from warranty.models.service import ServiceInterval
from warranty.models.terms import CoverAmounts, CoverPolicy, PartsWarrantyTerm, WarrantyTerm

__all__ = [
    "Bearer",
    "CallState",
    "Campaign",
    "CardState",
    "ContractUse",
    "CoverAmounts",
    "CoverPolicy",
    "Decision",
    "Equipment",
    "EquipmentDealer",
    "EquipmentNote",
    "HowReplaced",
    "MaintenanceContract",
    "NoteKind",
    "PartsWarrantyTerm",
    "Payer",
    "Reading",
    "RepairCall",
    "RepairCard",
    "RepairCardLine",
    "Replacement",
    "ServiceInterval",
    "WarrantyTerm",
]
