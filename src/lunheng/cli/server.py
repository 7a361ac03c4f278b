"""``lunheng migrate``, ``up``, ``serve`` and ``worker``."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from lunheng.cli.django import is_unsafe, set_up


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands of a running site."""
    migrate = subparsers.add_parser("migrate", help="建立或更新数据库，登记政策包")
    migrate.set_defaults(run=run_migrate)
    for name, run, text in (
        ("up", run_up, "启动网站、计时器和后台任务（同一进程组）"),
        ("serve", run_serve, "只启动网站"),
    ):
        command = subparsers.add_parser(name, help=text)
        command.add_argument("--bind", default="127.0.0.1:8000", help="地址:端口")
        command.add_argument("--workers", type=int, default=2, help="网站进程数")
        command.set_defaults(run=run)
    worker = subparsers.add_parser("worker", help="只启动计时器和后台任务（可以启动任意多个）")
    worker.set_defaults(run=run_worker)


def run_migrate(options: argparse.Namespace) -> int:
    """Migrate, make the cache table, keep the packs, collect static files."""
    if is_unsafe():
        return 2
    from django.core.management import call_command

    from lunheng.jobs import clock
    from lunheng.jurisdictions.packs import record_all
    from lunheng.ledger.registers import upgraded

    with upgraded(clock.now(), migrates=has_migrations()):
        call_command("migrate", verbosity=0)
        put_guards_back()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    for record in record_all(at=clock.now()):
        print(f"政策包 {record.pack_id} {record.version}（{record.digest[:12]}）")
    return 0


def has_migrations() -> bool:
    """Whether any migration waits: else whoever writes while the command runs writes behind the acts."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def put_guards_back() -> None:
    """The triggers of the ledger, again: a migration that made a table anew took them away, and so may somebody have.

    At no moment is a table without them. Who owns the tables in production may be another than who runs the program.
    """
    from django.db import ProgrammingError, connection, transaction

    from lunheng.ledger import touching, triggers

    for what, put in (("记录改动", touching.watch), ("拒绝改写存证", triggers.create)):
        try:
            with transaction.atomic():
                put(connection)
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", "") != LACKS_RIGHT:
                raise
            print(NOT_PUT_BACK.format(what=what), file=sys.stderr)


LACKS_RIGHT = "42501"
"""What PostgreSQL says to whoever does not own a table."""
NOT_PUT_BACK = (
    "数据库用户不是表的所有者，无权重建{what}的触发器，原有的未动；请由所有者运行一次 lunheng migrate，"
    "再用 lunheng ledger reconcile 核对"
)


def run_serve(options: argparse.Namespace) -> int:
    """The web server alone."""
    if is_busy(options.bind) or is_unsafe():
        return 2
    os.execv(sys.executable, server_command(options))


def run_up(options: argparse.Namespace) -> int:
    """Web server and worker in one process group, until a signal ends both."""
    if is_busy(options.bind) or is_unsafe():
        return 2
    children = [
        subprocess.Popen(server_command(options)),
        subprocess.Popen([sys.executable, "-m", "lunheng", "worker"]),
    ]
    companions = [subprocess.Popen(command) for command in companion_commands()]
    print_address(options.bind)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        for child in (*children, *companions):
            child.terminate()
        for child in (*children, *companions):
            child.wait(timeout=15)
    return 1


def companion_commands() -> list[list[str]]:
    """What runs beside a site that is no production, and whose end does not end the site: the development signer."""
    set_up()
    from django.conf import settings

    if settings.MODE == "production":
        return []
    return [[sys.executable, "-m", "lunheng", "signer", "--development"]]


def server_command(options: argparse.Namespace) -> list[str]:
    """gunicorn with threads, as every operator knows it."""
    return [
        sys.executable, "-m", "gunicorn", "lunheng.config.wsgi:application", "--worker-class", "gthread",
        "--bind", options.bind, "--workers", str(options.workers), "--threads", "4", "--timeout", "60", "--no-control-socket",
        "--max-requests", "5000", "--max-requests-jitter", "500",
    ]  # fmt: skip


def is_busy(bind: str) -> bool:
    """Whether somebody listens on the address already; says what to do."""
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, int(port))) != 0:
            return False
    print(
        f"端口 {port} 已被占用：先停止占用它的程序，或换一个端口，例如 lunheng up --bind {host}:{int(port) + 1}"
    )
    return True


def print_address(bind: str) -> None:
    """Where to look, and the log-ins of the demo."""
    print(f"\n论衡已启动：http://{bind}/\n")
    set_up()
    from django.conf import settings

    if settings.IS_DEMO:
        from lunheng.demo.queries import login_lines

        print("\n".join(login_lines()), flush=True)


def run_worker(options: argparse.Namespace) -> int:
    """The timer and the side work, until a signal ends it."""
    if is_unsafe():
        return 2
    from lunheng.jobs import worker

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    worker.run(stop)
    return 0
