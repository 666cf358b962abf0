"""Read by gunicorn wherever it is started in this directory: by `manage.py up`, in the container, by hand."""

logger_class = "core.web_log.WebLog"
