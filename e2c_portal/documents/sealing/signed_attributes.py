"""What a PAdES signature signs beside the document: which certificate signs it. The same for every file, so made once.

The engine builds it anew for each signature, out of hundreds of small objects: a third of the work of signing.
"""

from collections.abc import Iterable

from asn1crypto import cms, x509
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.signers import Signer

# ETSI EN 319 122-1 §5.2.2.3.
NAME = "signing_certificate_v2"


class KeptCertificateAttribute(CMSAttributeProvider):
    """The attribute that names the certificate, read from bytes made once."""

    attribute_type = NAME

    def __init__(self, certificate: x509.Certificate) -> None:
        self._made = simple_cms_attribute(NAME, as_signing_certificate_v2(certificate)).dump()

    async def get_attribute(self, dry_run: bool = False) -> cms.CMSAttribute:
        """Return the attribute."""
        return cms.CMSAttribute.load(self._made)


class PadesAttributes(SignedAttributeProviderSpec):
    """The signed attributes of a plain PAdES signature: no other than the certificate, the engine adds the digest."""

    def __init__(self, certificate: x509.Certificate) -> None:
        self._provider = KeptCertificateAttribute(certificate)

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[CMSAttributeProvider]:
        """Return what gives each attribute."""
        return (self._provider,)


def keep_attributes(signer: Signer) -> Signer:
    """Return the signer, which from now on signs the attributes made once for its certificate."""
    if signer.signing_cert is not None:
        signer.signed_attr_prov_spec = PadesAttributes(signer.signing_cert)
    return signer
