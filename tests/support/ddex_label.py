"""An invented label that only its DDEX party identifier names, in an ERN and in an RDR-N message."""

from __future__ import annotations

from ddex_rdrn_messages import claims
from hubs import SOCIETIES

LABEL = "PADPIDA20250101013"
SOCIETY = "PADPIDA20250101021"
REGISTER = SOCIETIES + f"{SOCIETY},Qoltanba (invented),KZ,cmo,\n"

ERN = f"""<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/43">
<MessageHeader><MessageId>E1</MessageId></MessageHeader>
<PartyList><Party><PartyReference>P1</PartyReference>
<PartyId><DPID>{LABEL}</DPID></PartyId>
<PartyName><FullName>Dala Records LLP</FullName></PartyName></Party></PartyList>
<ResourceList><SoundRecording><ResourceReference>A1</ResourceReference>
<SoundRecordingEdition><ResourceId><ISRC>KZA012500001</ISRC></ResourceId></SoundRecordingEdition>
<DisplayTitleText>Song</DisplayTitleText>
<ResourceRightsController><RightsControllerPartyReference>P1</RightsControllerPartyReference>
<RightsControlType>RightsController</RightsControlType><RightSharePercentage>100</RightSharePercentage>
</ResourceRightsController></SoundRecording></ResourceList></e:NewReleaseMessage>"""

RDRN = claims(
    f"""<SoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>
<ResourceReference>A1</ResourceReference><ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle>
<Duration>PT3M</Duration><SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
<RightsController><PartyName><FullName>Dala</FullName></PartyName><PartyId><DPID>{LABEL}</DPID></PartyId>
<RightSharePercentage>100</RightSharePercentage><DelegatedUsageRights><UseType>Broadcast</UseType>
<PeriodOfRightsDelegation><StartDate>2025-01-01</StartDate></PeriodOfRightsDelegation>
<TerritoryOfRightsDelegation>KZ</TerritoryOfRightsDelegation></DelegatedUsageRights></RightsController>
</SoundRecordingDetailsByTerritory></SoundRecording>"""
)
