"""A passkey already set up, as a device would have registered it: what it signs is never asked for."""

from hashlib import sha256

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from e2c_portal.accounts.models import User

NUMBER = b"cle-des-essais"


def with_passkey(user: User, name: str = "Clé de bureau") -> Authenticator:
    """Give somebody a passkey."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(Aaguid(bytes(16)), NUMBER, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    told = AttestationObject.create(
        "none", AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, known), {}
    )
    asked = CollectedClientData.create("webauthn.create", b"defi", "http://localhost")
    response = {"clientDataJSON": websafe_encode(bytes(asked)), "attestationObject": websafe_encode(bytes(told))}
    number = websafe_encode(NUMBER)
    credential = {
        "id": number, "rawId": number, "type": "public-key", "response": response, "clientExtensionResults": {},
    }  # fmt: skip
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
    )
