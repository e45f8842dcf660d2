"""What an instance reads from its environment: every variable, its type and its default."""

import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """Variables of the process; names are those of the fields in capitals, read once at the start."""

    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore")

    thuocdo_home: Path = Field(default=Path("var"), description="Folder that holds all state of the instance.")
    database_url: str = Field(
        default="", description="Empty: an SQLite file in THUOCDO_HOME; else a PostgreSQL address."
    )
    thuocdo_debug: bool = Field(default=False, description="Detailed error pages; never where others can reach it.")
    thuocdo_hosts: str = Field(
        default="127.0.0.1,localhost", description="Host names that the instance answers to, separated by commas."
    )
    thuocdo_https: bool = Field(default=False, description="Behind HTTPS: cookies are marked secure, HSTS is sent.")
    thuocdo_demo: bool = Field(default=False, description="Demonstration instance: marked as such on every page.")
    thuocdo_email_url: str = Field(
        default="", description="smtp://user:password@host:587 or smtps://…:465; empty prints messages."
    )
    thuocdo_email_from: str = Field(
        default="Thước Đo <khong-tra-loi@localhost>", description="Sender of every message."
    )
    thuocdo_base_url: str = Field(
        default="http://127.0.0.1:8000", description="Address under which people reach the instance; links in mail."
    )
    thuocdo_max_upload: int = Field(default=20_000_000, description="Largest upload in bytes.")
    thuocdo_feeds_engine: str = Field(
        default="",
        description="What computes figures from raw events: empty, DuckDB in the worker; else spark://host:port.",
    )
    thuocdo_feeds_memory: int = Field(
        default=1024, ge=128, description="Memory in MB of the engine of feeds, or of each Spark executor."
    )
    thuocdo_feeds_threads: int = Field(default=2, ge=1, description="Threads of the engine of feeds in the worker.")
    thuocdo_feeds_salt: str = Field(
        default="", description="Secret for the hashes of personal columns of feeds; empty: made at the first start."
    )

    thuocdo_webhook_hosts: str = Field(
        default="",
        description="Receivers of events in a closed network, host or host:port, separated by commas; all others need "
        "a public address and HTTPS.",
    )

    @property
    def home(self) -> Path:
        """The state folder as an absolute path; made when missing."""
        home = self.thuocdo_home.expanduser().resolve()
        home.mkdir(parents=True, exist_ok=True)
        return home

    @property
    def hosts(self) -> list[str]:
        return [host.strip() for host in self.thuocdo_hosts.split(",") if host.strip()]

    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'thuocdo.sqlite3'}"

    def secret_key(self) -> str:
        """The instance's own key, made at the first start and readable by its owner only."""
        return self._kept("secret-key")

    def feeds_salt(self) -> str:
        """The secret of personal columns; a changed one makes the same account look like another."""
        return self.thuocdo_feeds_salt or self._kept("feeds-salt")

    def webhook_secret(self) -> str:
        """From which the secrets of receivers of events are computed; a changed one changes all of them."""
        return self._kept("webhook-secret")

    @property
    def webhook_hosts(self) -> frozenset[str]:
        """Receivers that may have private addresses and speak plain HTTP."""
        return frozenset(host.strip().lower() for host in self.thuocdo_webhook_hosts.split(",") if host.strip())

    def _kept(self, name: str) -> str:
        """A random secret in a file of the home, made when it is first asked for."""
        path = self.home / name
        if not path.exists():
            # Written whole and then linked into place: of two first starts, one wins and nobody reads half.
            draft = self.home / f"{name}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text(encoding="ascii")


@cache
def environment() -> Environment:
    """The environment of this process, read once."""
    return Environment()
