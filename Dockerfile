# One image for web, worker and beat; docker-compose.yml says which. Packages are built in a stage that is not shipped.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /app
COPY requirements/build.txt requirements/base.txt requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && /venv/bin/pip install --no-cache-dir --require-hashes --no-build-isolation --use-pep517 -r requirements/base.txt

FROM python:3.11.14-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_DATA=/data HOST=0.0.0.0 PATH=/venv/bin:$PATH HOME=/tmp
RUN useradd --system --uid 10001 --no-create-home portal \
 && mkdir -p /data/broker/queue /data/broker/control && chown -R portal /data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
RUN python -m portal.languages.compiling
USER 10001
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--backpressure", "256", "--respawn-failed-workers", "portal.wsgi:application"]
