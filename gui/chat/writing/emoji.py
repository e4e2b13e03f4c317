"""Emoji and their names: those that are offered, and all that Unicode names. No widgets."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from translations import Texts

FEWEST_LETTERS: Final = 2
"""Of a name, from which on it is completed."""
_NAME: Final = re.compile(r"(?<![\w:]):([\w+-]{1,50})$")
"""The name that is being typed before the cursor, behind its opening colon."""
_BLOCKS: Final = (range(0x2600, 0x27C0), range(0x1F300, 0x1F700), range(0x1F900, 0x1FB00))

CATEGORIES: Final[Texts] = {
    "faces": "Faces",
    "people": "Hands and people",
    "hearts": "Hearts and signs",
    "study": "Study and work",
    "world": "Nature and food",
    "arrows": "Arrows and mathematics",
}
_TABLE: Final = """
faces
😀 grinning улыбка
😃 smiley радость
😄 smile смеётся
😁 grin ухмылка
😆 laughing хохот
😅 sweat_smile неловко
😂 joy слёзы_смеха
😊 blush румянец
☺ relaxed улыбочка
🙂 slight_smile полуулыбка
😉 wink подмигивает
😇 innocent ангел
😋 yum вкусно
😎 sunglasses крутой
😍 heart_eyes влюблён
😘 kissing_heart поцелуй
😐 neutral спокойно
😑 expressionless без_слов
😏 smirk усмешка
😒 unamused недоволен
😔 pensive грустно
😕 confused растерян
☹ frowning печаль
😟 worried тревога
😢 cry плачет
😭 sob рыдает
😤 triumph фыркает
😠 angry сердит
😡 rage злой
😱 scream ужас
😨 fearful страшно
😳 flushed смущён
😵 dizzy_face кругом_голова
😴 sleeping спит
😪 sleepy сонный
😷 mask маска
🤔 thinking думает
🤗 hugging обнимает
🤓 nerd умник
🙄 eye_roll закатил_глаза
😜 tongue язык
😈 imp чертёнок
😺 cat_smile кот_улыбается
people
👍 +1,thumbsup класс,палец_вверх
👎 -1,thumbsdown палец_вниз
👌 ok_hand отлично
👏 clap аплодисменты
🙏 pray,thanks спасибо,прошу
🤝 handshake по_рукам
✋ hand,raised_hand рука,вопрос
✌ v,victory победа
👋 wave привет
👉 point_right туда
👈 point_left сюда
☝ point_up внимание
✊ fist кулак
💪 muscle сила
👀 eyes глаза
🙈 see_no_evil не_вижу
🙋 raising_hand у_меня_вопрос
🤷 shrug не_знаю
👩 woman женщина
👨 man мужчина
👻 ghost призрак
🤖 robot робот
☠ skull череп
hearts
❤ heart сердце
♥ hearts червы
💔 broken_heart разбитое_сердце
💛 yellow_heart жёлтое_сердце
💚 green_heart зелёное_сердце
💙 blue_heart синее_сердце
✓ tick галочка
✔ check,heavy_check готово
✅ white_check_mark сделано
✗ cross крестик
✘ heavy_cross неверно
❌ x нет
❓ question знак_вопроса
❗ exclamation восклицание
⚠ warning осторожно
⚡ zap молния
★ star звезда
☆ white_star пустая_звезда
🔥 fire огонь
🎉 tada,party праздник
✨ sparkles блеск
💯 100 сто
⛔ no_entry стоп
♻ recycle переработка
☮ peace мир
☯ yin_yang инь_ян
study
💻 laptop,computer ноутбук,компьютер
⌨ keyboard клавиатура
🐛 bug ошибка
🐍 python,snake питон,змея
📚 books книги
📝 memo,note записка
✏ pencil карандаш
✎ lower_pencil пишу
✂ scissors ножницы
✉ envelope,mail письмо
☎ phone телефон
📎 paperclip скрепка
🔒 lock замок
🔑 key ключ
🔌 plug вилка
📡 antenna антенна
⏰ alarm будильник
⌚ watch часы
⌛ hourglass песочные_часы
🎓 graduate диплом
🏆 trophy кубок
🚀 rocket ракета
⚙ gear шестерёнка
⚒ tools,hammers инструменты
♪ note_music нота
♫ music музыка
world
☀ sun,sunny солнце
☁ cloud облако
☂ umbrella зонт
☃ snowman снеговик
❄ snowflake снежинка
🌈 rainbow радуга
🌙 moon луна
🌍 earth земля
🌲 tree дерево
🌸 blossom цветок
🐱 cat кот
🐶 dog собака
🐧 penguin,linux пингвин
🦀 crab,rust краб
☕ coffee,tea кофе,чай
🍕 pizza пицца
🍎 apple яблоко
🎂 cake торт
🍺 beer пиво
⚽ soccer,football футбол
♟ chess пешка
✈ airplane самолёт
⚓ anchor якорь
arrows
→ right вправо
← left влево
↑ up вверх
↓ down вниз
↔ both_ways туда_обратно
⇒ implies следует
∞ infinity бесконечность
≈ approximately примерно
≠ not_equal не_равно
≤ less_or_equal не_больше
≥ greater_or_equal не_меньше
± plus_minus плюс_минус
× times умножить
÷ divide разделить
√ root корень
∑ sum сумма
∈ element_of принадлежит
∀ for_all для_всех
∃ exists существует
π pi пи
λ lambda лямбда
° degree градус
"""
"""A category, and below it in each line an emoji, its English names and its Russian ones."""


class Emoji(NamedTuple):
    """A character, its category, and what it is called, the usual names first."""

    char: str
    category: str
    names: tuple[str, ...]


def _read_table() -> Iterator[Emoji]:
    category = ""
    for line in _TABLE.split("\n"):
        char, *names = line.split()[:3] or ("",)
        if names:
            formal = unicodedata.name(char).lower().replace(" ", "_")
            yield Emoji(char, category, (*(name for group in names for name in group.split(",")), formal))
        else:
            category = char or category


EMOJI: Final = tuple(_read_table())
"""Those that are offered."""


def _plain(name: str) -> str:
    """Return a name as it is compared: nobody should have to type ё."""
    return name.lower().replace("ё", "е")


_USUAL: Final = {_plain(name): one.char for one in EMOJI for name in one.names}


@lru_cache(maxsize=1)
def _all_names() -> dict[str, str]:
    """Return the characters by their names: the usual ones, then Unicode's of all pictures."""
    chars = (chr(code) for block in _BLOCKS for code in block)
    named = ((unicodedata.name(char, ""), char) for char in chars)
    return _USUAL | {name.lower().replace(" ", "_"): char for name, char in named if name}


def find(before: str) -> tuple[int, str] | None:
    """Return what the name means that stands before the cursor: where its colon is, and the character.

    Code in backquotes has no emoji.
    """
    found = _NAME.search(before[-60:])
    char = _all_names().get(_plain(found[1])) if found else None
    if not found or char is None or _is_in_code(before):
        return None
    return len(before[:-60]) + found.start(), char


def complete_name(before: str) -> list[tuple[int, str]]:
    """Return where the name begins that is being typed, with each character whose name goes on like it."""
    found = _NAME.search(before[-60:])
    if not found or len(found[1]) < FEWEST_LETTERS or _is_in_code(before):
        return []
    begun, start = _plain(found[1]), len(before[:-60]) + found.start()
    names = sorted((name for name in _all_names() if name.startswith(begun)), key=_rank)
    chars = dict.fromkeys(_all_names()[name] for name in names)
    return [(start, char) for char in chars]


def _rank(name: str) -> tuple[bool, int, str]:
    """The usual names come first, then the short ones."""
    return name not in _USUAL, len(name), name


def _is_in_code(before: str) -> bool:
    return before.rpartition("\n")[2].count("`") % 2 == 1


def search(words: str, draws: Callable[[str], bool]) -> list[Emoji]:
    """Return the emoji that can be drawn and whose names hold all these words; at the head those whose names
    begin with them."""
    wanted = [word.strip(":") for word in _plain(words).replace("_", " ").split()]

    def holds(one: Emoji) -> bool:
        return all(any(word in _plain(name) for name in one.names) for word in wanted)

    def is_within(one: Emoji) -> bool:
        return bool(wanted) and not any(_plain(name).startswith(wanted[0]) for name in one.names)

    return sorted((one for one in EMOJI if holds(one) and draws(one.char)), key=is_within)
