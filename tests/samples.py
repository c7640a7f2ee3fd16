"""Values that tests share."""

from graph.names import Names

BASE = "http://127.0.0.1:8000/"
NAMES = Names(BASE)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '" href="javascript:alert(1)',
    "</title><svg onload=alert(1)>",
    "'; DROP TABLE change; --",
    "{{ 7 * 7 }} ${7*7} %s \\",
)
"""Labels that must stay text wherever they appear."""
