"""A language model through pydantic-ai: any provider by name, or any OpenAI-compatible server by its address.

The library is imported when the first reply is wanted, and only then: it takes seconds.
https://ai.pydantic.dev/
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.budget import Budget
from bot.errors import SettingsError, WriterError
from bot.verdict import WriterInfo
from bot.writers.model import DraftReply, Prompt

if TYPE_CHECKING:
    from pydantic_ai import Agent

_PROVIDERS = frozenset({"openai", "anthropic", "ollama", "openai-chat"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reply may take: seconds, output tokens.

    ``prices`` are US dollars for a million tokens, in and out, where the library does not know them.
    """

    seconds: float = 60.0
    output_tokens: int = 4000
    prices: tuple[float, float] = (0.0, 0.0)


class PydanticAIModel:
    """The ``Model`` that speaks through pydantic-ai."""

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        api_key: str = "",
        limits: Limits | None = None,
        budget: Budget,
    ) -> None:
        """Keep what is needed to reach it. ``name`` is "provider:model", or a bare model name with ``base_url``."""
        self._name, self._base_url, self._api_key = name, base_url, api_key
        self._limits = limits or Limits()
        self._budget = budget
        self._agent: Agent[Any, DraftReply] | None = None

    async def reply(self, prompt: Prompt) -> tuple[DraftReply, WriterInfo]:
        """Return the reply and what it cost. Raises ``WriterError`` in words for every way in which it can fail."""
        async with self._budget.turn():
            started = time.monotonic()
            bill = _Bill(self._name, self._limits.prices, prompt.tokens)
            try:
                async with asyncio.timeout(self._limits.seconds):
                    draft = await self._ask(prompt, bill)
            except TimeoutError:
                raise bill.unpaid(f"the model took longer than {self._limits.seconds:g} seconds") from None
            finally:
                bill.seconds = round(time.monotonic() - started, 2)
                if bill.messages:
                    await asyncio.shield(self._budget.book(bill.info()))
        return draft, bill.info()

    async def _ask(self, prompt: Prompt, bill: _Bill) -> DraftReply:
        from pydantic_ai import capture_run_messages  # noqa: PLC0415 - takes seconds to import
        from pydantic_ai.exceptions import AgentRunError, UserError  # noqa: PLC0415
        from pydantic_ai.usage import UsageLimits  # noqa: PLC0415

        agent = self._agent_once()
        limits = UsageLimits(request_limit=2, output_tokens_limit=self._limits.output_tokens * 2)
        with capture_run_messages() as bill.messages:
            try:
                result = await agent.run(prompt.user, instructions=prompt.system, usage_limits=limits)
            except (AgentRunError, UserError) as error:
                raise bill.unpaid(f"the model gave nothing usable ({type(error).__name__})") from error
            except (TimeoutError, WriterError):
                raise
            except Exception as error:
                raise bill.unpaid(f"the model could not be reached ({type(error).__name__})") from error
        return result.output

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


class _Bill:
    """What the answers of one reply cost, whatever became of them."""

    def __init__(self, model: str, prices: tuple[float, float], prompt_tokens: int) -> None:
        self._model, self._prices, self._prompt_tokens = model, prices, prompt_tokens
        self.messages: list[Any] = []
        self.seconds = 0.0

    def info(self) -> WriterInfo:
        tokens = self._tokens()
        return WriterInfo(
            name="model", model=self._model, input_tokens=tokens[0], output_tokens=tokens[1], cost_usd=self._cost(),
            seconds=self.seconds, calls=1, prompt_tokens=self._prompt_tokens,
        )  # fmt: skip

    def unpaid(self, sentence: str) -> WriterError:
        """Return the error that says why there is no draft, with what it cost all the same."""
        return WriterError(sentence, bill=self.info())

    def _answers(self) -> list[Any]:
        return [message for message in self.messages if message.kind == "response"]

    def _tokens(self) -> tuple[int, int]:
        usages = [answer.usage for answer in self._answers()]
        return sum(one.input_tokens or 0 for one in usages), sum(one.output_tokens or 0 for one in usages)

    def _cost(self) -> float:
        """Return US dollars: by the operator's prices, else the library's where it knows the model, else 0."""
        if any(self._prices):
            return sum(tokens * price / 1e6 for tokens, price in zip(self._tokens(), self._prices, strict=True))
        try:
            return float(sum(answer.cost().total_price for answer in self._answers()))
        except (AttributeError, LookupError, ValueError, AssertionError):
            return 0.0
