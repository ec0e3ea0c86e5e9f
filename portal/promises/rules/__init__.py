"""When a promise falls due, what moves it, when it is late and how it ends: plain values in, a verdict out.

No framework, no clock, no database. Every instant is aware; every day is a local calendar date of the promise's zone.
An interval [start, end) holds its start and not its end, so the midnight that closes a day belongs to the next one.
"""
