"""The Russian texts keep to one word for one thing, and to none that a lecturer would strike out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.tools.sources import ROOT

WORDS: Final = {
    r"\bхаб": "диспетчер (поток hub)",
    r"\bчитател|\bпоток\w*-писател": "приёмник, поток записи",
    r"\bим(я|ени|енем) в чате": "ник",
    r"\b(всего|для) класса\b|\bклассу\b|\bв классе\b": "аудитория",
    r"\bуправлени\w+ потоком\b(?! данных)": "управление потоком данных (flow control)",
    r"\bоборот\w* цикла": "итерация",
    r"\bобъявлени\w+ дня": "сообщение дня (MOTD)",
    r"\bнет пути\b": "нет маршрута",
    r"\d точек\b|\} точек\b": "пикселей",
    r"^вызов: ": "использование:",
    r"байтов сказал": "отправила",
    r"вернул пустоту": "вернул 0 байт",
    r"делает замечание": "поясняет",
    r"кабель (обрезан|починен)|обрыв кабеля": "связь оборвана, восстановлена",
    r"\bобстоятельств": "проблема",
    r"скажет преподаватель": "сообщит преподаватель",
    r"показ окончен": "демонстрация прервана",
    r"на языке irc|говорит на irc|говорит по tls": "по протоколу IRC",
    r"последних мгновений": "могут пропасть последние сообщения",
    r"проверяющ\w+ программ": "судья",
    r"\bна (том же |этом )?порту\b": "на порте",
    r"за дверь|\bзадво[ия]|\bругает": "plain words",
    r"\bотозвать\b|\bотзыв\w* сообщ": "удалить",
    r"␍|␊": r"\r\n",
    r"(\d|\}) байтов\b": "байт behind digits",
    r"\d\.\d+ (с|мс|МБ|КБ|см|мм)\b": "a decimal comma",
    r"\S …»|^[^.:]* …$": "no space before the ellipsis of a command",
}
"""What may not stand in a Russian text, as a pattern in any case, and what says it instead."""
PAGES: Final = (
    *sorted((ROOT / "docs" / "ru").glob("*.md")),
    *sorted((ROOT / "docs" / "steps").glob("*.ru.md")),
    *sorted((ROOT / "docs" / "steps" / "ru").glob("*.py")),
    ROOT / "README.ru.md",
)


def offences(text: str) -> Iterator[str]:
    for pattern, better in WORDS.items():
        if found := re.search(pattern, text, re.IGNORECASE):
            yield f"{found[0]!r} ({better}): {text}"


def test_the_translations_keep_to_the_words() -> None:
    catalogue = json.loads((ROOT / "translations" / "ru.json").read_text(encoding="utf-8"))
    forms = [form for told in catalogue.values() for form in ([told] if isinstance(told, str) else told)]
    assert [offence for form in forms for offence in offences(form)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_keep_to_the_words(page: Path) -> None:
    # A phrase may go on in the next line; a table's row ends where its line does.
    paragraphs = re.split(r"\n(?=[|\n])", page.read_text(encoding="utf-8"))
    assert [offence for one in paragraphs for offence in offences(" ".join(one.split()))] == []


@pytest.mark.parametrize("text", ["Хаб ждёт", "10 байтов", "1.5 мс", "Новое занятие …", "нет пути"])
def test_what_may_not_be_said_is_found(text: str) -> None:
    assert list(offences(text))
