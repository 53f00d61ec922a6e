"""A hub with something on every page: the demo's story, a file with faults, and a pair left to people."""

from __future__ import annotations

import io
from pathlib import Path

from hubs import WORK_HEADER

from hub.context import Hub, open_hub
from hub.demo.story import load_feeds
from hub.intake.submissions import ingest
from hub.settings import Settings

FAULTY = (
    WORK_HEADER
    + "F1,ПАРАҚ,T9123456780,АСАН БЕК,90000000109,CA,177,100,x,\n"
    + "F2,ҰЗАҚ АТАУЫ БАР ӨЛЕҢ,T123,HARTLEY JANE,90000003887,CA,177,50,50,ZZ\n"
    + "F3,,,NORTHFIELD MUSIC PUBLISHING LTD,90000007582,CA,177,120,50,\n"
)
RECORDING_HEADER = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share\n"
)
TWINS = (
    (
        "177",
        WORK_HEADER
        + "P1,КҮЗГІ ЖАҢБЫР,,САМАЛҰЛЫ ДӘУРЕН,,C,177,50,50,\nP1,КҮЗГІ ЖАҢБЫР,,ОСПАН МӘДИНА,,A,177,50,50,\n",
    ),
    (
        "901",
        WORK_HEADER
        + "Q7,КУЗГИ ЖАНБЫР,,САМАЛУЛЫ ДАУРЕН,,C,901,50,50,\nQ7,КУЗГИ ЖАНБЫР,,БЕЙСЕН ҚАНАТ,,A,901,50,50,\n",
    ),
    (
        "177",
        RECORDING_HEADER
        + "R1,,Ақ қайың,«Дала» тобы,,,,,,,,\nR2,KZZ9X2600001,Көктем,Мөлдір,3:10,2024,,,,,,\n",
    ),
    (
        "911",
        RECORDING_HEADER
        + "S1,,Ақ қайың,Дала тобы,,,,,,,,\nS2,KZZ9X2600001,Көктем (Live),Мөлдір,4:55,2025,,,,,,\n",
    ),
)


def settings(folder: Path) -> Settings:
    """The settings of a hub that lies in a folder of its own."""
    return Settings(f"sqlite:///{folder / 'hub.db'}", folder / "data")


def fill(folder: Path) -> None:
    """Make the hub in a folder."""
    hub = open_hub(settings(folder))
    try:
        load_feeds(hub, lambda _: None)
        _send(hub, FAULTY, "177", "faulty.csv")
        for society, text in TWINS:
            _send(hub, text, society, "twins.csv")
    finally:
        hub.engine.dispose()


def _send(hub: Hub, text: str, society: str, name: str) -> None:
    ingest(hub, io.BytesIO(text.encode()), society, filename=name)
