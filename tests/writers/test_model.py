"""The model writer against a server that speaks a provider's protocol: good, lying, rude, broken, hostile."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime

import pytest
from fakes.model import FakeModel
from rich.console import Console

from adapters.model.client import Limits, PydanticAIModel
from adapters.store import open_store
from adapters.terminal.card import show_proofs
from bot.brief import Heat
from bot.budget import Bounds, OwnBudget, paid_by
from bot.card import card_of
from bot.casting import cast
from bot.errors import StoreError
from bot.ports_care import LedgerStore
from bot.records import Place
from bot.sample import TARGET, SampleSource
from bot.trial import examine, gather, try_case
from bot.verdict import Verdict
from bot.writers.model import MOST_PROMPT_TOKENS, ModelWriter

GOOD = {
    "title": "A Cup by Any Other Name",
    "gist": "The coffee queue votes now. The cup it hands out had to be renamed afterwards.",
    "paragraphs": [
        {
            "text": "This pull request wants to make the coffee queue fair. It is a kind thought.",
            "role": "lede",
            "exhibits": ["X1"],
        },
        {"text": "`serve_cup` believes in its cups, and says so more than once.", "role": "headline", "exhibits": []},
        {
            "text": "The queue is fair now. The coffee is warm, and the paperwork is in order.",
            "role": "closing",
            "exhibits": ["X1"],
        },
    ],
    "epithet": "The Fair Queue",
    "punchline": "first come, first counted.",
}


@pytest.fixture(scope="module")
def sample():
    """The sample pull request, examined."""
    case = asyncio.run(gather(TARGET, SampleSource()))
    exhibits = examine(case)
    told = [part.exhibit for part in cast(case, exhibits, heat=Heat.MEDIUM).cast]
    GOOD["paragraphs"][1]["exhibits"] = [next(item.id for item in told if "serve_cup" in item.model_dump_json())]
    return case, exhibits


@pytest.fixture
async def memory(tmp_path):
    """A store, and the clock that it goes by."""
    clock = Wall()
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/roast.db", clock=clock)
    yield store, clock
    await store.aclose()


class Wall:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.day = 1

    def now(self) -> datetime:
        return datetime(2026, 5, self.day, 12, tzinfo=UTC)


def _budget(ledger: LedgerStore | None = None, clock: Wall | None = None, **bounds: float) -> OwnBudget:
    return OwnBudget(Bounds(**bounds), clock or Wall(), ledger)


@pytest.fixture(params=["openai", "anthropic"])
def protocol(request) -> str:
    """Both protocols that providers speak."""
    return request.param


def _model(server: FakeModel, protocol: str, budget: OwnBudget | None = None, **limits: object) -> PydanticAIModel:
    name, url = {"openai": ("test", server.url), "anthropic": ("anthropic:claude-haiku-4-5", server.root)}[protocol]
    return PydanticAIModel(name, base_url=url, api_key="k", limits=Limits(**limits), budget=budget or _budget())


async def _judge(sample, server: FakeModel, protocol: str = "openai", **limits: object) -> Verdict:
    case, exhibits = sample
    writer = ModelWriter(_model(server, protocol, **limits))
    return await try_case(case, exhibits, heat=Heat.MEDIUM, writer=writer)


def _with(**changes: object) -> str:
    return json.dumps({**GOOD, **changes})


def _paragraphs(*texts: str) -> list[dict[str, object]]:
    return [*GOOD["paragraphs"], *({"text": text, "role": "charge", "exhibits": ["E1"]} for text in texts)]


async def test_a_good_draft_is_told_as_it_is(sample, protocol: str) -> None:
    """A draft that holds is shown whole, with what it cost and without a fallback."""
    async with FakeModel(json.dumps(GOOD)) as server:
        verdict = await _judge(sample, server, protocol)
    assert verdict.title == GOOD["title"]
    assert [item.text for item in verdict.paragraphs] == [item["text"] for item in GOOD["paragraphs"]]
    assert verdict.writer.name == "model"
    assert (verdict.writer.input_tokens, verdict.writer.output_tokens) == (1200, 400)
    assert not verdict.writer.fallback
    assert len(server.requests) == 1


async def test_json_in_a_fence_is_read(sample, protocol: str) -> None:
    """A reply in a code fence is a reply."""
    async with FakeModel(f"```json\n{json.dumps(GOOD)}\n```") as server:
        verdict = await _judge(sample, server, protocol)
    assert verdict.title == GOOD["title"]


async def test_a_lie_goes_back_once_and_then_falls(sample, protocol: str) -> None:
    """A false figure is sent back with the reason; said again, its sentence falls and the rest stands."""
    lie = _with(paragraphs=_paragraphs("It took 4,711 commits to get there. The cups were all named Gerald."))
    async with FakeModel(lie) as server:
        verdict = await _judge(sample, server, protocol)
    assert len(server.requests) == 2
    assert "4,711" in server.prompts[1]
    assert "4,711" not in " ".join(item.text for item in verdict.paragraphs)
    assert any("4,711" in text for text in verdict.dropped)
    assert verdict.writer.name == "model"


async def test_rudeness_falls(sample, protocol: str) -> None:
    """What is said of a person does not reach a reader."""
    rude = _with(paragraphs=_paragraphs("The author is an idiot who should learn to code."))
    async with FakeModel(rude) as server:
        verdict = await _judge(sample, server, protocol)
    assert "idiot" not in " ".join(item.text for item in verdict.paragraphs)


@pytest.mark.parametrize(
    "reply",
    ["", "I cannot help with that.", '{"title": "half', "[]", '{"title": 7}', "null", _with(paragraphs=[]), "{" * 5000],
    ids=["empty", "refusal", "cut", "list", "wrong", "null", "no paragraphs", "deep"],
)
async def test_what_cannot_be_used_falls_back_in_words(sample, reply: str, protocol: str) -> None:
    """A reply that is no draft ends in the embedded writer's roast, and the card says why."""
    async with FakeModel(reply) as server:
        verdict = await _judge(sample, server, protocol)
    assert verdict.writer.name == "house"
    assert verdict.writer.fallback
    assert verdict.paragraphs


async def test_lies_throughout_fall_back(sample, protocol: str) -> None:
    """A draft of which too little can be proven gives way to the embedded writer."""
    lies = [
        {"text": f"There are {number * 1111} commits here.", "role": "charge", "exhibits": ["E1"]}
        for number in range(2, 9)
    ]
    async with FakeModel(_with(paragraphs=lies, title="The 9,999 Commits")) as server:
        verdict = await _judge(sample, server, protocol)
    assert verdict.writer.name == "house"
    assert "proven" in verdict.writer.fallback


async def test_links_mentions_and_markup_do_not_survive(sample, protocol: str) -> None:
    """No address, mention or tag of a model's making reaches a reader."""
    hostile = _paragraphs(
        "See https://evil.example/?q=secret for more. Ask @everyone and <!channel> about <b>it</b>.",
        "[The queue](https://evil.example) is fair ![x](https://evil.example/x.png) indeed.",
    )
    async with FakeModel(_with(paragraphs=hostile)) as server:
        verdict = await _judge(sample, server, protocol)
    text = " ".join([verdict.title, verdict.gist, *(item.text for item in verdict.paragraphs)])
    assert "evil.example" not in text
    assert "@everyone" not in text
    assert "<" not in text


async def test_forty_paragraphs_are_survived(sample, protocol: str) -> None:
    """A draft without end is checked like any other."""
    async with FakeModel(_with(paragraphs=_paragraphs(*["The queue is fair."] * 40))) as server:
        verdict = await _judge(sample, server, protocol)
    assert verdict.paragraphs


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 401}, {"status": 429}, {"cut": True}, {"delay": 3.0}], ids=str
)
async def test_faults_fall_back_in_words(sample, fault: dict, protocol: str) -> None:
    """A server that is down, refuses, cuts off or is late costs the model's draft, not the roast."""
    async with FakeModel(json.dumps(GOOD), **fault) as server:
        verdict = await _judge(sample, server, protocol, seconds=1.5)
    assert verdict.writer.name == "house"
    assert verdict.writer.fallback


async def test_a_spent_budget_asks_nobody_until_midnight(sample, protocol: str, memory) -> None:
    """What was spent before a restart counts: no request is sent, and the card says why; the next day is another."""
    case, exhibits = sample
    store, clock = memory
    for _ in range(2):  # each a process of its own
        async with FakeModel(json.dumps(GOOD)) as server:
            budget = _budget(store, clock, dollars_a_day=0.004)
            writer = ModelWriter(_model(server, protocol, budget, prices=(2.0, 10.0)))
            with paid_by(Place(platform="slack", workspace="T1", channel="C1")):
                verdict = await try_case(case, exhibits, writer=writer)
    assert server.requests == []
    assert verdict.writer.fallback == "today's limit for the model ($0.00) is spent"
    assert verdict.writer.fallback in card_of(verdict).footer
    (used,) = await store.usage(since=clock.now())
    assert (used.place.workspace, used.calls, used.input_tokens, used.output_tokens) == ("T1", 1, 1200, 400)
    assert used.cost_usd == pytest.approx(0.0064)
    clock.day += 1
    assert await budget.spent_today() == 0


async def test_what_failed_is_paid_all_the_same(sample, protocol: str) -> None:
    """A reply that was no draft cost its tokens: they are booked, and stand in the verdict and on the card."""
    case, exhibits = sample
    budget = _budget()
    async with FakeModel("I cannot help with that.") as server:
        writer = ModelWriter(_model(server, protocol, budget, prices=(2.0, 10.0)))
        verdict = await try_case(case, exhibits, writer=writer)
    asked = len(server.requests)
    assert verdict.writer.name == "house"
    assert verdict.writer.input_tokens == 1200 * asked
    assert await budget.spent_today() == pytest.approx(0.0064 * asked) == pytest.approx(verdict.writer.cost_usd)
    assert f"{1200 * asked:,} tokens in" in card_of(verdict).footer


async def test_both_tries_are_on_the_bill(sample, protocol: str) -> None:
    """The rewrite costs as much as the draft before it, and the card adds them up."""
    lie = _with(paragraphs=_paragraphs("It took 4,711 commits to get there."))
    async with FakeModel(lie, json.dumps(GOOD)) as server:
        verdict = await _judge(sample, server, protocol)
    assert (verdict.writer.calls, verdict.writer.input_tokens, verdict.writer.output_tokens) == (2, 2400, 800)
    assert "2 calls, 2,400 tokens in, 800 out" in card_of(verdict).footer
    assert 1000 < verdict.writer.prompt_tokens <= MOST_PROMPT_TOKENS


async def test_receipts_show_the_prompt_and_what_fell(sample, protocol: str) -> None:
    """``--receipts`` tells how long the prompt was, by our count and by the provider's, and what was left out."""
    lie = _with(paragraphs=_paragraphs("It took 4,711 commits to get there."))
    async with FakeModel(lie) as server:
        verdict = await _judge(sample, server, protocol)
    out = io.StringIO()
    show_proofs(Console(file=out, width=200), verdict)
    shown = out.getvalue()
    assert f"a prompt of {verdict.writer.prompt_tokens:,} tokens by our count; 2,400 tokens in" in shown
    assert "It took 4,711 commits to get there.\n    left out: nothing proves it" in shown


async def test_a_known_model_has_a_known_price(sample) -> None:
    """Where the library knows the model, its price is the library's."""
    async with FakeModel(json.dumps(GOOD)) as server:
        verdict = await _judge(sample, server, "anthropic")
    assert verdict.writer.cost_usd == pytest.approx(1200 * 1e-6 + 400 * 5e-6)


async def test_a_rewrite_that_fails_costs_nothing_but_its_sentence(sample) -> None:
    """When the second try is no draft, the first stands without what was wrong with it."""
    lie = _with(paragraphs=_paragraphs("It took 4,711 commits to get there."))
    async with FakeModel(lie, "no") as server:
        verdict = await _judge(sample, server)
    assert verdict.writer.name == "model"
    assert verdict.title == GOOD["title"]
    assert verdict.dropped == ("It took 4,711 commits to get there.",)


async def test_no_more_are_asked_at_once_than_set(sample) -> None:
    """Of five drafts that are wanted at once, two are asked for at the same time, and all are written."""
    case, exhibits = sample
    async with FakeModel(json.dumps(GOOD), delay=0.05) as server:
        writer = ModelWriter(_model(server, "openai", _budget(at_once=2)))
        verdicts = await asyncio.gather(*(try_case(case, exhibits, writer=writer) for _ in range(5)))
    assert server.most_at_once == 2
    assert {verdict.writer.name for verdict in verdicts} == {"model"}


async def test_who_waits_too_long_gets_the_embedded_writer(sample) -> None:
    """A turn that does not come in time is a fallback in words, and nobody's turn is lost by it."""
    case, exhibits = sample
    budget = _budget(at_once=1, patience=0.05)
    async with FakeModel(json.dumps(GOOD)) as server:
        writer = ModelWriter(_model(server, "openai", budget))
        async with budget.turn():
            late = await try_case(case, exhibits, writer=writer)
        then = await try_case(case, exhibits, writer=writer)
    assert "asking the model already" in late.writer.fallback
    assert then.writer.name == "model"


async def test_a_ledger_that_is_away_is_no_licence(sample) -> None:
    """Where nobody can say what today has cost, a limited model is not asked; an unlimited one is."""

    class Away:
        async def usage(self, **_: object):
            raise StoreError("The memory is locked.")

        async def record_usage(self, *_: object) -> None:
            raise StoreError("The memory is locked.")

    case, exhibits = sample
    async with FakeModel(json.dumps(GOOD)) as server:
        limited = await try_case(
            case, exhibits, writer=ModelWriter(_model(server, "openai", _budget(Away(), dollars_a_day=1.0)))
        )
        free = await try_case(case, exhibits, writer=ModelWriter(_model(server, "openai", _budget(Away()))))
    assert "cannot be looked up" in limited.writer.fallback
    assert free.writer.name == "model"
    assert len(server.requests) == 1


@pytest.mark.parametrize("language", ["zh", "de"])
async def test_another_language_is_no_licence(sample, language: str, protocol: str) -> None:
    """A draft in another language passes only where the check can read its figures: what it cannot prove falls."""
    text = {
        "zh": "这个拉取请求有 4711 次提交,其中 99 次是修复。",
        "de": "Dieser Pull Request hat 4711 Commits, und 99 davon sind Reparaturen.",
    }[language]
    async with FakeModel(_with(paragraphs=_paragraphs(text))) as server:
        verdict = await _judge(sample, server, protocol)
    assert "4711" not in " ".join(item.text for item in verdict.paragraphs)


async def test_the_prompt_holds_the_brief_and_nothing_else(sample) -> None:
    """No diff, no key and no tool is sent; exhibits stand inside a fence that their text cannot close."""
    async with FakeModel(json.dumps(GOOD)) as server:
        await _judge(sample, server)
    request, prompt = server.requests[0], server.prompts[0]
    assert "tools" not in request
    assert "@@ -" not in prompt
    assert len([line for line in prompt.splitlines() if line.startswith("===")]) == 2
    assert "api_key" not in prompt
