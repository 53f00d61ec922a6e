"""The wire models of mandates stated one by one."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from hub.api.models import MandateOut


class MandateIn(BaseModel):
    """A mandate as a row of the CSV contract: lists with ``|`` between, ``*`` for all, ``-`` to exclude."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "mandate_ref": "M-2026-17",
                "grantor_type": "party",
                "grantor_id": "90000003887",
                "grantor_name": "HARTLEY JANE",
                "holder": "177",
                "rights": "PR",
                "uses": "*|-on-demand-stream",
                "territories": "2136|-US",
                "valid_from": "2026-01-01",
                "exclusive": "Y",
                "basis": "declaration",
                "evidence": "sha256:9f86d08188",
            }
        },
    )
    mandate_ref: str = Field(max_length=200, description="The caller's own reference; the same one corrects.")
    grantor_type: str = Field(max_length=10, examples=["party"], description="party, society or any.")
    grantor_id: str = Field(max_length=60)
    grantor_name: str = Field("", max_length=1_000)
    holder: str = Field(max_length=60, description="A society's code, or a party's own identifier.")
    rights: str = Field(max_length=1_000, examples=["PR|MR"])
    uses: str = Field("", max_length=1_000)
    territories: str = Field("", max_length=10_000)
    valid_from: str = Field(max_length=10)
    valid_to: str = Field("", max_length=10, description="The first day without it; empty while open.")
    exclusive: str = Field("Y", max_length=1)
    basis: str = Field(max_length=20, examples=["declaration"])
    works: str = Field("", max_length=100_000, description="Empty: the whole repertoire.")
    evidence: str = Field("", max_length=1_000, description="A document's name or hash.")


class MandateStatedOut(MandateOut):
    """The mandate; ``status`` is ``created``, ``corrected`` or ``unchanged``."""

    status: str = Field(examples=["created"])
