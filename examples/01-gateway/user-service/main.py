"""user-service: keeps users in PostgreSQL, caches them in Redis, and has their tokens refreshed by auth-service."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from psycopg import AsyncConnection, OperationalError
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row
from pydantic import BaseModel, Field
from redis.asyncio import Redis
from redis.exceptions import RedisError

from health import readiness
from settings import required

DATABASE_URL, REDIS_URL, AUTH_SERVICE_URL = required("DATABASE_URL", "REDIS_URL", "AUTH_SERVICE_URL")
CACHE_SECONDS = 60

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
logging.getLogger("httpx").setLevel(logging.WARNING)
log = logging.getLogger("user-service")
cache = Redis.from_url(REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True)
auth = httpx.AsyncClient(base_url=AUTH_SERVICE_URL, timeout=2, trust_env=False)


class NewUser(BaseModel):
    """What a person registers with."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)
    name: str = Field(default="", max_length=200)


class User(NewUser):
    """A registered user."""

    id: int


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to Redis and auth-service while the service runs."""
    yield
    await cache.aclose()
    await auth.aclose()


app = FastAPI(title="user-service", lifespan=lifespan)


@app.exception_handler(OperationalError)
async def unavailable(_: Request, error: Exception) -> JSONResponse:
    """Answer 503 while the database is away."""
    log.warning("the database does not answer: %s", error)
    return JSONResponse({"detail": "the database does not answer"}, status_code=503)


@app.get("/health")
@app.head("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "healthy", "service": "user-service"}


@app.get("/health/ready")
@app.head("/health/ready", include_in_schema=False)
async def health_ready() -> JSONResponse:
    """Readiness: the database, Redis and auth-service answer.

    An upstream is asked for its liveness: were it asked for its readiness, one slow database would fail every service.
    """
    return await readiness({"database": _ask_database(), "redis": _ask_redis(), "auth_service": _ask_auth_service()})


@app.post("/users", status_code=201)
async def register(user: NewUser) -> User:
    """Register a user; 409 when the address is taken."""
    async with await AsyncConnection.connect(DATABASE_URL, connect_timeout=2) as database:
        # Two first requests at once would both create the table, and one would fail: they take turns.
        await database.execute("SELECT pg_advisory_xact_lock(hashtext('users'))")
        await database.execute(
            "CREATE TABLE IF NOT EXISTS users"
            " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL)"
        )
        cursor = database.cursor(row_factory=class_row(User))
        try:
            await cursor.execute(
                "INSERT INTO users (email, name) VALUES (%s, %s) RETURNING id, email, name", (user.email, user.name)
            )
        except UniqueViolation as error:
            raise HTTPException(409, "this address is registered already") from error
        (registered,) = await cursor.fetchall()
    log.info("user %d registered", registered.id)
    return registered


@app.get("/users/{user_id}")
async def read(user_id: int) -> User:
    """Give back a user; 404 when there is none of that number."""
    cached = await _cached(user_id)
    if cached:
        return cached
    async with await AsyncConnection.connect(DATABASE_URL, connect_timeout=2) as database:
        user = await _find(database, user_id)
    if user is None:
        raise HTTPException(404, f"there is no user {user_id}")
    await _remember(user)
    return user


@app.post("/users/{user_id}/refresh")
async def refresh(user_id: int, authorization: Annotated[str, Header()] = "") -> Response:
    """Have auth-service exchange this user's token for a new one, and pass its answer on."""
    user = await read(user_id)
    try:
        answer = await auth.post("/refresh", json={"subject": user.email}, headers={"Authorization": authorization})
    except httpx.HTTPError as error:
        raise HTTPException(503, "auth-service does not answer") from error
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


async def _find(database: AsyncConnection, user_id: int) -> User | None:
    """Look a user up; before the first registration there is no table, and so nobody."""
    cursor = await database.execute("SELECT to_regclass('users')")
    if await cursor.fetchone() == (None,):
        return None
    users = database.cursor(row_factory=class_row(User))
    await users.execute("SELECT id, email, name FROM users WHERE id = %s", (user_id,))
    return await users.fetchone()


async def _cached(user_id: int) -> User | None:
    """Give back a cached user; a cache that is away costs time, not answers."""
    try:
        text = await cache.get(f"user:{user_id}")
    except RedisError:
        return None
    return User.model_validate_json(text) if text else None


async def _remember(user: User) -> None:
    try:
        await cache.set(f"user:{user.id}", user.model_dump_json(), ex=CACHE_SECONDS)
    except RedisError:
        log.warning("user %d was not cached", user.id)


async def _ask_database() -> None:
    async with await AsyncConnection.connect(DATABASE_URL, connect_timeout=2) as database:
        await database.execute("SELECT 1")


async def _ask_redis() -> None:
    await cache.ping()


async def _ask_auth_service() -> None:
    (await auth.get("/health")).raise_for_status()
