"""Saleor as the store behind the portal: speaking with it, connecting to it. Knows no domain."""
