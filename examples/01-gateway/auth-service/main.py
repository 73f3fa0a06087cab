"""auth-service: issues, verifies, refreshes and revokes tokens.

A token is valid while its session lives in Redis; PostgreSQL keeps a record of every token issued.
The caller's word for who the subject is gets believed: this is an example of wiring, not of identity.
"""

import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from psycopg import AsyncConnection, OperationalError
from pydantic import BaseModel, Field
from redis.asyncio import Redis
from redis.exceptions import RedisError

import tokens
from health import readiness
from settings import required

DATABASE_URL, REDIS_URL, JWT_SECRET = required("DATABASE_URL", "REDIS_URL", "JWT_SECRET")
TOKEN_SECONDS = 3600

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
log = logging.getLogger("auth-service")
sessions = Redis.from_url(REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True)


class Subject(BaseModel):
    """Whom a token is about."""

    subject: str = Field(min_length=1, max_length=200)


class Token(BaseModel):
    """A token, and the seconds it lives."""

    token: str
    subject: str
    expires_in: int = TOKEN_SECONDS


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to Redis while the service runs."""
    yield
    await sessions.aclose()


app = FastAPI(title="auth-service", lifespan=lifespan)


@app.exception_handler(OperationalError)
@app.exception_handler(RedisError)
async def unavailable(_: Request, error: Exception) -> JSONResponse:
    """Answer 503 while the database or Redis is away."""
    log.warning("a store does not answer: %s", error)
    return JSONResponse({"detail": "a store of this service does not answer"}, status_code=503)


@app.get("/health")
@app.head("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "healthy", "service": "auth-service"}


@app.get("/health/ready")
@app.head("/health/ready", include_in_schema=False)
async def health_ready() -> JSONResponse:
    """Readiness: the database and Redis answer this service's own login."""
    return await readiness({"database": _ask_database(), "redis": _ask_redis()})


@app.post("/token", status_code=201)
async def issue(body: Subject) -> Token:
    """Start a session and give back its token."""
    return await _start_session(body.subject)


async def claims_of(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
    """Give back the claims of the request's bearer token; 401 without a valid one."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})
    try:
        claims = tokens.verify(token.strip(), JWT_SECRET, time.time())
    except tokens.InvalidTokenError as error:
        raise HTTPException(401, str(error), {"WWW-Authenticate": "Bearer"}) from error
    if await sessions.get(_session_key(claims["jti"])) is None:
        raise HTTPException(401, "the session has ended", {"WWW-Authenticate": "Bearer"})
    return claims


Claims = Annotated[dict[str, Any], Depends(claims_of)]


@app.get("/verify")
async def verify(claims: Claims) -> Subject:
    """Say whose token this is."""
    return Subject(subject=claims["sub"])


@app.post("/refresh", status_code=201)
async def refresh(body: Subject, claims: Claims) -> Token:
    """Exchange a token of this subject for a new one; the old one ends."""
    if claims["sub"] != body.subject:
        raise HTTPException(403, "the token belongs to somebody else")
    await sessions.delete(_session_key(claims["jti"]))
    return await _start_session(body.subject)


@app.delete("/token", status_code=204)
async def revoke(claims: Claims) -> Response:
    """End the session of this token."""
    await sessions.delete(_session_key(claims["jti"]))
    return Response(status_code=204)


async def _start_session(subject: str) -> Token:
    session = secrets.token_urlsafe(16)
    async with await AsyncConnection.connect(DATABASE_URL, connect_timeout=2) as database:
        # Two first requests at once would both create the table, and one would fail: they take turns.
        await database.execute("SELECT pg_advisory_xact_lock(hashtext('issued_tokens'))")
        await database.execute(
            "CREATE TABLE IF NOT EXISTS issued_tokens"
            " (session text PRIMARY KEY, subject text NOT NULL, issued_at timestamptz NOT NULL DEFAULT now())"
        )
        await database.execute("INSERT INTO issued_tokens (session, subject) VALUES (%s, %s)", (session, subject))
    await sessions.set(_session_key(session), subject, ex=TOKEN_SECONDS)
    log.info("session started for %r", subject)
    claims = {"sub": subject, "jti": session, "exp": int(time.time()) + TOKEN_SECONDS}
    return Token(token=tokens.sign(claims, JWT_SECRET), subject=subject)


def _session_key(session: str) -> str:
    return f"session:{session}"


async def _ask_database() -> None:
    async with await AsyncConnection.connect(DATABASE_URL, connect_timeout=2) as database:
        await database.execute("SELECT 1")


async def _ask_redis() -> None:
    await sessions.ping()
