# The server for production: one uvicorn, started with as many workers as WEB_CONCURRENCY says.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .
RUN pybabel -q compile -d locale -D django && useradd --system voiceagent
USER voiceagent

EXPOSE 8000
CMD ["uvicorn", "voiceagent.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--ws", "websockets-sansio", "--loop", "uvloop", "--ws-per-message-deflate", "false"]
