"""PostgreSQL, Valkey and a mail server of our own, where the environment names no others.

Imports go one way: `errors` <- `directory`, `locks`, `ports`, `processes`, `state`, `tether` <- `server` <-
`place`, `postgres`, `valkey`, `mail` <- `kinds` <- `keeper` (the process beside each server) <- `lease` (its
users) <- `commands`. Why it is built so: docs/adr/0001-embedded-servers.md.
"""
