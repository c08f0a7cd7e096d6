# The service: web chat, console, queue, relay. Rasa has an image of its own, bot/Dockerfile.
FROM python:3.11-slim AS build
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

FROM python:3.11-slim
RUN groupadd --gid 10001 warmline && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin warmline
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 HOME=/tmp
USER warmline
EXPOSE 8080
CMD ["warmline", "serve"]
