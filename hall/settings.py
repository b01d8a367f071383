"""What the operator may set from outside: one frozen object, read from `HALL_*` variables, checked at the start."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE = "sqlite:///hall.db"


class Settings(BaseSettings):
    """A value that does not fit stops the start and names its variable."""

    model_config = SettingsConfigDict(env_prefix="HALL_", frozen=True, extra="ignore")

    database: str = Field(DEFAULT_DATABASE, description="Where everything is kept: a SQLAlchemy URL.")
    host: str = Field("127.0.0.1", description="The address to listen on; 0.0.0.0 for kiosks and displays in the hall.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 for any free one.")
