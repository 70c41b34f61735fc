"""What ``roast-bot doctor`` asks of a model: whether its server answers. No tokens are spent."""

from __future__ import annotations

from importlib.util import find_spec

import httpx

from bot.ports_messenger import Check


async def check_up(name: str, base_url: str, api_key: str, *, seconds: float = 10.0) -> Check:
    """Return how the model stands. Never raises."""
    if find_spec("pydantic_ai") is None:
        return Check(
            name="model",
            ok=False,
            words=f"{name} is set, but its library is missing",
            next_step='pip install "roast-bot[model]"',
        )
    if not base_url:
        return Check(
            name="model", ok=True, words=f"{name}, at its provider's own address; not asked, for that costs money"
        )
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        async with httpx.AsyncClient(timeout=seconds) as client:
            answer = await client.get(f"{base_url}/models", headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Check(
            name="model",
            ok=False,
            words=f"{name} cannot be reached at {base_url} ({type(error).__name__})",
            next_step="Start its server, or unset ROAST_MODEL__NAME: the embedded writer needs none.",
        )
    if answer.status_code in {401, 403}:
        return Check(
            name="model", ok=False, words=f"{base_url} refuses the key", next_step="Correct ROAST_MODEL__API_KEY."
        )
    return Check(
        name="model", ok=answer.status_code < 500, words=f"{name} answers at {base_url} ({answer.status_code})"
    )
