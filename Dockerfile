# The image of the site: not root, with the typefaces that names in any script need. See
# docs/operating.md. `docker build --tag how-they-began .`
FROM debian:bookworm-slim AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

# pip and what it needs stay out of the image.
FROM base AS packages
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv
COPY requirements.txt .
RUN python3 -m venv /srv/.venv \
    && /srv/.venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt \
    && /srv/.venv/bin/pip uninstall --yes pip setuptools

FROM base
RUN useradd --system --uid 10001 --home-dir /data site \
    && install --directory --owner site /data
COPY --from=packages /srv/.venv /srv/.venv
COPY . /srv/site
RUN /srv/.venv/bin/python -m compileall -q /srv/site
WORKDIR /srv/site
USER site
ENV DATA_DIR=/data PATH=/srv/.venv/bin:$PATH
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD \
    ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--prepare", "--host", "0.0.0.0"]
