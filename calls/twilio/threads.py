"""The few threads in which the webhooks ask the database."""

from calls.threads import DatabaseThreads

database = DatabaseThreads()
