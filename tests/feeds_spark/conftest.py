"""A standalone Spark cluster for the tests: a master and two workers as processes of their own, on loopback only."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from thuocdo.feeds.metrics.engines import Engine, engine_named

WORKERS = 2
# Enough for small data; a worker offers what one executor takes.
EXECUTOR_MB = 512
SECONDS_TO_START = 120
# Short-lived machines: compiling thoroughly and collecting in parallel would cost more than it saves.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the master, and the folder in which each worker keeps its executors."""
    if shutil.which("java") is None:
        pytest.fail("Spark needs Java 17: apt install openjdk-17-jre-headless")
    folder = tmp_path_factory.mktemp("spark")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        master: list[str] = ["master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", "0"]
        stack.enter_context(_process(master, folder / "master.log"))
        _wait(folder / "master.log", "I have been elected leader")
        for number in range(WORKERS):
            worker = [
                "worker.Worker", address, "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1",
                "--memory", f"{EXECUTOR_MB}m", "--work-dir", str(folder / f"worker-{number}"),
            ]  # fmt: skip
            stack.enter_context(_process(worker, folder / f"worker-{number}.log"))
        for number in range(WORKERS):
            _wait(folder / f"worker-{number}.log", "Successfully registered")
        yield address, folder


@pytest.fixture(scope="session")
def spark(cluster: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine of feeds on that cluster."""
    address, _ = cluster
    options = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": JAVA,
        "spark.executor.extraJavaOptions": JAVA,
        "spark.executor.cores": "1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.local.dir": str(tmp_path_factory.mktemp("spills")),
    }
    with engine_named(address, memory_mb=EXECUTOR_MB, options=options) as engine:
        yield engine


@contextmanager
def _process(arguments: list[str], log: Path) -> Iterator[None]:
    """A daemon of Spark, started from the package's own scripts and ended by its process number."""
    import pyspark

    home = Path(pyspark.__file__).parent
    settings = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]],
            env=os.environ | settings,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(log: Path, ready: str) -> None:
    """Until the daemon says in its log that it is ready."""
    limit = time.monotonic() + SECONDS_TO_START
    while ready not in (said := log.read_text(encoding="utf-8", errors="replace")):
        if time.monotonic() > limit:
            pytest.fail(f"{log.stem} did not start:\n{said}")
        time.sleep(0.1)
