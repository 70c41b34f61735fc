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
# git reads local clones that are mounted into the container.
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --home-dir /var/lib/roast-bot --uid 10001 roast
COPY --from=build /opt/roast-bot /opt/roast-bot
ENV PATH=/opt/roast-bot/bin:$PATH PYTHONUNBUFFERED=1
USER roast
WORKDIR /var/lib/roast-bot
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["roast-bot", "version"]
ENTRYPOINT ["roast-bot"]
CMD ["--help"]
