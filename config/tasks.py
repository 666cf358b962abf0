"""What workers do for the service as a whole. Safe to run twice."""

from celery import shared_task

from config.anchoring import drop_anchors, mail_anchors


@shared_task
def anchor_trail() -> None:
    """Take the heads of the trail's chains out of the database."""
    drop_anchors()


@shared_task
def mail_trail() -> None:
    """Bind the chains, and mail the heads to those who answer for them."""
    mail_anchors()
