# Two stages: the first builds and installs from the lock, the second only runs.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/roast-bot
COPY requirements.lock ./
RUN /opt/roast-bot/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY adapters ./adapters
COPY config ./config
RUN /opt/roast-bot/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
# git reads local clones that are mounted into the container. Its version is the base image's: pinned here, it would
# not be found any more at Debian's next security update.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --home-dir /var/lib/roast-bot --uid 10001 roast
# The base image has no bytecode of the standard library, and nobody may write it later: every start would compile it.
RUN python -m compileall -q -x '/(test|idlelib|tkinter|site-packages)/' /usr/local/lib/python3.13
COPY --from=build /opt/roast-bot /opt/roast-bot
# In a container both `serve` and `worker` tell how they fare on the same port.
ENV PATH=/opt/roast-bot/bin:$PATH PYTHONUNBUFFERED=1 \
    ROAST_WEB__HOST=0.0.0.0 ROAST_WEB__PORT=8080 ROAST_WEB__WORKER_PORT=8080 ROAST_LOG__FORMAT=json
USER 10001
WORKDIR /var/lib/roast-bot
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "-c", \
    "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['ROAST_WEB__PORT'] + '/healthz')"]
ENTRYPOINT ["roast-bot"]
CMD ["serve"]
