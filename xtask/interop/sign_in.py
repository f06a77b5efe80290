"""What the example `sign_in` of aad-identity says."""

import re

TWO_TOKENS = re.compile(r"a token until .*\n(.*\n)*?another until ")


def finish(program, line=None):
    said, _ = program.communicate(line, timeout=60)
    return said, program.returncode == 0


def must_have_two_tokens(outcome):
    said, succeeded = outcome
    assert succeeded and TWO_TOKENS.search(said), said


def must_have_renewed_by_refresh_token(outcome):
    must_have_two_tokens(outcome)
    said, _ = outcome
    assert "enter the code" not in said, "the person was asked twice"
    assert "a refresh token was kept" in said, said
