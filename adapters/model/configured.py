"""The writer that the settings ask for. Nothing of a model library is imported before one is configured."""

from __future__ import annotations

from bot.ports import Writer
from bot.settings import Settings


def writer_for(settings: Settings) -> Writer | None:
    """Return the model's writer where one is configured, else nothing: the trial then takes the house's own."""
    model = settings.model
    if not model.name:
        return None
    from adapters.model.client import Limits, PydanticAIModel  # noqa: PLC0415 - a model library takes seconds
    from bot.writers.model import ModelWriter  # noqa: PLC0415

    key = model.api_key.get_secret_value() if model.api_key else ""
    limits = Limits(seconds=model.timeout, output_tokens=model.output_tokens)
    return ModelWriter(PydanticAIModel(model.name, base_url=model.base_url, api_key=key, limits=limits), model.prompts)
