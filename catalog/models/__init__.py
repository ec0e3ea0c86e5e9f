"""What can be bought, what it fits, what it costs, how many there are."""

from catalog.models.document import MediaFile, PartDocument
from catalog.models.drawing import Drawing, DrawingSpot
from catalog.models.fitment import Assembly, Callout, EquipmentModel, Fitment, SerialBreak
from catalog.models.imports import ImportChange, ImportFile, ImportRun, ImportStep, ImportWork, Rejection
from catalog.models.mapping import ImportMapping
from catalog.models.naming import CategoryName
from catalog.models.part import CrossReference, Part, PartGroup, PartName, Supersession, TaxClass
from catalog.models.price import FreightRate, Price, PriceList
from catalog.models.relation import PartRelation, RelationKind
from catalog.models.search import SearchPart, SearchTerm
from catalog.models.stock import ExpectedReceipt, MarketWarehouse, StockLedger, StockLevel, StockReason, Warehouse
from catalog.models.store import StorePart, StoreSweep

__all__ = [
    "Assembly",
    "Callout",
    "CategoryName",
    "CrossReference",
    "Drawing",
    "DrawingSpot",
    "EquipmentModel",
    "ExpectedReceipt",
    "Fitment",
    "FreightRate",
    "ImportChange",
    "ImportFile",
    "ImportMapping",
    "ImportRun",
    "ImportStep",
    "ImportWork",
    "MarketWarehouse",
    "MediaFile",
    "Part",
    "PartDocument",
    "PartGroup",
    "PartName",
    "PartRelation",
    "Price",
    "PriceList",
    "Rejection",
    "RelationKind",
    "SearchPart",
    "SearchTerm",
    "SerialBreak",
    "StockLedger",
    "StockLevel",
    "StockReason",
    "StorePart",
    "StoreSweep",
    "Supersession",
    "TaxClass",
    "Warehouse",
]
