"""api-gateway: the entry point; sends `/auth/...` to auth-service and `/users...` to user-service.

Registration (`POST /users`) is open; everything below `/users/` needs a token that auth-service accepts.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from health import readiness
from settings import required

AUTH_SERVICE_URL, USER_SERVICE_URL = required("AUTH_SERVICE_URL", "USER_SERVICE_URL")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
ECHOED_HEADERS = ("host", "x-real-ip", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix")

logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
logging.getLogger("httpx").setLevel(logging.WARNING)
log = logging.getLogger("api-gateway")
upstream = httpx.AsyncClient(timeout=httpx.Timeout(10, connect=2), trust_env=False)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Hold the connections to the services behind while the gateway runs."""
    yield
    await upstream.aclose()


# A redirect to the address with a slash would name a host that only this side of a reverse proxy knows.
app = FastAPI(title="api-gateway", lifespan=lifespan, redirect_slashes=False)


@app.get("/health")
@app.head("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "healthy", "service": "api-gateway"}


@app.get("/health/ready")
@app.head("/health/ready", include_in_schema=False)
async def health_ready() -> JSONResponse:
    """Readiness: both services behind are alive."""
    return await readiness(
        {"auth_service": _ask(f"{AUTH_SERVICE_URL}/health"), "user_service": _ask(f"{USER_SERVICE_URL}/health")}
    )


@app.api_route("/echo", methods=METHODS, include_in_schema=False)
@app.api_route("/echo/{path:path}", methods=METHODS, include_in_schema=False)
async def echo(request: Request) -> dict[str, object]:
    """Tell the request as it arrived: `path` decoded, `raw_path` and `query_string` as the bytes on the wire."""
    return {
        "method": request.method,
        "path": request.scope["path"],
        "raw_path": _raw_path(request),
        "query_string": request.scope["query_string"].decode("latin-1"),
        "headers": {name: request.headers[name] for name in ECHOED_HEADERS if name in request.headers},
    }


@app.api_route("/auth/{path:path}", methods=METHODS, include_in_schema=False)
async def to_auth_service(request: Request) -> Response:
    """Pass on to auth-service, which knows nothing of the prefix."""
    return await _pass_on(request, AUTH_SERVICE_URL, _raw_path(request).removeprefix("/auth"))


@app.post("/users")
async def to_registration(request: Request) -> Response:
    """Pass a registration on to user-service."""
    return await _pass_on(request, USER_SERVICE_URL, _raw_path(request))


@app.api_route("/users/{path:path}", methods=METHODS, include_in_schema=False)
async def to_user_service(request: Request) -> Response:
    """Pass on to user-service what carries a token that auth-service accepts."""
    try:
        verdict = await upstream.get(f"{AUTH_SERVICE_URL}/verify", headers=_headers(request, "authorization"))
    except httpx.HTTPError as error:
        return _bad_gateway(AUTH_SERVICE_URL, error)
    if verdict.status_code != httpx.codes.OK:
        return _answer(verdict)
    return await _pass_on(request, USER_SERVICE_URL, _raw_path(request))


async def _pass_on(request: Request, base: str, raw_path: str) -> Response:
    """Ask the service at `base` the same question and give back its answer; 502 when it does not answer."""
    query = request.url.query
    try:
        answer = await upstream.request(
            request.method,
            f"{base}{raw_path}?{query}" if query else f"{base}{raw_path}",
            content=await request.body(),
            headers=_headers(request, "accept", "authorization", "content-type"),
        )
    except httpx.HTTPError as error:
        return _bad_gateway(base, error)
    return _answer(answer)


def _answer(answer: httpx.Response) -> Response:
    kept = ("content-type", "www-authenticate")
    headers = {name: answer.headers[name] for name in kept if name in answer.headers}
    return Response(answer.content, answer.status_code, headers)


def _bad_gateway(base: str, error: httpx.HTTPError) -> Response:
    log.warning("%s does not answer: %s", base, error or type(error).__name__)
    return JSONResponse({"detail": f"{base} does not answer"}, status_code=502)


def _headers(request: Request, *names: str) -> dict[str, str]:
    return {name: request.headers[name] for name in names if name in request.headers}


def _raw_path(request: Request) -> str:
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1")


async def _ask(url: str) -> None:
    (await upstream.get(url, timeout=2)).raise_for_status()
