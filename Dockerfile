FROM python:3.12-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 moonballot

WORKDIR /app
COPY requirements/bot.lock requirements/bot.lock
RUN pip install --no-cache-dir --require-hashes -r requirements/bot.lock
COPY bot bot
COPY cogs cogs
COPY data data
COPY run.py .
RUN mkdir var && chown moonballot var

USER moonballot
VOLUME /app/var
STOPSIGNAL SIGTERM
CMD ["python", "run.py", "bot"]
