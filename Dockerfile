# One image for web, worker, beat and migrate; docker-compose.yml says which command each runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/run.txt requirements/build.txt requirements/
RUN /venv/bin/pip install --require-hashes -r requirements/run.txt
# Node and the like are needed for the front-end files only, so they get an environment that stays behind.
RUN python -m venv /tools && /tools/bin/pip install --require-hashes -r requirements/build.txt \
    && echo /venv/lib/python3.11/site-packages > /tools/lib/python3.11/site-packages/venv.pth
COPY . .
# var/secret: a secret drawn while building would be everybody's.
RUN /tools/bin/python -m ops.vendor && /tools/bin/python -m ops.catalogue compile \
    && DJANGO_SECRET_KEY=unused-while-building /venv/bin/python manage.py collectstatic --noinput -v 0 \
    && rm -rf node_modules var/secret

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --create-home app && install -d -o app /media /beat
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER app
ENV MEDIA_ROOT=/media
EXPOSE 8000
# --worker-tmp-dir: gunicorn's heartbeat must not wait for a disk. --forwarded-allow-ips: only the proxy reaches us.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--forwarded-allow-ips", "*"]
