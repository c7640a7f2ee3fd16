"""Of very many findings some are listed and all are counted."""

from graph.findings import MOST, Finding, Listing


def finding(check: str, severity: str, number: int) -> Finding:
    return Finding(check, severity, f"<http://example.org/{number}>", None, "<http://example.org/g>", {}, {})


def test_each_check_lists_some_and_counts_the_others() -> None:
    listing, many = Listing(), MOST["warning"] + 5
    found = [finding("a", "warning", number) for number in range(many)] + [finding("b", "info", 0)]
    listed = list(listing.of(found))
    assert len(listed) == MOST["warning"] + 1
    assert listing.more == {"a": 5}


def test_violations_are_listed_far_beyond_warnings() -> None:
    listing = Listing()
    found = [finding("a", "violation", number) for number in range(MOST["warning"] * 3)]
    assert list(listing.of(found)) == found
    assert not listing.more
