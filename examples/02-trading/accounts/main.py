"""accounts: registers accounts and gives them back."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from database import DATABASE_URL, Account
from health import readiness

logging.basicConfig(level=os.environ.get("LOG_LEVEL", "info").upper(), format="%(levelname)s: %(message)s")
log = logging.getLogger("accounts")
# A connection is tried before it is used: the database may have been restarted since.
engine = create_async_engine(DATABASE_URL, pool_pre_ping=True, connect_args={"connect_timeout": 2})
session = async_sessionmaker(engine, expire_on_commit=False)


class NewAccount(BaseModel):
    """What a person registers with."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)


class RegisteredAccount(NewAccount):
    """An account as the caller sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: int


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to the database while the service runs."""
    yield
    await engine.dispose()


app = FastAPI(title="accounts", lifespan=lifespan)


@app.exception_handler(OperationalError)
async def unavailable(_: Request, error: Exception) -> JSONResponse:
    """Answer 503 while the database is away."""
    log.warning("the database does not answer: %s", error)
    return JSONResponse({"detail": "the database does not answer"}, status_code=503)


@app.get("/health")
@app.head("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "healthy", "service": "accounts"}


@app.get("/health/ready")
@app.head("/health/ready", include_in_schema=False)
async def health_ready() -> JSONResponse:
    """Readiness: the database answers, and the migrations have run."""
    return await readiness({"database": _ask_database(), "migrations": _ask_for_accounts()})


@app.post("/accounts", status_code=201)
async def register(new: NewAccount) -> RegisteredAccount:
    """Register an account; 409 when the address is taken."""
    account = Account(email=new.email)
    try:
        async with session.begin() as transaction:
            transaction.add(account)
    except IntegrityError as error:
        raise HTTPException(409, "this address is registered already") from error
    log.info("account %d registered", account.id)
    return RegisteredAccount.model_validate(account)


@app.get("/accounts/{account_id}")
async def read(account_id: int) -> RegisteredAccount:
    """Give back an account; 404 when there is none of that number."""
    async with session() as reading:
        account = await reading.get(Account, account_id)
    if account is None:
        raise HTTPException(404, f"there is no account {account_id}")
    return RegisteredAccount.model_validate(account)


async def _ask_database() -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _ask_for_accounts() -> None:
    async with engine.connect() as connection:
        await connection.execute(select(Account.id).limit(1))
