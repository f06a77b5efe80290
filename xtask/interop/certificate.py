"""A certificate as applications sign in with."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12


class Certificate:
    """A key of our own and its certificate."""

    def __init__(self, name="interop"):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        host = x509.SubjectAlternativeName([x509.DNSName(name)])
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(host, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.thumbprint = self.certificate.fingerprint(hashes.SHA1()).hex()

    def key_pem(self, password=None):
        protection = serialization.NoEncryption()
        if password is not None:
            protection = serialization.BestAvailableEncryption(password)
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
        ).decode()

    def pfx(self, password):
        protection = serialization.BestAvailableEncryption(password)
        return pkcs12.serialize_key_and_certificates(b"interop", self.key, self.certificate, None, protection)
