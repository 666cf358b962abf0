# The service without servers of its own: docker-compose.yml names them.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    DATA_DIR=/srv/musterpoint-data \
    MPLCONFIGDIR=/tmp/matplotlib

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin musterpoint \
    && install --directory --owner musterpoint --group musterpoint /srv/musterpoint-data /srv/musterpoint-anchors

WORKDIR /srv/musterpoint
COPY requirements.lock .
RUN pip install --require-hashes --no-deps --only-binary :all: --requirement requirements.lock
COPY . .

USER 10001:10001
# Secrets that only this step sees: none may be made, since it would stay in the image.
RUN SECRET_KEY=only-while-building FIELD_ENCRYPTION_KEYS=building:$(printf %064d 0) BLIND_INDEX_KEY=$(printf %064d 0) \
    python manage.py collectstatic --no-input --verbosity 0

# From here on a server or a secret that nobody names is an error, never a default.
ENV EMBEDDED=never
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
