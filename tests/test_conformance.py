"""What the W3C suites should give, how it is told, and that what is worse is noticed."""

from conformance import PAGE, Expected, Heard, Outcome, Suite, page, regressions, surprises

SUITE = Suite("s", "a suite", 2, 1, {"known": "values"})
TARGETS = {
    "protocol": (34, 34),
    "gsp": (13, 13),
    "sd": (3, 3),
    "formats": (15, 17),
    "query11": (312, 328),
    "update11": (152, 152),
    "federation": (9, 10),
    "sparql12": (257, 262),
    "syntax10": (198, 199),
    "query10": (268, 283),
    "shacl-core": (97, 98),
}


def test_no_less_is_expected_than_was_promised() -> None:
    expected = Expected.read().suites
    assert expected.keys() == TARGETS.keys()
    for name, (passed, total) in TARGETS.items():
        assert expected[name].passed >= passed, name
        assert expected[name].total == total, name


def test_every_known_failure_has_a_reason_in_both_languages() -> None:
    expected = Expected.read()
    used = {reason for suite in expected.suites.values() for reason in suite.failures.values()}
    assert used == expected.reasons.keys()
    assert all(said.keys() == {"zh", "en"} for said in expected.reasons.values())


def test_the_page_is_made_from_what_is_expected() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Expected.read()), (
        "python tests/conformance.py --write-page"
    )


def test_what_turns_out_as_expected_is_no_regression() -> None:
    assert regressions(SUITE, Outcome({"a", "b"}, {"known": "seen"}, {"c"}, 0.1)) == []
    assert surprises(SUITE, Outcome({"a", "b", "known"}, {}, {"c"}, 0.1)) == ["known"]


def test_a_new_failure_is_a_regression_and_so_are_tests_that_are_missing() -> None:
    assert regressions(SUITE, Outcome({"a"}, {"b": "HTTP 500", "known": ""}, {"c"}, 0.1)) == ["b: HTTP 500"]
    assert regressions(SUITE, Outcome({"a"}, {"known": ""}, {"b", "c"}, 0.1)) == ["1 tests passed, not 2"]


def test_answers_of_class_5xx_are_noted() -> None:
    heard = Heard()
    for status in (200, 204, 404, 503):
        heard.note("GET", "/sparql", status)
    assert heard.classes == {2: 2, 4: 1, 5: 1}
    assert heard.faults == ["GET /sparql -> 503"]
