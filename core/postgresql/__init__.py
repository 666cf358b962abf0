"""PostgreSQL as Django speaks to it, but for how often it is asked whether it is there."""
