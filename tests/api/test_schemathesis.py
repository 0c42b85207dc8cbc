"""Schemathesis over every operation of the document: whatever is asked, the answer is one the document promises.

Each answer is held twice against the document, by schemathesis and by the checked client of these tests, and never is
one of the 5xx. A refusal to serve (503) counts as one here: nothing is wrong with the database or the disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from backend import create_app
from tests.api.contract import CheckedClient, document
from tests.api.fuzzing import ROADS, Known, Town, dress, first, proper, refer, refers
from tests.support.app import Office, SetClock, Templates
from tests.support.databases import close_connections
from tests.support.fake_wechat import WECHAT, FakeWechat

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
REFUSALS = [checks.negative_data_rejection, checks.missing_required_header, checks.unsupported_method]
"""What the cases of the coverage phase are for, each wrong in one place."""
METHODS = {"get", "post", "put", "patch", "delete"}
MANY = "1000000 per minute"
LIMITS = (
    "anonymous_filing_rate", "anonymous_filing_cap", "lookup_miss_rate", "sign_in_failure_rate", "wechat_sign_in_rate",
    "ledger_file_rate",
)  # fmt: skip
SLOW = {
    "POST /api/v1/inquiries/{number}/attachments": 4,
    "GET /api/v1/staff/ledger.docx": 4,
    "GET /api/v1/staff/ledger.pdf": 4,
}
"""Each photo is cleaned, and each form is set, in a process of its own: so many times fewer of them."""

STRIDES = [
    pytest.param(6, id="some", marks=pytest.mark.timeout(300)),
    pytest.param(1, id="all", marks=pytest.mark.drill),
]
"""Every how many-th case of the coverage phase."""
EXAMPLES = [
    pytest.param(3, id="a-few", marks=pytest.mark.timeout(300)),
    pytest.param(150, id="many", marks=pytest.mark.drill),
]
"""How many made-up requests of each mode an operation gets."""


@pytest.fixture
def town(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Town]:
    """The office without limits on how often one may ask."""
    limits = dict.fromkeys(LIMITS, MANY)
    with templates.fresh(database_kind, tmp_path / "office", wechat=WECHAT, **limits) as (made, org):
        clock = SetClock()
        app = create_app(made, clock)
        app.extensions["shouwen_gateway"] = FakeWechat()
        app.test_client_class = CheckedClient
        yield Town(Office(app, org, clock, made))
        close_connections(app)


def ask(town: Town, case: Case, known: Known, *more: Callable[..., Any]) -> int:
    """Send it, check the answer, return the status."""
    answer = case.call(session=town.office.anybody.client)
    if answer.status_code < 300 and case.method != "GET":
        town.moved_on(known)
    assert answer.status_code < 500, (case.as_curl_command(), answer.text)
    case.validate_response(answer, checks=[*CHECKS, *more])
    return answer.status_code


def operations(town: Town) -> list[APIOperation]:
    """What the document lists, as it is served."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", town.office.app)
    header = schema.config.checks.missing_required_header
    header.expected_statuses = [*header.expected_statuses, "428"]
    return [found.ok() for found in schema.get_all_operations()]


def test_the_fuzzer_reaches_every_operation_of_the_document(town: Town, subtests) -> None:
    found = operations(town)
    promised = {
        f"{method.upper()} {path}"
        for path, methods in document(town.office.app)["paths"].items()
        for method in methods
        if method in METHODS
    }
    assert {operation.label for operation in found} == promised
    for operation in found:
        with subtests.test(operation.label):
            case, known = proper(town, operation)
            assert 200 <= ask(town, case, known) < 300


@pytest.mark.drill
def test_every_operation_at_every_stage_is_answered_as_promised(town: Town, subtests) -> None:
    for operation in operations(town):
        for stage in ROADS:
            with subtests.test(operation.label, stage=stage):
                ask(town, *proper(town, operation, stage))


@pytest.mark.parametrize("stride", STRIDES)
def test_a_request_wrong_in_one_place_is_refused_as_promised(
    town: Town, subtests, stride: int, database_kind: str
) -> None:
    # The two databases take turns: between them they get twice as many.
    start = stride // 2 if database_kind == "sqlite" else 0
    for operation in operations(town):
        with subtests.test(operation.label):
            for case in list(boundary_cases(operation))[start :: stride * SLOW.get(operation.label, 1)]:
                place = case.meta.phase.data
                known = dress(town, case, first, spared=place.parameter)
                good = town.body(operation.label, known)
                is_fair = case.meta.generation.mode is GenerationMode.POSITIVE
                if is_fair and isinstance(case.body, dict) and refers(case.body, good, town.there):
                    case.body = refer(case.body, good, town.there)
                ask(town, case, known, *REFUSALS)


def boundary_cases(operation: APIOperation) -> Iterator[Case]:
    """The cases of schemathesis's coverage phase: every boundary of every parameter, methods and types unheard of."""
    generation = operation.schema.config.generation_for(operation=operation, phase="coverage")
    modes = list(GenerationMode)
    return operation.schema.iter_coverage_cases(
        operation, generation_modes=modes, generation_config=generation
    )


@pytest.mark.parametrize("examples", EXAMPLES)
def test_no_made_up_request_is_a_fault_of_ours(town: Town, subtests, examples: int) -> None:
    told: Counter[int] = Counter()
    for operation in operations(town):
        for mode in GenerationMode:
            with subtests.test(operation.label, mode=mode.value):
                told += fuzz(town, operation, mode, max(1, examples // SLOW.get(operation.label, 1)))
    at_the_door = told[400] + told[401] + told[428]
    assert at_the_door < told.total() / 2, told


def fuzz(town: Town, operation: APIOperation, mode: GenerationMode, examples: int) -> Counter[int]:
    """So many made-up requests, most of them shown with a real session, key, version and number.

    Returns how often each status was answered.
    """
    told: Counter[int] = Counter()

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask_one(case: Case, data: st.DataObject) -> None:
        def choose(choices: Any) -> Any:
            return data.draw(st.sampled_from(choices))

        known = dress(town, case, choose)
        if isinstance(case.body, dict) and not isinstance(case.body, NotSet):
            good = town.body(operation.label, known)
            case.body = choose(
                [refer(case.body, good, town.there), good | case.body, case.body | good, case.body]
            )
        told[ask(town, case, known)] += 1

    try:
        ask_one()
    except Unsatisfiable:
        # Nothing about it can be wrong: it takes neither parameters nor a body.
        assert mode is GenerationMode.NEGATIVE
    return told
