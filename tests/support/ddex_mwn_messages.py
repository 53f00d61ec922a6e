"""Invented MWN messages for the tests, as varied as the schemas allow; nobody issued their identifiers."""

from __future__ import annotations

SENDER = "PADPIDA20250101013"
HEADER = f"""<MessageHeader><MessageId>MWN-1</MessageId>
<MessageSender><PartyId>{SENDER}</PartyId>
<PartyName><FullName>Dala Music</FullName></PartyName></MessageSender>
<MessageRecipient><PartyId>PADPIDA20250101021</PartyId></MessageRecipient>
<MessageCreatedDateTime>2026-02-01T10:00:00Z</MessageCreatedDateTime>
<MessageControlType>TestMessage</MessageControlType></MessageHeader>"""
NOTIFICATION = "MusicalWorkClaimNotificationMessage"


def message(body: str, root: str = NOTIFICATION, version: str = "13") -> str:
    """A whole message; the children of the root are in no namespace."""
    avs = ' AvsVersionId="7"' if version == "13" else ""
    return (
        f'<m:{root} xmlns:m="http://ddex.net/xml/mc-notif/{version}" LanguageAndScriptCode="en"{avs}>'
        f"{HEADER}{body}</m:{root}>"
    )


def party(reference: str, name: str, numbers: str = "", more: str = "", organization: str = "false") -> str:
    """A party; its proprietary identifier is its reference."""
    return (
        f'<Party><PartyId>{numbers}<ProprietaryId Namespace="{SENDER}">{reference}</ProprietaryId></PartyId>'
        f"<PartyReference>{reference}</PartyReference><PartyName><FullName>{name}</FullName></PartyName>"
        f"{more}<IsOrganization>{organization}</IsOrganization></Party>"
    )


AFFILIATED = """<SocietyAffiliation><TerritoryCode>Worldwide</TerritoryCode>
<RightsType>PerformingRight</RightsType>
<RightsType>MechanicalRight</RightsType><MusicRightsSociety>PSoc</MusicRightsSociety></SocietyAffiliation>"""
AFFILIATED_AT_HOME = """<SocietyAffiliation><TerritoryReference>YHome</TerritoryReference>
<RightsType>PerformingRight</RightsType><ValidityPeriod><StartDate>2020-01-01</StartDate><EndDate>2025</EndDate>
</ValidityPeriod><MusicRightsSociety>PSoc</MusicRightsSociety></SocietyAffiliation>"""

PARTIES = "".join(
    (
        party("PAliya", "Әлия Сапар", "<IpiNameNumber>90000000109</IpiNameNumber>", AFFILIATED),
        party("PBek", "Бек Омар", "<IpiNameNumber>90000000207</IpiNameNumber>", AFFILIATED_AT_HOME),
        party("PPub", "Dala Music", "<ISNI>0000000121032683</ISNI>", organization="true"),
        party("PAgent", "Agent Ltd", "<IpiNameNumber>90000000305</IpiNameNumber>", organization="true"),
        party("PSoc", "Qoltanba", "<CisacSocietyId>177</CisacSocietyId>", organization="true"),
    )
)
TERRITORIES = """<TerritoryList>
<Territory><TerritoryReference>YHome</TerritoryReference><TerritoryCode>KZ</TerritoryCode>
  <TerritoryCode>KG</TerritoryCode></Territory>
<Territory><TerritoryReference>YRest</TerritoryReference><ExcludedTerritoryCode>KZ</ExcludedTerritoryCode>
  <ExcludedTerritoryCode>KG</ExcludedTerritoryCode></Territory></TerritoryList>"""

WORK = f"""<MusicalWork><MusicalWorkReference>W1</MusicalWorkReference>
<MusicalWorkId><ISWC Status="Preferred">T9123456780</ISWC>
  <ProprietaryId Namespace="SOC::177">99</ProprietaryId>
  <ProprietaryId Namespace="{SENDER}">DM-1</ProprietaryId></MusicalWorkId>
<Title TitleType="AlternativeTitle"><TitleText>Summer Evening</TitleText></Title>
<Title LanguageAndScriptCode="kk" TitleType="OriginalTitle"><TitleText>Жазғы кеш</TitleText></Title>
<MusicalWorkType>OriginalMusicalWork</MusicalWorkType>
<LanguageOfLyrics IsMainLanguage="true">kk</LanguageOfLyrics><Duration>PT3M20S</Duration>
<Writer><WriterPartyReference>PAliya</WriterPartyReference><Role>ComposerLyricist</Role></Writer>
<Writer><WriterPartyReference>PBek</WriterPartyReference><Role>Composer</Role></Writer></MusicalWork>"""

SECOND = f"""<MusicalWork><MusicalWorkReference>W2</MusicalWorkReference>
<MusicalWorkId><ProprietaryId Namespace="{SENDER}">DM-2</ProprietaryId></MusicalWorkId>
<Title><TitleText>Dala</TitleText></Title></MusicalWork>"""

RECORDING = f"""<SoundRecording><ResourceReference>A1</ResourceReference><SoundRecordingId>
<ISRC>KZA012500001</ISRC><ProprietaryId Namespace="{SENDER}">R1</ProprietaryId></SoundRecordingId>
<Title><TitleText>Жазғы кеш</TitleText><SubTitle>Live</SubTitle></Title>
<DisplayArtistName>Ерлан</DisplayArtistName><Label>PPub</Label>
<ResourceMusicalWorkReferenceList><ResourceMusicalWorkReference>
  <ResourceMusicalWorkReference>W1</ResourceMusicalWorkReference></ResourceMusicalWorkReference>
  <ResourceMusicalWorkReference><ResourceMusicalWorkReference>W2</ResourceMusicalWorkReference>
  <IsIncorrectLink>true</IsIncorrectLink></ResourceMusicalWorkReference>
</ResourceMusicalWorkReferenceList><Duration>PT3M25S</Duration></SoundRecording>"""

WORLD = "<TerritoryCode>Worldwide</TerritoryCode>"
HOME = "<TerritoryReference>YHome</TerritoryReference>"
REST = "<TerritoryReference>YRest</TerritoryReference>"
PERFORMING = "<RightsType>PerformingRight</RightsType>"
MECHANICAL = "<RightsType>MechanicalRight</RightsType>"
MANUSCRIPT = "MusicalWorkManuscriptShare"
PUBLISHER = "OriginalPublisherShare"
COLLECTION = "MusicalWorkCollectionShare"


def percent(value: str, attributes: str = "") -> str:
    """A percentage."""
    return f"<RightSharePercentage{attributes}>{value}</RightSharePercentage>"


def share(
    reference: str,
    kind: str,
    owner: str,
    amount: str,
    *,
    territory: str = WORLD,
    rights: str = PERFORMING + MECHANICAL,
    uses: str = "",
    agent: str = "",
    period: str = "",
    more: str = "",
    own_id: str = "",
    work: str = "W1",
    work_part: str = "",
) -> str:
    """A right share; ``owner`` is a party reference, or nothing for an unknown one."""
    controller = (
        f"<RightsController><RightsControllerPartyReference>{owner}</RightsControllerPartyReference></RightsController>"
        if owner
        else "<RightsControllerUnknown>true</RightsControllerUnknown>"
    )
    if agent:
        controller += (
            f'<LicensingAgent IsAgent="true"><RightsControllerPartyReference>{agent}'
            "</RightsControllerPartyReference></LicensingAgent>"
        )
    return (
        f"<RightShare><RightShareReference>{reference}</RightShareReference>"
        f"<RightShareType>{kind}</RightShareType>{work_part}{own_id}"
        f"<RightShareWorkReference>{work}</RightShareWorkReference>{territory}{rights}{uses}{controller}"
        f"{period}{amount}{more}</RightShare>"
    )


FOLLOWS = (
    "<IsFollowerInTitleOf><BaseRightShare>S1</BaseRightShare><RightSharePercentage>30</RightSharePercentage>"
    "<ManuscriptShare><BaseRightShare>S1</BaseRightShare><RightSharePercentage>30</RightSharePercentage>"
    "</ManuscriptShare></IsFollowerInTitleOf>"
)
SHARES = "".join(
    (
        share("S1", MANUSCRIPT, "PAliya", percent("60")),
        share("S2", MANUSCRIPT, "PBek", percent("40")),
        share("S3", PUBLISHER, "PPub", percent("30"), more=FOLLOWS),
        share(
            "S4",
            COLLECTION,
            "PPub",
            percent("0.3", ' HasMaxValueOfOne="true"'),
            territory=HOME,
            rights=MECHANICAL,
            uses="<UseType>OnDemandStream</UseType><UseType>PermanentDownload</UseType>",
            period="<ValidityPeriod><StartDate>2024-01-01</StartDate><EndDate>2026-12-31</EndDate></ValidityPeriod>",
            agent="PAgent",
            own_id=f'<RightShareId Namespace="{SENDER}">RS-4</RightShareId>'
            f'<AgreementId Namespace="{SENDER}">AG-1</AgreementId>',
            more="<HasRightsInDispute>true</HasRightsInDispute>",
        ),
        share(
            "S5",
            COLLECTION,
            "PAliya",
            percent("70"),
            territory=REST,
            rights='<RightsType ExcludesOnlineUses="true">MechanicalRight</RightsType>',
        ),
        share(
            "S6",
            COLLECTION,
            "PBek",
            "<RightShareUnknown>true</RightShareUnknown>",
            territory=HOME,
            rights=PERFORMING,
        ),
        share(
            "S7",
            COLLECTION,
            "PAgent",
            "<RightShareNotClaimed>true</RightShareNotClaimed>",
            territory=HOME,
            rights=PERFORMING,
        ),
        share("S8", COLLECTION, "", percent("5"), territory=REST, rights=PERFORMING),
    )
)
NOTICES = f"""<RightShareNotificationList><RightShareNotification>
<NotificationId Namespace="{SENDER}">N1</NotificationId>
<RightShare><RequestRightShareReference>S3</RequestRightShareReference>
  <RequestRightShareReference>S4</RequestRightShareReference></RightShare>
<RightShare><RequestRightShareReference>S2</RequestRightShareReference>
  <RequestRightShareReference>S6</RequestRightShareReference>
  <IsNotClaimedBySender>true</IsNotClaimedBySender></RightShare></RightShareNotification></RightShareNotificationList>"""


def notification(
    shares: str = SHARES,
    works: str = WORK + SECOND,
    resources: str = RECORDING,
    profile: str = "ShareNotification",
    notices: str = NOTICES,
) -> str:
    """A notification of 1.3 with these parts."""
    listed = f"<ResourceList>{resources}</ResourceList>" if resources else ""
    shared = f"<RightShareList>{shares}</RightShareList>" if shares else ""
    return message(
        f"<ProfileId>{profile}</ProfileId>{TERRITORIES}<PartyList>{PARTIES}</PartyList>"
        f"<WorkList>{works}</WorkList>{listed}{shared}{notices}"
    )


def first_version() -> str:
    """A notification of 1.1: territories in every share, one title, a period that is mandatory."""
    parties = party("PAliya", "Әлия Сапар", "<IpiNameNumber>90000000109</IpiNameNumber>") + party(
        "PPub", "Dala Music", organization="true"
    )
    work = f"""<MusicalWork><MusicalWorkReference>W1</MusicalWorkReference>
    <MusicalWorkId><ISWC>T9123456780</ISWC>
    <ProprietaryId Namespace="{SENDER}">DM-1</ProprietaryId></MusicalWorkId>
    <Title><TitleText>Жазғы кеш</TitleText></Title>
    <Writer><WriterPartyReference>PAliya</WriterPartyReference><Role>Composer</Role></Writer></MusicalWork>"""
    period = "<ValidityPeriod><StartDate>2024-01-01</StartDate></ValidityPeriod>"
    shares = share("S1", MANUSCRIPT, "PAliya", percent("100"), period=period) + share(
        "S2",
        COLLECTION,
        "PPub",
        percent("50"),
        territory='<TerritoryCode IdentifierType="TIS">398</TerritoryCode><TerritoryCode>UZ</TerritoryCode>',
        rights=MECHANICAL,
        uses="<UseType>Download</UseType>",
        period=period,
    )
    notices = f"""<RightShareNotificationList><RightShareNotification>
    <NotificationId Namespace="{SENDER}">N1</NotificationId><RequestId Namespace="{SENDER}">Q1</RequestId>
    <RightShare><RequestRightShareReference>S2</RequestRightShareReference></RightShare>
    </RightShareNotification></RightShareNotificationList>"""
    return message(
        f"<PartyList>{parties}</PartyList><WorkList>{work}</WorkList>"
        f"<RightShareList>{shares}</RightShareList>{notices}",
        version="11",
    )


REVOKED = WORK.replace("</MusicalWork>", "<RevocationReason>ExistingWork</RevocationReason></MusicalWork>")
RECALL = message(
    "<RecalledMessage><RecalledMessageId>MWN-0</RecalledMessageId></RecalledMessage>",
    "MusicalWorkClaimNotificationRecallMessage",
)
REQUEST = message(
    f"""<WorkList>{SECOND}</WorkList><RequestList><Request><RequestId Namespace="{SENDER}">Q1</RequestId>
    <RequestWorkReference>W2</RequestWorkReference><Condition><TerritoryCode>KZ</TerritoryCode>
    <ValidityPeriod><StartDate>2026-01-01</StartDate></ValidityPeriod><RightsType>MechanicalRight</RightsType>
    </Condition></Request></RequestList>""",
    "MusicalWorkClaimRequestMessage",
)
CONFLICT = (
    share("S1", COLLECTION, "PAliya", percent("80"), territory=HOME, rights=PERFORMING)
    + share("S2", COLLECTION, "PPub", percent("80"), territory=HOME, rights=PERFORMING)
    + "<Conflict><ConflictRightShareReference>S1</ConflictRightShareReference>"
    "<ConflictRightShareReference>S2</ConflictRightShareReference></Conflict>"
)

VALID = {
    "shares": notification(),
    "1.1": first_version(),
    "revocation": notification("", REVOKED, "", "Revocation", ""),
    "links": notification("", profile="LinkNotification", notices=""),
    "conflict": notification(CONFLICT, WORK, "", "ConflictNotification", ""),
    "recall": RECALL,
    "request": REQUEST,
}
"""Messages that the official schemas of MWN 1.1 and 1.3 accept."""
