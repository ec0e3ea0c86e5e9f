"""Sample data for trying the portal: Baramsan, a maker of construction machines that does not exist, its dealers and their customers."""
