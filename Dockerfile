# One image for web, worker, schedule and every command: `docker run hotpapers up worker`.
FROM python:3.11-slim-trixie AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
# Of DATABASE_URL only the kind is asked: with PostgreSQL files are collected, hashed and compressed.
RUN VAR_DIR=/tmp STATIC_ROOT=/app/staticfiles DATABASE_URL=postgres://build \
    .venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim-trixie
# pg_dump and psql, for `backup` and `restore`; the release of compose.yaml's server.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client-17 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home hotpapers \
 && install --directory --owner hotpapers /var/lib/hotpapers /var/backups/hotpapers
WORKDIR /app
# Root's, and read only to the one who runs it.
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0 \
    STATIC_ROOT=/app/staticfiles \
    VAR_DIR=/var/lib/hotpapers
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=1s \
    CMD ["python", "deploy/healthcheck.py"]
ENTRYPOINT ["python", "manage.py"]
CMD ["up", "web"]
