"""A language model through pydantic-ai: any provider by name, or any OpenAI-compatible server by its address.

The library is imported when the first reply is wanted, and only then: it takes seconds.
https://ai.pydantic.dev/
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import SettingsError, WriterError
from bot.verdict import WriterInfo
from bot.writers.model import DraftReply, Prompt

if TYPE_CHECKING:
    from pydantic_ai import Agent

_PROVIDERS = frozenset({"openai", "anthropic", "ollama", "openai-chat"})
SpentToday = Callable[[], Awaitable[float]]


async def nothing_spent() -> float:
    """Return 0: for a caller that keeps no books."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reply may take: seconds, output tokens, US dollars a day (0: no limit), replies at once."""

    seconds: float = 60.0
    output_tokens: int = 4000
    dollars_a_day: float = 0.0
    at_once: int = 2


class PydanticAIModel:
    """The ``Model`` that speaks through pydantic-ai."""

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        api_key: str = "",
        limits: Limits | None = None,
        spent_today: SpentToday = nothing_spent,
    ) -> None:
        """Keep what is needed to reach it. ``name`` is "provider:model", or a bare model name with ``base_url``."""
        self._name, self._base_url, self._api_key = name, base_url, api_key
        self._limits = limits or Limits()
        self._spent_today = spent_today
        self._turns = asyncio.Semaphore(self._limits.at_once)
        self._agent: Agent[Any, DraftReply] | None = None

    async def reply(self, prompt: Prompt) -> tuple[DraftReply, WriterInfo]:
        """Return the reply and what it cost. Raises ``WriterError`` in words for every way in which it can fail."""
        await self._within_budget()
        started = time.monotonic()
        async with self._turns:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    draft, info = await self._ask(prompt)
            except TimeoutError:
                raise WriterError(f"the model took longer than {self._limits.seconds:g} seconds") from None
        return draft, info.model_copy(update={"seconds": round(time.monotonic() - started, 2)})

    async def _within_budget(self) -> None:
        limit = self._limits.dollars_a_day
        if limit and await self._spent_today() >= limit:
            raise WriterError(f"today's limit for the model (${limit:g}) is spent")

    async def _ask(self, prompt: Prompt) -> tuple[DraftReply, WriterInfo]:
        from pydantic_ai.exceptions import AgentRunError, UserError  # noqa: PLC0415 - takes seconds to import
        from pydantic_ai.usage import UsageLimits  # noqa: PLC0415

        agent = self._agent_once()
        limits = UsageLimits(request_limit=2, output_tokens_limit=self._limits.output_tokens * 2)
        try:
            result = await agent.run(prompt.user, instructions=prompt.system, usage_limits=limits)
        except (AgentRunError, UserError) as error:
            raise WriterError(f"the model gave nothing usable ({type(error).__name__})") from error
        except TimeoutError:
            raise
        except Exception as error:
            raise WriterError(f"the model could not be reached ({type(error).__name__})") from error
        usage = result.usage
        info = WriterInfo(
            name="model",
            model=self._name,
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            cost_usd=_cost(result),
        )
        return result.output, info

    def _agent_once(self) -> Agent[Any, DraftReply]:
        if self._agent is None:
            self._agent = self._new_agent()
        return self._agent

    def _new_agent(self) -> Agent[Any, DraftReply]:
        try:
            from pydantic_ai import Agent, PromptedOutput  # noqa: PLC0415 - takes seconds to import
            from pydantic_ai.settings import ModelSettings  # noqa: PLC0415

            # The form is asked for in the prompt: every server understands that, tool calls only some.
            return Agent(
                self._model(),
                output_type=PromptedOutput(DraftReply),
                retries=1,
                model_settings=ModelSettings(max_tokens=self._limits.output_tokens, timeout=self._limits.seconds),
            )
        except ImportError as error:
            raise SettingsError(
                f"A model is configured ({self._name}) but its library is not installed.",
                'Install it with: pip install "roast-bot[model]"',
            ) from error
        except Exception as error:
            raise WriterError(f"the model {self._name} cannot be used ({str(error).splitlines()[0][:160]})") from error

    def _model(self) -> Any:
        if not self._base_url and not self._api_key:
            return self._name
        provider_name, _, model_name = self._name.partition(":")
        if provider_name not in _PROVIDERS:  # a local model's own name may hold a colon: "llama3:8b"
            provider_name, model_name = "openai", self._name
        if provider_name == "anthropic":
            from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
            from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

            return AnthropicModel(
                model_name, provider=AnthropicProvider(api_key=self._api_key or "none", base_url=self._base_url or None)
            )
        from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
        from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

        return OpenAIChatModel(
            model_name, provider=OpenAIProvider(base_url=self._base_url or None, api_key=self._api_key or "none")
        )


def _cost(result: Any) -> float:
    """Return what the reply cost in US dollars where the library knows the model's price, else 0."""
    try:
        return float(sum(message.cost().total_price for message in result.new_messages() if hasattr(message, "cost")))
    except (AttributeError, LookupError, ValueError, AssertionError):
        return 0.0
