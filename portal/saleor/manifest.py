"""What the portal is as an app of the store."""

from __future__ import annotations

IDENTIFIER = "portal.spare-parts"
VERSIONS = ">=3.23 <3.25"
# What we need, and why; nothing more.
PERMISSIONS = {
    "MANAGE_ORDERS": "orders, fulfilments and returns; reading stock",
    "HANDLE_PAYMENTS": "payments as transactions",
    "MANAGE_PRODUCTS": "parts, prices, stock and warehouses",
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES": "the product type of parts and its attributes",
    "MANAGE_CHANNELS": "a channel per market and kind of buyer",
    "MANAGE_SHIPPING": "zones and methods of shipping",
    "MANAGE_TAXES": "tax switched off per channel: the portal taxes",
    "MANAGE_SETTINGS": "the shop's settings, its storefront closed",
    "MANAGE_USERS": "a customer per company",
}
