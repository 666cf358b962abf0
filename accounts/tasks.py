"""What workers do. Tasks carry ids, return nothing, and are safe to run twice: the work lies in PostgreSQL."""

from celery import shared_task

from accounts.actions import break_glass, client_news, glass_reports


@shared_task
def tell_broken_glasses() -> None:
    """Tell who answers for an organisation that somebody took a role there in an emergency, and what was done under it."""
    glass_reports.write_due()
    glass_reports.tell_again()
    break_glass.tell_broken_glasses()


@shared_task
def tell_of_clients() -> None:
    """Tell who answers for an organisation what happened to a client of its partners' systems."""
    client_news.tell_of_clients()
