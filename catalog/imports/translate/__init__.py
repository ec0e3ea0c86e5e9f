"""Deliveries in other forms (a maker's own spreadsheet, BMEcat, ACES, PIES) become tables of ours; docs/deliveries.md."""
