"""Whose cause a hold is; only the customer's and, with evidence, nobody's pause a promise (rules.md section 1). Pure."""

CAUSES = {
    "BAD_ADDRESS": "CUSTOMER",
    "CREDIT_STOP": "CUSTOMER",
    "PAYMENT_LAPSED": "CUSTOMER",
    "CUSTOMER_ASKED": "CUSTOMER",
    "OUT_OF_STOCK": "OURS",
    "PICKING_ERROR": "OURS",
    "CUSTOMS": "NEITHER",
    "FORCE_MAJEURE": "NEITHER",
}
