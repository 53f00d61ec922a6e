"""An invented MWN notification of a whole small catalogue: what the first messages leave unsaid.

Names in two scripts, a publisher chain across territories, joined and excluded territories, uses left out,
periods by year and month, several works in one share, affiliations abroad, shares at one service only.
"""

from __future__ import annotations

from ddex_mwn_messages import (
    COLLECTION,
    MANUSCRIPT,
    MECHANICAL,
    PERFORMING,
    PUBLISHER,
    SENDER,
    WORLD,
    message,
    party,
    percent,
    share,
)

EVERYWHERE_BUT_HOME = """<SocietyAffiliation><ExcludedTerritoryCode>KZ</ExcludedTerritoryCode>
<ExcludedTerritoryCode>UZ</ExcludedTerritoryCode><RightsType>MechanicalRight</RightsType>
<MusicRightsSociety>PAbroad</MusicRightsSociety></SocietyAffiliation>"""
FOR_ALL = """<SocietyAffiliation><TerritoryCode>Worldwide</TerritoryCode><RightsType>All</RightsType>
<MusicRightsSociety>PHome</MusicRightsSociety></SocietyAffiliation>"""
HALF = """<SocietyAffiliation><TerritoryCode>Worldwide</TerritoryCode><RightsType>PerformingRight</RightsType>
<Percentage>50</Percentage><MusicRightsSociety>PHome</MusicRightsSociety></SocietyAffiliation>"""
SEIIT = f"""<Party><PartyId><ISNI>0000000121032683</ISNI><IpiNameNumber>90000000109</IpiNameNumber>
<ProprietaryId Namespace="{SENDER}">W-77</ProprietaryId></PartyId><PartyReference>PSeiit</PartyReference>
<PartyName LanguageAndScriptCode="kk-Cyrl"><FullName>Мұрат Сейіт</FullName></PartyName>
<PartyName LanguageAndScriptCode="en"><FullName>Murat Seiit</FullName></PartyName>
{FOR_ALL}{EVERYWHERE_BUT_HOME}<IsOrganization>false</IsOrganization></Party>"""
PARTIES = "".join(
    (
        SEIIT,
        party("POngar", "Айжан Оңғар", "", HALF),
        party("PPub", "Dala Music", "<DPID>PADPIDA20250101013</DPID>", organization="true"),
        party("PSub", "Steppe Songs Ltd", "<IpiNameNumber>90000000305</IpiNameNumber>", organization="true"),
        party("PHome", "Qoltanba", "<CisacSocietyId>177</CisacSocietyId>", organization="true"),
        party("PAbroad", "Abroad", "<DPID>PADPIDA20250101021</DPID>", organization="true"),
    )
)
TERRITORIES = """<TerritoryList>
<Territory><TerritoryReference>YBaltic</TerritoryReference><TerritoryCode>EE</TerritoryCode>
  <TerritoryCode>LV</TerritoryCode></Territory>
<Territory><TerritoryReference>YNorth</TerritoryReference><TerritoryCode>FI</TerritoryCode>
  <TerritoryCode>EE</TerritoryCode></Territory></TerritoryList>"""
SONG = f"""<MusicalWork><MusicalWorkReference>W1</MusicalWorkReference>
<MusicalWorkId><ISWC>T-912.345.678-0</ISWC><OpusNumber>12</OpusNumber>
  <ProprietaryId Namespace="{SENDER}">DM-10</ProprietaryId>
  <ProprietaryId Namespace="SOC::052">A/7</ProprietaryId>
  <ProprietaryId Namespace="SOC::177">99</ProprietaryId></MusicalWorkId>
<Title TitleType="TransliteratedTitle"><TitleText>Dala aui</TitleText></Title>
<Title LanguageAndScriptCode="kk" TitleType="OriginalTitle"><TitleText>Дала әуі</TitleText>
  <SubTitle>ән</SubTitle></Title>
<Title LanguageAndScriptCode="en" TitleType="TranslatedTitle">
  <TitleText>Song of the Steppe</TitleText></Title>
<MusicalWorkType>OriginalMusicalWork</MusicalWorkType>
<LanguageOfLyrics>ru</LanguageOfLyrics><LanguageOfLyrics IsMainLanguage="true">kk</LanguageOfLyrics>
<HasBeenRecorded>true</HasBeenRecorded><Duration>PT1H2M3.5S</Duration>
<DisambiguationDescription>the one of 1999</DisambiguationDescription>
<Writer><WriterPartyReference>PSeiit</WriterPartyReference><Role>Composer</Role><Role>Lyricist</Role></Writer>
</MusicalWork>"""


def arrangement(number: int) -> str:
    """A work of two writers without an ISWC."""
    return f"""<MusicalWork><MusicalWorkReference>W{number}</MusicalWorkReference>
<MusicalWorkId><ProprietaryId Namespace="{SENDER}">DM-1{number}</ProprietaryId></MusicalWorkId>
<Title><TitleText>Күй {number}</TitleText></Title>
<Writer><WriterPartyReference>PSeiit</WriterPartyReference><Role>Composer</Role></Writer>
<Writer><WriterPartyReference>POngar</WriterPartyReference><Role>Arranger</Role></Writer></MusicalWork>"""


ALL = "<RightsType>All</RightsType>"
NOT_US_NOR_KZ = WORLD + "".join(
    f"<ExcludedTerritoryCode>{code}</ExcludedTerritoryCode>" for code in ("US", "KZ")
)
FOLLOWS = """<IsFollowerInTitleOf><BaseRightShare>S1</BaseRightShare>
<RightShareUnknown>true</RightShareUnknown><ManuscriptShare><BaseRightShare>S1</BaseRightShare>
<RightShareUnknown>true</RightShareUnknown></ManuscriptShare></IsFollowerInTitleOf>"""
BOTH_WORKS = "W2</RightShareWorkReference><RightShareWorkReference>W3"
NORTH = "<TerritoryReference>YBaltic</TerritoryReference><TerritoryReference>YNorth</TerritoryReference>"
SHARES = "".join(
    (
        share("S1", MANUSCRIPT, "PSeiit", percent("100"), rights=ALL),
        share("S2", PUBLISHER, "PPub", percent("50"), rights=ALL, more=FOLLOWS),
        share(
            "S3", COLLECTION, "PSub", percent("25.5"), territory=NOT_US_NOR_KZ, rights=PERFORMING,
            uses="<ExcludedUseType>OnDemandStream</ExcludedUseType>",
            period="<ValidityPeriod><StartDate>2025</StartDate></ValidityPeriod>",
        ),
        share(
            "S4", COLLECTION, "PSeiit", percent("33.333333"), territory=NORTH,
            rights='<RightsType ExcludesOfflineUses="true">MechanicalRight</RightsType>',
            period="<ValidityPeriod><StartDate>2024-01</StartDate><EndDate>2025</EndDate></ValidityPeriod>",
            own_id=f'<RightShareId Namespace="{SENDER}">RS-40</RightShareId>',
        ),
        share(
            "S5", COLLECTION, "PPub", percent("10"), territory=WORLD, rights=MECHANICAL,
            uses="<DSP><PartyName><FullName>Stream</FullName></PartyName></DSP>",
        ),
        share("S6", "LicensingShare", "PPub", percent("100"), rights=PERFORMING),
        share("S7", MANUSCRIPT, "PSeiit", percent("0.75", ' HasMaxValueOfOne="true"'), work=BOTH_WORKS),
        share("S8", MANUSCRIPT, "POngar", percent("25"), work=BOTH_WORKS),
        share(
            "S9", COLLECTION, "POngar", "<RightShareNotClaimed>true</RightShareNotClaimed>", work="W3",
            territory='<TerritoryCode IdentifierType="TIS">840</TerritoryCode>', rights=MECHANICAL,
        ),
    )
)  # fmt: skip


def references(*numbers: int) -> str:
    """Shares by their numbers, as a notice names them."""
    return "".join(f"<RequestRightShareReference>S{n}</RequestRightShareReference>" for n in numbers)


NOTICES = f"""<RightShareNotificationList><RightShareNotification>
<NotificationId Namespace="{SENDER}">N9</NotificationId>
<RightShare>{references(1, 2, 4, 5, 6, 7)}</RightShare><RightShare>{references(3, 8, 9)}
<IsNotClaimedBySender>true</IsNotClaimedBySender></RightShare></RightShareNotification>
</RightShareNotificationList>"""
CATALOGUE = message(
    f"<ProfileId>ShareNotification</ProfileId>{TERRITORIES}<PartyList>{PARTIES}</PartyList>"
    f"<WorkList>{SONG}{arrangement(2)}{arrangement(3)}</WorkList><RightShareList>{SHARES}</RightShareList>{NOTICES}"
)
