"""The writer that the settings ask for. Nothing of a model library is imported before one is configured."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.budget import Bounds, Budget, OwnBudget
from bot.ports import Clock, Writer
from bot.ports_messenger import Check
from bot.settings import Settings
from bot.shared_budget import BudgetStore, SharedBudget


def writer_for(settings: Settings, budget: Budget | None = None) -> Writer | None:
    """Return the model's writer where one is configured, else nothing: the trial then takes the house's own.

    Without a ``budget`` the writer keeps the settings' bounds for as long as this process lives.
    """
    model = settings.model
    if not model.name:
        return None
    from adapters.model.client import Limits, PydanticAIModel  # noqa: PLC0415 - a model library takes seconds
    from bot.writers.model import ModelWriter  # noqa: PLC0415
    from bot.writers.templates import Templates  # noqa: PLC0415

    templates = Templates(model.prompts)
    templates.check()
    limits = Limits(
        seconds=model.timeout,
        output_tokens=model.output_tokens,
        prices=(model.dollars_a_million_in, model.dollars_a_million_out),
    )
    key = model.api_key.get_secret_value() if model.api_key else ""
    client = PydanticAIModel(
        model.name, base_url=model.base_url, api_key=key, limits=limits, budget=budget or budget_for(settings, _Wall())
    )
    return ModelWriter(client, templates, most_tokens=model.prompt_tokens)


def budget_for(settings: Settings, clock: Clock, store: BudgetStore | None = None) -> Budget:
    """Return the budget that the settings set: kept in a store where there is one, shared where many processes are."""
    model = settings.model
    bounds = Bounds(at_once=model.at_once, dollars_a_day=model.dollars_a_day, patience=model.timeout)
    if store is None or settings.queue.engine == "embedded":
        return OwnBudget(bounds, clock, store)
    # A reply may be asked for twice within its turn (see ``PydanticAIModel``).
    return SharedBudget(bounds, clock, store, uuid.uuid4().hex, timedelta(seconds=2 * model.timeout + 30))


async def check(settings: Settings) -> Sequence[Check]:
    """Return how the model stands, where one is configured. Never raises."""
    from adapters.model.checkup import check_up  # noqa: PLC0415 - for the doctor alone

    model = settings.model
    key = model.api_key.get_secret_value() if model.api_key else ""
    return [await check_up(model.name, model.base_url, key)] if model.name else []


class _Wall:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)
