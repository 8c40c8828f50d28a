"""The eighteen cyber-observables (STIX 2.1, section 6).

Predefined extensions (`windows-pebinary-ext`, `http-request-ext`…) are kept as received.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from minga.core.stix import forms
from minga.core.stix.faults import quote
from minga.core.stix.forms import reference_to, shaped
from minga.core.stix.objects.base import (
    ANY_OF_ITS_OWN,
    ArtifactRef,
    Binary,
    Broken,
    Dictionary,
    Hashes,
    Hex,
    Observable,
    ObservableRef,
    OneOf,
    Order,
    Part,
    SafeInt,
    Size,
    Some,
    Timestamp,
)

ContainedRef = Annotated[str, shaped(reference_to("file", "directory"))]
ResolvedRef = Annotated[str, shaped(reference_to("ipv4-addr", "ipv6-addr", "domain-name"))]
UserRef = Annotated[str, shaped(reference_to("user-account"))]
EmailRef = Annotated[str, shaped(reference_to("email-addr"))]
BodyRef = Annotated[str, shaped(reference_to("artifact", "file"))]
DirectoryRef = Annotated[str, shaped(reference_to("directory"))]
FileRef = Annotated[str, shaped(reference_to("file"))]
MacRef = Annotated[str, shaped(reference_to("mac-addr"))]
AutonomousSystemRef = Annotated[str, shaped(reference_to("autonomous-system"))]
EndpointRef = Annotated[
    str, shaped(reference_to("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"))
]
TrafficRef = Annotated[str, shaped(reference_to("network-traffic"))]
ProcessRef = Annotated[str, shaped(reference_to("process"))]
RegistryKeyName = Annotated[str, shaped(forms.REGISTRY_KEY)]
Port = Annotated[int, Meta(ge=0, le=65_535)]


class Artifact(Observable, tag="artifact"):
    presence = (OneOf(("payload_bin", "url"), "payload_bin or url", exclusive=True),)

    mime_type: str | UnsetType = UNSET
    payload_bin: Binary | UnsetType = UNSET
    url: str | UnsetType = UNSET
    hashes: Hashes | UnsetType = UNSET
    encryption_algorithm: (
        Literal["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"] | UnsetType
    ) = UNSET
    decryption_key: str | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.url is not UNSET and self.hashes is UNSET:
            yield Broken("hashes", "nothing", "the hashes of what the url leads to")
        if self.decryption_key is not UNSET and self.encryption_algorithm is UNSET:
            yield Broken("encryption_algorithm", "nothing", "the algorithm of the decryption_key")


class AutonomousSystem(Observable, tag="autonomous-system"):
    number: SafeInt
    name: str | UnsetType = UNSET
    rir: str | UnsetType = UNSET


class Directory(Observable, tag="directory"):
    path: str
    path_enc: str | UnsetType = UNSET
    ctime: Timestamp | UnsetType = UNSET
    mtime: Timestamp | UnsetType = UNSET
    atime: Timestamp | UnsetType = UNSET
    contains_refs: Some[ContainedRef] | UnsetType = UNSET


class DomainName(Observable, tag="domain-name"):
    value: str
    resolves_to_refs: Some[ResolvedRef] | UnsetType = UNSET


class EmailAddr(Observable, tag="email-addr"):
    value: str
    display_name: str | UnsetType = UNSET
    belongs_to_ref: UserRef | UnsetType = UNSET


class MimePart(Part):
    """One part of a message of several (section 6.6.2)."""

    presence = (OneOf(("body", "body_raw_ref"), "body or body_raw_ref", exclusive=True),)

    body: str | UnsetType = UNSET
    body_raw_ref: BodyRef | UnsetType = UNSET
    content_type: str | UnsetType = UNSET
    content_disposition: str | UnsetType = UNSET


class EmailMessage(Observable, tag="email-message"):
    is_multipart: bool
    date: Timestamp | UnsetType = UNSET
    content_type: str | UnsetType = UNSET
    from_ref: EmailRef | UnsetType = UNSET
    sender_ref: EmailRef | UnsetType = UNSET
    to_refs: Some[EmailRef] | UnsetType = UNSET
    cc_refs: Some[EmailRef] | UnsetType = UNSET
    bcc_refs: Some[EmailRef] | UnsetType = UNSET
    message_id: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    received_lines: Some[str] | UnsetType = UNSET
    additional_header_fields: Dictionary | UnsetType = UNSET
    body: str | UnsetType = UNSET
    body_multipart: Some[MimePart] | UnsetType = UNSET
    raw_email_ref: ArtifactRef | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.is_multipart is True and self.body is not UNSET:
            yield Broken("body", "a body beside is_multipart true", "body_multipart instead")
        if self.is_multipart is False and self.body_multipart is not UNSET:
            yield Broken("body_multipart", "parts beside is_multipart false", "body instead")


class File(Observable, tag="file"):
    presence = (OneOf(("hashes", "name"), "hashes or a name"),)

    hashes: Hashes | UnsetType = UNSET
    size: Size | UnsetType = UNSET
    name: str | UnsetType = UNSET
    name_enc: str | UnsetType = UNSET
    magic_number_hex: Hex | UnsetType = UNSET
    mime_type: str | UnsetType = UNSET
    ctime: Timestamp | UnsetType = UNSET
    mtime: Timestamp | UnsetType = UNSET
    atime: Timestamp | UnsetType = UNSET
    parent_directory_ref: DirectoryRef | UnsetType = UNSET
    contains_refs: Some[ObservableRef] | UnsetType = UNSET
    content_ref: ArtifactRef | UnsetType = UNSET


class Ipv4Addr(Observable, tag="ipv4-addr"):
    value: str
    resolves_to_refs: Some[MacRef] | UnsetType = UNSET
    belongs_to_refs: Some[AutonomousSystemRef] | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.value and not self.defanged and not forms.IPV4.holds(self.value):
            yield Broken("value", quote(self.value), forms.IPV4.expected)


class Ipv6Addr(Observable, tag="ipv6-addr"):
    value: str
    resolves_to_refs: Some[MacRef] | UnsetType = UNSET
    belongs_to_refs: Some[AutonomousSystemRef] | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.value and not self.defanged and not _is_ipv6(self.value):
            yield Broken(
                "value", quote(self.value), "an IPv6 address or range such as 2001:db8::/32"
            )


def _is_ipv6(value: str) -> bool:
    address, slash, bits = value.partition("/")
    try:
        IPv6Address(address)
    except AddressValueError:
        return False
    return not slash or (bits.isascii() and bits.isdigit() and len(bits) <= 3 and int(bits) <= 128)


class MacAddr(Observable, tag="mac-addr"):
    value: str

    def broken_rules(self) -> Iterator[Broken]:
        if self.value and not self.defanged and not forms.MAC.holds(self.value):
            yield Broken("value", quote(self.value), forms.MAC.expected)


class Mutex(Observable, tag="mutex"):
    name: str


class NetworkTraffic(Observable, tag="network-traffic"):
    orders = (Order("start", "end"),)
    presence = (OneOf(("src_ref", "dst_ref"), "src_ref or dst_ref"),)

    protocols: Some[str]
    start: Timestamp | UnsetType = UNSET
    end: Timestamp | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    src_ref: EndpointRef | UnsetType = UNSET
    dst_ref: EndpointRef | UnsetType = UNSET
    src_port: Port | UnsetType = UNSET
    dst_port: Port | UnsetType = UNSET
    src_byte_count: Size | UnsetType = UNSET
    dst_byte_count: Size | UnsetType = UNSET
    src_packets: Size | UnsetType = UNSET
    dst_packets: Size | UnsetType = UNSET
    ipfix: Dictionary | UnsetType = UNSET
    src_payload_ref: ArtifactRef | UnsetType = UNSET
    dst_payload_ref: ArtifactRef | UnsetType = UNSET
    encapsulates_refs: Some[TrafficRef] | UnsetType = UNSET
    encapsulated_by_ref: TrafficRef | UnsetType = UNSET

    def broken_rules(self) -> Iterator[Broken]:
        if self.is_active is True and self.end is not UNSET:
            yield Broken("end", "an end beside is_active true", "no end while traffic is active")


class Process(Observable, tag="process"):
    presence = (ANY_OF_ITS_OWN,)

    is_hidden: bool | UnsetType = UNSET
    pid: SafeInt | UnsetType = UNSET
    created_time: Timestamp | UnsetType = UNSET
    cwd: str | UnsetType = UNSET
    command_line: str | UnsetType = UNSET
    environment_variables: Dictionary | UnsetType = UNSET
    opened_connection_refs: Some[TrafficRef] | UnsetType = UNSET
    creator_user_ref: UserRef | UnsetType = UNSET
    image_ref: FileRef | UnsetType = UNSET
    parent_ref: ProcessRef | UnsetType = UNSET
    child_refs: Some[ProcessRef] | UnsetType = UNSET


class Software(Observable, tag="software"):
    name: str
    cpe: str | UnsetType = UNSET
    swid: str | UnsetType = UNSET
    languages: Some[str] | UnsetType = UNSET
    vendor: str | UnsetType = UNSET
    version: str | UnsetType = UNSET


class Url(Observable, tag="url"):
    """The address is kept as received: hostile ones break RFC 3986 on purpose."""

    value: str


class UserAccount(Observable, tag="user-account"):
    presence = (ANY_OF_ITS_OWN,)

    user_id: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET
    account_login: str | UnsetType = UNSET
    account_type: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    is_service_account: bool | UnsetType = UNSET
    is_privileged: bool | UnsetType = UNSET
    can_escalate_privs: bool | UnsetType = UNSET
    is_disabled: bool | UnsetType = UNSET
    account_created: Timestamp | UnsetType = UNSET
    account_expires: Timestamp | UnsetType = UNSET
    credential_last_changed: Timestamp | UnsetType = UNSET
    account_first_login: Timestamp | UnsetType = UNSET
    account_last_login: Timestamp | UnsetType = UNSET


class WindowsRegistryValue(Part):
    """One value of a registry key (section 6.17.2)."""

    presence = (OneOf(("name", "data", "data_type"), "a name, data or data_type"),)

    name: str | UnsetType = UNSET
    data: str | UnsetType = UNSET
    data_type: (
        Literal[
            "REG_NONE",
            "REG_SZ",
            "REG_EXPAND_SZ",
            "REG_BINARY",
            "REG_DWORD",
            "REG_DWORD_BIG_ENDIAN",
            "REG_DWORD_LITTLE_ENDIAN",
            "REG_LINK",
            "REG_MULTI_SZ",
            "REG_RESOURCE_LIST",
            "REG_FULL_RESOURCE_DESCRIPTION",
            "REG_RESOURCE_REQUIREMENTS_LIST",
            "REG_QWORD",
            "REG_INVALID_TYPE",
        ]
        | UnsetType
    ) = UNSET


class WindowsRegistryKey(Observable, tag="windows-registry-key"):
    presence = (ANY_OF_ITS_OWN,)

    key: RegistryKeyName | UnsetType = UNSET
    values: Some[WindowsRegistryValue] | UnsetType = UNSET
    modified_time: Timestamp | UnsetType = UNSET
    creator_user_ref: UserRef | UnsetType = UNSET
    number_of_subkeys: Size | UnsetType = UNSET


class X509Certificate(Observable, tag="x509-certificate"):
    presence = (ANY_OF_ITS_OWN,)

    is_self_signed: bool | UnsetType = UNSET
    hashes: Hashes | UnsetType = UNSET
    version: str | UnsetType = UNSET
    serial_number: str | UnsetType = UNSET
    signature_algorithm: str | UnsetType = UNSET
    issuer: str | UnsetType = UNSET
    validity_not_before: Timestamp | UnsetType = UNSET
    validity_not_after: Timestamp | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    subject_public_key_algorithm: str | UnsetType = UNSET
    subject_public_key_modulus: str | UnsetType = UNSET
    subject_public_key_exponent: SafeInt | UnsetType = UNSET
    x509_v3_extensions: Dictionary | UnsetType = UNSET
