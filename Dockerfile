# One image for web, worker and beat; docker-compose.yml says which.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_DATA=/data HOST=0.0.0.0
WORKDIR /app
COPY requirements/build.txt requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && pip install --no-cache-dir --require-hashes --no-build-isolation --use-pep517 -r requirements/base.txt
COPY . .
RUN python -m portal.languages.compiling
RUN useradd --system --create-home portal && mkdir -p /data/broker/queue /data/broker/control && chown -R portal /data
USER portal
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--backpressure", "256", "--respawn-failed-workers", "portal.wsgi:application"]
