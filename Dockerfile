# The service: web chat, console, queue, relay. Rasa has an image of its own, bot/Dockerfile.
# The suite is named for its PostgreSQL client: `warmline backup` needs one that is no older than the server.
FROM python:3.11-slim-trixie AS build
RUN pip install --no-cache-dir uv
WORKDIR /app
ENV UV_TORCH_BACKEND=cpu UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN uv venv -q /app/.venv
COPY requirements.txt ./
RUN uv pip install -q -p /app/.venv/bin/python -r requirements.txt
COPY pyproject.toml requirements.in README.md LICENSE ./
COPY handoff handoff
COPY connectors connectors
COPY models models
RUN uv pip install -q -p /app/.venv/bin/python --no-deps --no-build-isolation -e .

FROM python:3.11-slim-trixie
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 warmline && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin warmline
WORKDIR /app
COPY --from=build /app /app
RUN install -d -o warmline -g warmline -m 700 /app/var /app/var/log /backups
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 HOME=/tmp
USER warmline
EXPOSE 8080
CMD ["warmline", "serve"]
