"""market: prices of symbols, cached in Redis.

The data provider is simulated: a price follows from the provider's key, the symbol and the minute.
"""

import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError

from health import readiness
from settings import required

REDIS_URL, MARKET_API_KEY = required("REDIS_URL", "MARKET_API_KEY")
CACHE_SECONDS = 30

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
log = logging.getLogger("market")
cache = Redis.from_url(REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True)

Symbol = Annotated[str, Path(pattern=r"^[A-Z0-9.-]{1,12}$")]


class Price(BaseModel):
    """The price of one unit, and whether it was remembered."""

    symbol: str
    price: float
    cached: bool


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to Redis while the service runs."""
    yield
    await cache.aclose()


app = FastAPI(title="market", lifespan=lifespan)


@app.get("/health")
@app.head("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "healthy", "service": "market"}


@app.get("/health/ready")
@app.head("/health/ready", include_in_schema=False)
async def health_ready() -> JSONResponse:
    """Readiness: Redis answers this service's own login."""
    return await readiness({"redis": _ask_redis()})


@app.get("/prices/{symbol}")
async def price(symbol: Symbol) -> Price:
    """Give back a price; a cache that is away costs time, not answers."""
    key = f"price:{symbol}"
    try:
        remembered = await cache.get(key)
        if remembered:
            return Price(symbol=symbol, price=float(remembered), cached=True)
        current = _ask_provider(symbol)
        await cache.set(key, current, ex=CACHE_SECONDS)
    except RedisError as error:
        log.warning("prices are not cached: %s", error)
        current = _ask_provider(symbol)
    return Price(symbol=symbol, price=current, cached=False)


def _ask_provider(symbol: str) -> float:
    """Give back a price from 10.00 to 509.99 that is the same for a minute."""
    question = f"{MARKET_API_KEY}/{symbol}/{int(time.time()) // 60}"
    return 10 + int(hashlib.sha256(question.encode()).hexdigest(), 16) % 50_000 / 100


async def _ask_redis() -> None:
    await cache.ping()
