"""The pages in a real browser: what is looked at (`make screenshots`) and what must hold (`make test-browser`)."""
