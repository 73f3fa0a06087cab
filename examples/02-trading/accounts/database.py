"""The tables of this service, and where they are."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, Text, func, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from settings import required

(_url,) = required("DATABASE_URL")
# `postgresql://` means whichever driver SQLAlchemy prefers; the one installed here is psycopg 3.
DATABASE_URL = make_url(_url).set(drivername="postgresql+psycopg")


class Table(DeclarativeBase):
    """What every table of this service belongs to."""


class Account(Table):
    """A customer's account."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
