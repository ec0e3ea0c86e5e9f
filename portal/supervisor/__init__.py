"""One parent for everything the portal runs on one machine: PostgreSQL, web, worker, beat."""
