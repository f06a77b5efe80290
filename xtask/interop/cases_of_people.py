"""A person with a code for a device, and what the authority says until there is a token or none."""

from cases import CLIENT, case
from cases_of_environments import AUTHORITY, PERSON_SIGNED_IN, discovered, refused
from recorder import Answer

# Numbers as v2 gives them.
CODE = {
    "device_code": "d",
    "user_code": "ABCD1234",
    "verification_uri": "https://microsoft.com/devicelogin",
    "expires_in": 900,
    "interval": 1,
    "message": "To sign in, go there.",
}
PENDING = refused("authorization_pending", "AADSTS70016: pending", error_codes=[70016])


def authority(code, *answers):
    """One that gives this code, and then these answers to polls; the last one from then on."""
    rest = list(answers)

    def respond(request, _index, server):
        if request.is_discovery:
            return discovered(request, server)
        if request.path.endswith("/devicecode"):
            return code if isinstance(code, Answer) else Answer(200, code)
        return rest.pop(0) if len(rest) > 1 else rest[0]

    return respond


for name, answers in {
    "signs in at once": [PERSON_SIGNED_IN],
    "signs in after a while": [PENDING, PENDING, PERSON_SIGNED_IN],
    "is asked slowly": [refused("slow_down", "AADSTS70016: slowly"), PERSON_SIGNED_IN],
    "declines": [PENDING, refused("authorization_declined", "AADSTS65004: declined", error_codes=[65004])],
    "declines in the words of the RFC": [refused("access_denied", "AADSTS65004: declined", error_codes=[65004])],
    "comes too late": [refused("expired_token", "AADSTS70020: expired", error_codes=[70020])],
    "has a code that is not known": [refused("bad_verification_code", "AADSTS70018: unknown", error_codes=[70018])],
    "must do more": [
        refused("invalid_grant", "AADSTS50076: use MFA", suberror="basic_action", error_codes=[50076])
    ],
    "waits while the authority is down": [Answer(503, "no"), PERSON_SIGNED_IN],
    "waits while there are too many": [Answer(429, "no", Retry_After="1"), PERSON_SIGNED_IN],
    "gets a page instead": [Answer(200, "<html>")],
}.items():
    case(
        f"device code: a person {name}",
        "device-code",
        "tenant=contoso",
        f"client-id={CLIENT}",
        variables=AUTHORITY,
        new_answer=lambda answers=answers: authority(CODE, *answers),
    )
for name, code in {
    "numbers in words": CODE | {"expires_in": "900", "interval": "1"},
    "no interval": {name: value for name, value in CODE.items() if name != "interval"},
    "no message": {name: value for name, value in CODE.items() if name != "message"},
    "a life of five seconds": CODE | {"expires_in": 5},
    "a refusal": refused("unauthorized_client", "AADSTS700016: no such application", error_codes=[700016]),
    "a page": Answer(200, "<html>"),
    "500": Answer(500, "no"),
}.items():
    polls = [PENDING] if "five seconds" in name else [PERSON_SIGNED_IN]
    case(
        f"device code: the authority gives {name}",
        "device-code",
        "tenant=contoso",
        f"client-id={CLIENT}",
        variables=AUTHORITY,
        new_answer=lambda code=code, polls=polls: authority(code, *polls),
        patience=60,
    )
for name, arguments in {
    "claims": ['claims={"access_token":{"nbf":{"essential":true,"value":"1"}}}'],
    "another tenant": ["request-tenant=fabrikam"],
    "two scopes": ["scope=https://a/x", "scope=https://a/y"],
}.items():
    case(
        f"device code: is asked for {name}",
        "device-code",
        "tenant=contoso",
        f"client-id={CLIENT}",
        *arguments,
        variables=AUTHORITY,
        new_answer=lambda: authority(CODE, PERSON_SIGNED_IN),
    )
