"""Input and output of public/render-coupon."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from promostack.publishing.models import Output, RenderOrder


class RenderCoupon(BaseModel):
    """A code for one of a tenant's templates; `fields` takes those that the template marks public."""

    model_config = ConfigDict(extra="forbid", strict=True)

    tenant: str = Field(max_length=100, description="the tenant's slug", examples=["demo"])
    template: str = Field(max_length=100, description="the template's slug")
    format: str = Field(max_length=100, description="one of the template's formats", examples=["square"])
    code: str = Field(max_length=1_000, description="the code as it was typed", examples=["SUMMER25"])
    fields: dict[str, str] = Field({}, max_length=50)
    output: Output = "jpeg"
    scale: int = Field(1, ge=1, le=2, description="pixels for each pixel of the format")
    delivery: Literal["url", "inline"] = "url"
    logo: bool = Field(True, description="false leaves the tenant's logo out")

    def order(self) -> RenderOrder:
        """The part that decides about the picture."""
        return RenderOrder(
            self.template, self.format, self.code, self.fields, self.output, self.scale, with_logo=self.logo
        )


class PictureAnswer(BaseModel):
    """Where the picture is; its address never shows another one."""

    model_config = ConfigDict(from_attributes=True)

    url: str
    width: int
    height: int
    bytes: int
    sha256: str
    cached: bool = Field(description="true when the picture had been made before")
