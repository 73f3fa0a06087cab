"""Readiness: ask every dependency at once and answer within a bounded time."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from fastapi.responses import JSONResponse

SECONDS = 2.0
HEALTHY = "healthy"

Check = Coroutine[Any, Any, object]


async def readiness(checks: Mapping[str, Check]) -> JSONResponse:
    """Give back 200 `ready` when every check passes, else 503 `degraded`, with what each one said.

    No check is waited for longer than `SECONDS`, not even for its own clean-up after being cancelled.
    """
    tasks = {name: asyncio.create_task(check) for name, check in checks.items()}
    if tasks:
        await asyncio.wait(tasks.values(), timeout=SECONDS)
    results = {name: _result(task) for name, task in tasks.items()}
    if all(result == HEALTHY for result in results.values()):
        return JSONResponse({"status": "ready", "checks": results})
    return JSONResponse({"status": "degraded", "checks": results}, status_code=503)


def _result(task: asyncio.Task[object]) -> str:
    """Say in one line how a check ended; stop it when it has not."""
    if not task.done():
        task.cancel()
        return f"unhealthy: no answer within {SECONDS:g} s"
    error = task.exception()
    if error is None:
        return HEALTHY
    first_line = str(error).partition("\n")[0]
    return f"unhealthy: {first_line or type(error).__name__}"
