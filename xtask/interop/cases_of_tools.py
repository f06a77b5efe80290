"""The tools of developers: what they are asked, and what they print."""

import json

from cases import Program, case


def az(**changes):
    body = {
        "accessToken": "given",
        # As a real one, in local time: that of the variable TZ.
        "expiresOn": "@local@",
        "expires_on": "@number@",
        "subscription": "s",
        "tenant": "contoso",
        "tokenType": "Bearer",
    } | changes
    return json.dumps({name: value for name, value in body.items() if value is not None}, indent=2)


def azd(**changes):
    return json.dumps({"token": "given", "expiresOn": "@date@"} | changes)


def pwsh():
    return "\nazsdk%given%@epoch@\n\n"


def console_message(text):
    return json.dumps({"type": "consoleMessage", "timestamp": "t", "data": {"message": text}})


TOOLS = {"azure-cli": "az", "azure-developer-cli": "azd", "azure-powershell": "pwsh"}
GOOD = {"az": Program(az()), "azd": Program(azd()), "pwsh": Program(pwsh())}
EXPIRED = "ERROR: AADSTS70043: The refresh token has expired. Run az login.\nTrace ID: 1"
NOBODY = {
    "az": Program(stderr="ERROR: Please run 'az login' to setup account.\n", code=1),
    "azd": Program(stderr=console_message("ERROR: not logged in, run `azd auth login` to login\n"), code=1),
    "pwsh": Program(stderr="Get-AzAccessToken: Run Connect-AzAccount to login.\n", code=1),
}
FAILING = {
    "az": Program(stderr=EXPIRED, code=1),
    "azd": Program(stderr=json.dumps({"error": "fetching token: AADSTS70043: expired"}), code=1),
    "pwsh": Program(stderr="AADSTS70043: expired\n", code=1),
}
OUTPUTS = {
    "azure-cli": {
        "a token of before 2.54": Program(az(expires_on=None)),
        "a token with both times": Program(az()),
        "colours after the token": Program(az() + "\n\x1b[0m"),
        "a warning before the token": Program("WARNING: there is an update\n" + az()),
        "a token without an end": Program(az(expires_on=None, expiresOn=None)),
        "nobody, by the subscription": Program(stderr="ERROR: Please run az account set -s", code=1),
        "an expired sign-in": FAILING["az"],
        "another failure": Program(stderr="ERROR: the vault is locked", code=1),
        "a failure without words": Program(code=1),
        "that it is not recognised": Program(stderr="'az' is not recognized as a command", code=1),
        "that it is not found": Program(stderr="az: not found", code=127),
    },
    "azure-developer-cli": {
        "a token": Program(azd()),
        "a warning beside the token": Program(azd(), stderr="WARNING: there is an update"),
        "a token without an end": Program(json.dumps({"token": "given"})),
        "nobody, in 1.24": Program(
            stderr=json.dumps({"error": "not logged in, run `azd auth login` to login", "suggestion": "s"}), code=1
        ),
        "an expired sign-in": FAILING["azd"],
        "an expired sign-in, in the old way": Program(stderr=console_message("ERROR: AADSTS70043: expired"), code=1),
        "an expired sign-in, after an empty message": Program(
            stderr=console_message("") + "\n" + json.dumps({"error": "AADSTS70043: expired"}), code=1
        ),
        "that it does not know claims": Program(stderr="ERROR: unknown flag: --claims", code=1),
        "a failure on its output": Program(console_message("ERROR: no such tenant"), code=1),
        "a message and no token": Program(console_message("ERROR: no such tenant")),
        "that it is not found": Program(code=127),
    },
    "azure-powershell": {
        "a token": Program(pwsh()),
        "a token between warnings": Program("WARNING: soon\r\nazsdk%given%@epoch@\r\nbye\r\n"),
        "that there is no module": Program("NO_AZ_ACCOUNT_MODULE\n"),
        "that policy forbids it": Program(stderr="AuthorizationManager check failed.", code=1),
        "another failure": Program(stderr="it went wrong", code=1),
        "that it is not found": Program(code=127),
    },
}
for credential, name in TOOLS.items():
    case(f"{name}: not installed", credential)
    case(f"{name}: nobody is signed in", credential, programs={name: NOBODY[name]})
    case(f"{name}: is too slow", credential, "timeout=1", programs={name: Program(GOOD[name].stdout, sleeps=3)})
    case(f"{name}: prints nothing", credential, programs={name: Program()})
    case(f"{name}: prints other text", credential, programs={name: Program("hello")})
    case(f"{name}: prints half a token", credential, programs={name: Program(GOOD[name].stdout[:30])})
    for what, program in OUTPUTS[credential].items():
        case(f"{name}: says {what}", credential, programs={name: program})
    for what, arguments in {
        "a tenant": ["tenant=contoso.com"],
        "a tenant of the request": ["request-tenant=contoso.com"],
        "another tenant than its own": ["tenant=contoso.com", "request-tenant=fabrikam.com"],
        "another tenant, which is allowed": ["tenant=contoso.com", "request-tenant=f", "allowed-tenant=f"],
        "another tenant, where any is allowed": ["tenant=contoso.com", "request-tenant=f", "allowed-tenant=*"],
        "another tenant than organizations": ["tenant=organizations", "request-tenant=contoso.com"],
        "a tenant with a space": ["request-tenant=contoso; ls"],
        "claims": ['claims={"access_token":{}}'],
        "empty claims": ["claims="],
        "a scope for a shell": ["scope=https://a/.default;ls"],
        "two scopes": ["scope=https://a/.default", "scope=https://b/.default"],
    }.items():
        case(f"{name}: is asked for {what}", credential, *arguments, programs={name: GOOD[name]})
case("az: is asked for a subscription", "azure-cli", "subscription=Pay as you go", programs=GOOD)
case("az: is asked for a subscription for a shell", "azure-cli", "subscription=a;ls", programs=GOOD)
