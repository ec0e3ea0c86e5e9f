#!/bin/sh
# A connected, provisioned store with the sample catalogue. Each step finds what an earlier run did, so it may run again.
set -eu
python -m portal load_sample
python -m portal saleor_connect
python -m portal saleor_provision
python -m portal saleor_push
python -m portal saleor_check
