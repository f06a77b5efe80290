"""Documents of federation servers that nobody here wrote, as adal and msal read them and as our credential does.

Arguments: our example `federation`, and the folder `tests` of a clone of
AzureAD/azure-activedirectory-library-for-python.

The statement of a federation server is signed. That it survives our cutting it out is shown with signatures that
`signxml` makes and checks, on envelopes of our own: what a server says in its envelope, and what it leaves out of the
statement therefore, is up to the server.
"""

import base64
import logging
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest.mock

import adal.mex
import adal.wstrust_response
import lxml.etree as etree
import msal.mex
import msal.wstrust_response
import signxml

from certificate import Certificate
from flows import flow, score

OURS, FIXTURES = sys.argv[1], pathlib.Path(sys.argv[2])
CONTEXT = {"log_context": {"correlation_id": "interop"}}
ARCHAN = "https://arvmserver2012.archan.us/adfs/services/trust"

# What ADAL for Python and for Node.js expect of the first five. The others have one defect each, by which their names
# go; but for the malformed ones it is beside an endpoint that is whole.
ENDPOINTS = {
    "microsoft.mex.xml": "https://corp.sts.microsoft.com/adfs/services/trust/13/usernamemixed",
    "arupela.mex.xml": "https://fs.arupela.com/adfs/services/trust/13/usernamemixed",
    "archan.us.mex.xml": f"{ARCHAN}/13/usernamemixed",
    "common.mex.xml": "https://adfs.federatedtenant.com/adfs/services/trust/13/usernamemixed",
    "usystech.mex.xml": "https://sts.usystech.net/adfs/services/trust/2005/usernamemixed",
    "address.insecure.xml": f"{ARCHAN}/2005/usernamemixed",
    "noaddress.xml": f"{ARCHAN}/13/usernamemixed",
    "nobinding.port.xml": f"{ARCHAN}/13/usernamemixed",
    "noname.binding.xml": f"{ARCHAN}/13/usernamemixed",
    "nosoapaction.xml": f"{ARCHAN}/13/usernamemixed",
    "nosoaptransport.xml": f"{ARCHAN}/13/usernamemixed",
    "nouri.ref.xml": f"{ARCHAN}/13/usernamemixed",
    "syntax.notrelated.mex.xml": None,
    "syntax.related.mex.xml": None,
}


def ours(kind, path):
    run = subprocess.run([OURS, kind, str(path)], capture_output=True, check=True, text=True)
    return run.stdout.split()


def of_adal(text):
    mex = adal.mex.Mex(CONTEXT, "https://sts.example/mex")
    answer = types.SimpleNamespace(status_code=200, text=text, headers={})
    with unittest.mock.patch("requests.get", return_value=answer):
        mex.discover()
    return mex.username_password_policy["url"]


def of_msal(text):
    return msal.mex.Mex(text).get_wstrust_username_password_endpoint()["address"]


def peer(read, text):
    """A peer's endpoint; None where it gives up, whatever the reason."""
    try:
        return read(text)
    except Exception:  # pylint: disable=broad-except
        return None


def statement(path):
    grant, encoded = ours("rstr", path)
    return grant, base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def named(name):
    """A flow whose name is this."""

    def register(function):
        function.__name__ = name
        return flow(function)

    return register


def descriptions():
    for name, expected in ENDPOINTS.items():

        @named(f"description {name}")
        def description(_, path=FIXTURES / "mex" / name, expected=expected):
            said = ours("mex", path)
            assert (said[0] if said[0] != "refused:" else None) == expected, said
            text = path.read_text(encoding="utf-8-sig")
            for who, read in (("adal", of_adal), ("msal", of_msal)):
                theirs = peer(read, text)
                assert theirs in (expected, None), f"{who}: {theirs}"
                if theirs is None and expected:
                    print(f"      {who} gives up on {path.name}")


def statements():
    for name in ("RSTR.xml", "common.rstr.xml"):

        @named(f"statement {name}")
        def whole(_, path=FIXTURES / "wstrust" / name):
            text = path.read_text(encoding="utf-8")
            grant, cut = statement(path)
            assert grant == "urn:ietf:params:oauth:grant-type:saml1_1-bearer", grant
            theirs = adal.wstrust_response.WSTrustResponse(CONTEXT, text, "wstrust13")
            theirs.parse()
            # They take the space around it along.
            assert cut == theirs.token.strip()
            assert cut == msal.wstrust_response.parse_response(text)["token"].strip()

    @named("statement in base64, as ADAL's test expects it")
    def encoded(_):
        expected = (FIXTURES / "wstrust" / "common.base64.encoded.assertion.txt").read_text()
        _, cut = statement(FIXTURES / "wstrust" / "common.rstr.xml")
        assert base64.b64encode(cut).decode() == expected.strip()


SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
BODY = f"""<{{0}}Assertion ID="_1" Version="2.0"{{1}}><{{0}}Issuer>https://sts.example</{{0}}Issuer>
  <{{0}}AttributeStatement><{{0}}Attribute Name="n"><{{0}}AttributeValue i:type="x:string">v &amp; w</{{0}}AttributeValue>
  </{{0}}Attribute></{{0}}AttributeStatement></{{0}}Assertion>"""

ANSWER = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"{}><s:Body>
  <t:RequestSecurityTokenResponseCollection xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512">
  <t:RequestSecurityTokenResponse><t:TokenType>{}</t:TokenType>
  <t:RequestedSecurityToken>{}</t:RequestedSecurityToken></t:RequestSecurityTokenResponse>
  </t:RequestSecurityTokenResponseCollection></s:Body></s:Envelope>"""


def signatures():
    certificate = Certificate()
    for name, prefix, outside in (
        ("its own namespaces", "saml", []),
        ("its prefix on the envelope", "saml", ["saml"]),
        ("the default namespace on the envelope", None, [None]),
        ("all namespaces on the envelope", "saml", ["saml", "x", "i"]),
    ):
        namespaces = {prefix: SAML, "x": SCHEMA, "i": INSTANCE}
        declared = {key: f' xmlns{":" + key if key else ""}="{uri}"' for key, uri in namespaces.items()}

        @named(f"signature, with {name}")
        def signature(_, prefix=prefix, declared=declared, outside=outside):
            whole = BODY.format(f"{prefix}:" if prefix else "", "".join(declared.values()))
            signer = signxml.XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
            signed = signer.sign(
                etree.fromstring(whole), key=certificate.key_pem().encode(), cert=certificate.pem, reference_uri="_1"
            )
            text = etree.tostring(signed).decode()
            moved = [declared[key] for key in outside]
            for declaration in moved:
                assert declaration in text
                text = text.replace(declaration, "", 1)
            with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
                file.write(ANSWER.format("".join(moved), SAML, text))
                file.flush()
                grant, cut = statement(file.name)
            assert grant == "urn:ietf:params:oauth:grant-type:saml2-bearer", grant
            assert outside or cut == text.encode()
            verified = verify(cut, certificate)
            assert verified.signed_xml.tag == f"{{{SAML}}}Assertion"
            try:
                verify(cut.replace(b"v &amp; w", b"v &amp; x"), certificate)
            except signxml.InvalidSignature:
                return
            raise AssertionError("a changed statement has a good signature")


def verify(statement, certificate):
    return signxml.XMLVerifier().verify(statement, x509_cert=certificate.pem, id_attribute="ID")


logging.disable(logging.CRITICAL)
descriptions()
statements()
signatures()
sys.exit(score("documents of federation servers", None))
