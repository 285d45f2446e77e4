"""What every form and API body shares: strict types, no unknown fields, bounded lengths."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Form(BaseModel):
    """The base of every body: nothing extra, nothing coerced, nothing endless."""

    model_config = ConfigDict(extra="forbid", strict=True, str_max_length=20_000, frozen=True)


class Query(BaseModel):
    """The base of every query string: text comes in, so it is coerced; the rest as in `Form`."""

    model_config = ConfigDict(extra="ignore", str_max_length=200, frozen=True)


Line = Annotated[str, Field(min_length=1, max_length=200)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
CaseNumber = Annotated[str, Field(pattern=r"^[A-Z]{1,8}[0-9]{0,4}(-[A-Z0-9]{1,12}){0,3}$", max_length=40)]
LotNumber = Annotated[str, Field(pattern=r"^(T|DRILL)[0-9]{4}-[0-9]{6}-[0-9]{1,3}$")]


class SignatureForm(BaseModel):
    """One signature of a DSSE envelope; WebAuthn adds its three members."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    keyid: Digest
    kind: Annotated[str, Field(max_length=32)]
    sig: Annotated[str, Field(max_length=2_000)]
    authenticatorData: Annotated[str, Field(max_length=4_000)] | None = None
    clientDataJSON: Annotated[str, Field(max_length=4_000)] | None = None
    signature: Annotated[str, Field(max_length=2_000)] | None = None


class EnvelopeForm(BaseModel):
    """A DSSE envelope as it comes over the wire."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    payloadType: Annotated[str, Field(max_length=200)]
    payload: Annotated[str, Field(max_length=1_500_000)]
    signatures: Annotated[list[SignatureForm], Field(min_length=1, max_length=4)]

    def wire(self) -> dict[str, Any]:
        """The JSON object again, for the kernel's own strict reader."""
        return self.model_dump(exclude_none=True)


class ActForm(Form):
    """A signed act: its envelope, and in demonstration mode the password of the step-up."""

    envelope: EnvelopeForm
    password: Annotated[str, Field(max_length=200)] | None = None
