"""The names integrators rely on: the schema may gain fields, it may not lose or rename one of these."""

from __future__ import annotations

import re

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, parse, print_ast

from catalog.models import StockReason
from portal.schema import schema_build

SCHEMA = schema_build(demo=True).graphql_schema
# In GraphQL's own words; an argument or field is found with at least these, `!` where the promise is never null.
PROMISED = """
type Query {
  me: User
  part(number: String!): Part
  parts(search: String, serial: String, model: String, category: String, inStock: Boolean, first: Int, after: String): PartConnection
  equipment(serial: String!): Equipment
  equipments(first: Int, after: String): EquipmentConnection
  coverage(serial: String!, partNumber: String!, quantity: Int, failedOn: Date, hours: Int): CoverageDecision
  quote(input: OrderInput!): Quote
  order(number: String, reference: String): Order
  orders(state: OrderState, company: ID, late: Boolean, first: Int, after: String): OrderConnection
  promises(state: PromiseState, policy: String, dueBefore: DateTime, first: Int, after: String): PromiseConnection
  stock(partNumber: String!): [StockLevel!]
  repairCard(number: String!): RepairCard
  repairCards(serial: String, state: RepairCardState, first: Int, after: String): RepairCardConnection
}
type Mutation {
  orderPlace(input: OrderInput!): OrderPlace
  orderPay(order: ID!, method: PaymentMethod!, amount: Decimal, receivedAt: DateTime, reference: String, note: String): OrderPay
  orderApprove(order: ID!, note: String): OrderApprove
  orderCancel(order: ID!, lines: [ID!], reason: String!): OrderCancel
  orderHold(order: ID!, reason: HoldReason!, note: String!): OrderHold
  orderRelease(order: ID!): OrderRelease
  shipmentCreate(order: ID!, lines: [ShipmentLineInput!], carrier: String!, trackingNumber: String, warehouse: String, shippedAt: DateTime, reference: String): ShipmentCreate
  shipmentDeliver(shipment: ID!, deliveredAt: DateTime, receivedBy: String): ShipmentDeliver
  shipmentCorrect(shipment: ID!, shippedAt: DateTime, deliveredAt: DateTime, evidence: String!): ShipmentCorrect
  shipmentTrack(shipment: ID!, trackingNumber: String!): ShipmentTrack
  shipmentUndo(shipment: ID!, reason: String!): ShipmentUndo
  returnCreate(order: ID!, lines: [ReturnLineInput!]!, reason: ReturnReason!, reference: String): ReturnCreate
  returnReceive(return: ID!, quantity: Int, condition: String): ReturnReceive
  stockAdjust(partNumber: String!, warehouse: String!, change: Int!, reason: StockReason!, note: String, reference: String): StockAdjust
  stockCount(partNumber: String!, warehouse: String!, counted: Int!, note: String, reference: String): StockCount
  stockExpect(partNumber: String!, warehouse: String!, quantity: Int!, on: Date!, reference: String): StockExpect
  stockPlan(partNumber: String!, warehouse: String!, safetyStock: Int!, reorderPoint: Int!, place: String): StockPlan
  stockReceive(partNumber: String!, warehouse: String!, quantity: Int!, reference: String): StockReceive
  equipmentRegister(serial: String!, model: String!, soldOn: Date, inServiceOn: Date, owner: ID, reference: String): EquipmentRegister
  readingRecord(serial: String!, hours: Int!, readAt: DateTime, reference: String): ReadingRecord
  repairCallOpen(serial: String!, fault: String!, contact: String!, reference: String): RepairCallOpen
  repairCardOpen(serial: String!, fault: String!, call: ID, reference: String): RepairCardOpen
  repairCardUse(card: ID!, parts: [UsedPartInput!]!): RepairCardUse
  repairCardConfirm(card: ID!): RepairCardConfirm
  repairCardClose(card: ID!, minutes: Int!, note: String): RepairCardClose
  coverageReview(line: ID!, payer: Payer!, customerShare: Decimal, note: String!): CoverageReview
  clockAdvance(hours: Int!): ClockAdvance
}
"""
# type: its fields; `a>b c` means the type behind `a` has b and c
FIELDS = {
    "User": "id email roles company>name,kind,market memberships",
    "Part": "id number name category group genuine fits>verdict,callout,quantity,insteadUse supersedes supersededBy crossReferences"
    " price>amount,currency,perQuantity,kind,validFrom availability>warehouse,available,expected promise>policy,days,day foundAs",
    "Expected": "date quantity",
    "Equipment": "id model owner dealers warranty>status,startsOn,endsOn,hoursLimit contract assemblies repairCards orders",
    "StockLevel": "id warehouse onHand held allocatedElsewhere available safetyStock reorderPoint expected>date,quantity,free",
    "RepairCard": "id equipment fault state lines>part,ordered,used,sentBack,payer orders call voucher",
    "CoverageDecision": "payer customerShare needsReview reasons>code,message,decisive rulesVersion",
    "Quote": "id lines>part,coverage,publishedPrice,unitPrice,lineTotal total promises problems>code,field,message,details",
    "Order": "id number reference storeNumber type state paymentState engineState company channel placedAt paidAt poNumber"
    " hold>reason,note,since total>amount,currency creditBalance lines promises expectedReturns>id,line,dueOn,state"
    " shipments>id,lines,warehouse,carrier,trackingNumber,shippedAt,deliveredAt payments>id,method,amount,receivedAt,state"
    " credits>id,amount,reason,line,day,reversed events>id,at,kind,actor,data notices>id,at,kind,subject",
    "ShipmentLine": "line quantity units",
    "Promise": "id policy state offeredAt startedAt promisedAt dueAt warnedAt stoppedAt pauses daysLate lines credits",
    "OrderLine": "id position part quantity publishedPrice unitPrice lineTotal fit coverage>payer,customerShare,needsReview,reasons,rulesVersion"
    " repairCard serial holds>warehouse,quantity,expectedOn shipped delivered cancelled returned",
    "OrderConnection": "edges>node pageInfo>hasNextPage,endCursor totalCount",
    "OrderPlace": "order errors>field,code,message,details",
    "ClockAdvance": "now errors",
    "OrderPay": "order errors", "OrderApprove": "order errors", "OrderCancel": "order errors", "OrderHold": "order errors",
    "OrderRelease": "order errors", "ShipmentCreate": "shipment errors", "ShipmentDeliver": "shipment errors",
    "ShipmentCorrect": "shipment errors", "ShipmentTrack": "shipment errors", "ShipmentUndo": "shipment errors", "ReturnCreate": "return errors", "ReturnReceive": "return errors",
    "StockAdjust": "stockLevel errors", "StockExpect": "stockLevel errors", "StockReceive": "stockLevel errors",
    "EquipmentRegister": "equipment errors", "ReadingRecord": "reading errors", "RepairCallOpen": "repairCall errors",
    "RepairCardOpen": "repairCard errors", "RepairCardUse": "repairCard errors", "RepairCardConfirm": "repairCard errors",
    "RepairCardClose": "repairCard errors", "CoverageReview": "coverage errors",
}  # fmt: skip
INPUTS = {
    "OrderInput": "reference:String! type:OrderType lines:[OrderLineInput!]! poNumber:String payment:PaymentMethod! deliverTo:AddressInput"
    " deliverOn:Date allowSubstitute:Boolean quote:ID company:ID",
    "OrderLineInput": "partNumber:String! quantity:Int! serial:String repairCard:String failedOn:Date hours:Int acceptExpectedOn:Date",
    "AddressInput": "name:String! street:String! city:String! postalCode:String! country:String! region:String phone:String note:String",
    "ReturnLineInput": "line:ID! quantity:Int! note:String",
    "ShipmentLineInput": "line:ID! quantity:Int! units:[String!]",
    "UsedPartInput": "orderLine:ID partNumber:String quantity:Int! failedSerial:String newSerial:String payer:Payer oldPartKept:Boolean",
}  # fmt: skip
ENUMS = {
    "OrderState": "AWAITING_REVIEW AWAITING_APPROVAL AWAITING_PAYMENT READY PARTLY_SHIPPED SHIPPED DELIVERED CANCELLED",
    "OrderType": "MACHINE_DOWN CUSTOMER STOCK WARRANTY CAMPAIGN INTERNAL",
    "PromiseState": "OFFERED RUNNING PAUSED BROKEN KEPT KEPT_LATE CANCELLED",
    "PaymentMethod": "CARD ACCOUNT TRANSFER NONE",
    "RepairCardState": "OPEN WORKING CONFIRMED CLOSED VOID",
    "HoldReason": "BAD_ADDRESS CREDIT_STOP CUSTOMER_ASKED PAYMENT_LAPSED OUT_OF_STOCK PICKING_ERROR CUSTOMS FORCE_MAJEURE",
    "StockReason": "COUNT DAMAGE SCRAP FOUND TRANSFER CORRECTION",
    "ReturnReason": "SHORT DAMAGED WRONG_PART DEAD_ON_ARRIVAL HIDDEN_DEFECT CHANGE_OF_MIND OLD_PART UNUSED CORE IN_STORE",
    "Payer": "PAID CONTRACT WARRANTY INTERNAL",
    "FitVerdict": "FITS DOES_NOT_FIT UNKNOWN",
}  # fmt: skip
WITHOUT_ID = {"CoverageDecision", "ClockAdvance", "Expected", "OrderConnection", "LineHold"}


def test_every_query_and_mutation_has_its_name_its_arguments_and_its_answer() -> None:
    wrong = []
    for definition in parse(PROMISED).definitions:
        kind = SCHEMA.type_map[definition.name.value]
        assert isinstance(kind, GraphQLObjectType)
        for field in definition.fields:
            here = kind.fields.get(field.name.value)
            told = {one.name.value: print_ast(one.type) for one in field.arguments}
            known = {name: str(one.type) for name, one in here.args.items()} if here else {}
            if (
                here is None
                or str(here.type) != print_ast(field.type)
                or {name: known.get(name) for name in told} != told
            ):
                wrong.append(f"{field.name.value}: {told} is {known}")
            if here and any(
                str(one.type).endswith("!")
                for name, one in here.args.items()
                if name not in told and one.default_value is None
            ):
                wrong.append(f"{field.name.value} asks for more than it promised to")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_type_has_its_fields(name: str) -> None:
    for field in FIELDS[name].split():
        first, _, below = field.partition(">")
        kind = SCHEMA.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        assert first in kind.fields, f"{name}.{first}"
        inner = SCHEMA.type_map[re.sub(r"[\[\]!]", "", str(kind.fields[first].type))]
        missing = [one for one in below.split(",") if one and one not in inner.fields]
        assert missing == [], f"{name}.{first}"


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_an_input_has_its_fields_and_asks_for_no_more(name: str) -> None:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    told = dict(field.split(":") for field in INPUTS[name].split())
    known = {key: str(one.type) for key, one in kind.fields.items()}
    assert {key: known.get(key) for key in told} == told
    assert [key for key, shape in known.items() if key not in told and shape.endswith("!")] == []


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_an_enum_has_these_words_and_no_other(name: str) -> None:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    assert set(kind.values) == set(ENUMS[name].split())


def test_stock_is_moved_for_reasons_that_stock_knows():
    assert set(SCHEMA.type_map["StockReason"].values) <= set(StockReason.values)
