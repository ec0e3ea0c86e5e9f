"""Speed as ratios against something measured side by side in the same run (`make bench`). Reported, never asserted by tests."""
