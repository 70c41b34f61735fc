"""The model writer against a server that speaks a provider's protocol: good, lying, rude, broken, hostile."""

from __future__ import annotations

import asyncio
import json

import pytest
from fakes.model import FakeModel

from adapters.model.client import Limits, PydanticAIModel
from bot.brief import Heat
from bot.casting import cast
from bot.sample import TARGET, SampleSource
from bot.trial import examine, gather, try_case
from bot.verdict import Verdict
from bot.writers.model import MOST_PROMPT_TOKENS, ModelWriter, prompt_of

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


async def _judge(sample, server: FakeModel, **limits: object) -> Verdict:
    case, exhibits = sample
    model = PydanticAIModel("test", base_url=server.url, api_key="k", limits=Limits(**limits))
    return await try_case(case, exhibits, heat=Heat.MEDIUM, writer=ModelWriter(model))


def _with(**changes: object) -> str:
    return json.dumps({**GOOD, **changes})


def _paragraphs(*texts: str) -> list[dict[str, object]]:
    return [*GOOD["paragraphs"], *({"text": text, "role": "charge", "exhibits": ["E1"]} for text in texts)]


async def test_a_good_draft_is_told_as_it_is(sample) -> None:
    """A draft that holds is shown whole, with what it cost and without a fallback."""
    async with FakeModel(json.dumps(GOOD)) as server:
        verdict = await _judge(sample, server)
    assert verdict.title == GOOD["title"]
    assert [item.text for item in verdict.paragraphs] == [item["text"] for item in GOOD["paragraphs"]]
    assert verdict.writer.name == "model"
    assert (verdict.writer.input_tokens, verdict.writer.output_tokens) == (1200, 400)
    assert not verdict.writer.fallback
    assert len(server.requests) == 1


async def test_json_in_a_fence_is_read(sample) -> None:
    """A reply in a code fence is a reply."""
    async with FakeModel(f"```json\n{json.dumps(GOOD)}\n```") as server:
        verdict = await _judge(sample, server)
    assert verdict.title == GOOD["title"]


async def test_a_lie_goes_back_once_and_then_falls(sample) -> None:
    """A false figure is sent back with the reason; said again, its sentence falls and the rest stands."""
    lie = _with(paragraphs=_paragraphs("It took 4,711 commits to get there. The cups were all named Gerald."))
    async with FakeModel(lie) as server:
        verdict = await _judge(sample, server)
    assert len(server.requests) == 2
    assert "4,711" in server.prompts[1]
    assert "4,711" not in " ".join(item.text for item in verdict.paragraphs)
    assert any("4,711" in text for text in verdict.dropped)
    assert verdict.writer.name == "model"


async def test_rudeness_falls(sample) -> None:
    """What is said of a person does not reach a reader."""
    rude = _with(paragraphs=_paragraphs("The author is an idiot who should learn to code."))
    async with FakeModel(rude) as server:
        verdict = await _judge(sample, server)
    assert "idiot" not in " ".join(item.text for item in verdict.paragraphs)


@pytest.mark.parametrize(
    "reply",
    ["", "I cannot help with that.", '{"title": "half', "[]", '{"title": 7}', "null", _with(paragraphs=[]), "{" * 5000],
    ids=["empty", "refusal", "cut", "list", "wrong", "null", "no paragraphs", "deep"],
)
async def test_what_cannot_be_used_falls_back_in_words(sample, reply: str) -> None:
    """A reply that is no draft ends in the embedded writer's roast, and the card says why."""
    async with FakeModel(reply) as server:
        verdict = await _judge(sample, server)
    assert verdict.writer.name == "house"
    assert verdict.writer.fallback
    assert verdict.paragraphs


async def test_lies_throughout_fall_back(sample) -> None:
    """A draft of which too little can be proven gives way to the embedded writer."""
    lies = [
        {"text": f"There are {number * 1111} commits here.", "role": "charge", "exhibits": ["E1"]}
        for number in range(2, 9)
    ]
    async with FakeModel(_with(paragraphs=lies, title="The 9,999 Commits")) as server:
        verdict = await _judge(sample, server)
    assert verdict.writer.name == "house"
    assert "proven" in verdict.writer.fallback


async def test_links_mentions_and_markup_do_not_survive(sample) -> None:
    """No address, mention or tag of a model's making reaches a reader."""
    hostile = _paragraphs(
        "See https://evil.example/?q=secret for more. Ask @everyone and <!channel> about <b>it</b>.",
        "[The queue](https://evil.example) is fair ![x](https://evil.example/x.png) indeed.",
    )
    async with FakeModel(_with(paragraphs=hostile)) as server:
        verdict = await _judge(sample, server)
    text = " ".join([verdict.title, verdict.gist, *(item.text for item in verdict.paragraphs)])
    assert "evil.example" not in text
    assert "@everyone" not in text
    assert "<" not in text


async def test_forty_paragraphs_are_survived(sample) -> None:
    """A draft without end is checked like any other."""
    async with FakeModel(_with(paragraphs=_paragraphs(*["The queue is fair."] * 40))) as server:
        verdict = await _judge(sample, server)
    assert verdict.paragraphs


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 401}, {"status": 429}, {"cut": True}, {"delay": 5.0}], ids=str
)
async def test_faults_fall_back_in_words(sample, fault: dict) -> None:
    """A server that is down, refuses, cuts off or is late costs the model's draft, not the roast."""
    async with FakeModel(json.dumps(GOOD), **fault) as server:
        verdict = await _judge(sample, server, seconds=1.5)
    assert verdict.writer.name == "house"
    assert verdict.writer.fallback


async def test_a_spent_budget_asks_nobody(sample) -> None:
    """When the day's limit is spent, no request is sent."""
    case, exhibits = sample

    async def spent() -> float:
        return 2.0

    async with FakeModel(json.dumps(GOOD)) as server:
        model = PydanticAIModel(
            "test", base_url=server.url, api_key="k", limits=Limits(dollars_a_day=1.0), spent_today=spent
        )
        verdict = await try_case(case, exhibits, writer=ModelWriter(model))
    assert server.requests == []
    assert "limit" in verdict.writer.fallback


async def test_the_prompt_holds_the_brief_and_nothing_else(sample) -> None:
    """No diff, no key and no tool is sent; exhibits stand inside a fence that their text cannot close."""
    async with FakeModel(json.dumps(GOOD)) as server:
        await _judge(sample, server)
    request, prompt = server.requests[0], server.prompts[0]
    assert "tools" not in request
    assert "@@ -" not in prompt
    assert prompt.count("===") % 2 == 0
    assert "api_key" not in prompt


async def test_the_prompt_keeps_to_its_budget(sample) -> None:
    """However much was found, the prompt stays within its tokens."""
    case, exhibits = sample
    fat = [item.model_copy(update={"facts": {f"fact_{n}": "word " * 60 for n in range(40)}}) for item in exhibits]
    brief = cast(case, fat, heat=Heat.SPICY)
    assert prompt_of(brief).tokens <= MOST_PROMPT_TOKENS
    assert prompt_of(cast(case, exhibits, heat=Heat.MILD), ["x" * 900] * 50).tokens <= MOST_PROMPT_TOKENS


async def test_an_operators_prompt_stands_in(sample, tmp_path) -> None:
    """A prompt file of the operator's own is used in place of ours."""
    case, exhibits = sample
    (tmp_path / "roast.md").write_text(
        "Write {paragraphs} paragraphs of {words} words, {heat}: {heat_words}. In rhyme."
    )
    assert prompt_of(cast(case, exhibits, heat=Heat.MILD), prompts=tmp_path).system.endswith("In rhyme.")
