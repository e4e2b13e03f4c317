"""The server's own words: those that are known are said in the user's language.

What our own server says of itself is all here, or says no more than the client's own sentence for the
numeric; a test compares it with the server. What other servers say is shown as they say it.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from client.model.class_sentences import TO_EVERYBODY, TO_OPERATORS
from client.model.sanitize import clean
from protocol.class_words import COMMAND, USAGE
from protocol.framing import MAX_LINE
from protocol.message import Message
from translations import _, later, translate

_KNOWN: Final = (
    # Why connections end: ERROR, and the reasons of QUIT.
    later("Closing link: {host} ({reason})"),
    later("Closing link: {reason}"),
    later("Quit: {reason}"),
    later("Client quit"),
    later("Connection closed"),
    later("Ping timeout"),
    later("Out of memory"),
    later("Internal error"),
    later("Registration timeout"),
    later("SendQ exceeded"),
    later("Server shutting down"),
    later("Replaced by a newer connection"),
    later("Killed ({nick} ({reason}))"),
    later("Bad password"),
    later("Not let in"),
    later("This nick is not on the list of the class: take your name as it stands there"),
    later("Too many wrong passwords"),
    later("Left all channels"),
    later("the server is full; try again later"),
    later("too many connections from your address"),
    # Announcements.
    later("The history cannot be written: what is said now is lost if the server stops"),
    later("The history is written again; messages that it lacks: {lost}"),
    later("The history is written again; nothing is lost"),
    later("Another program changed the history's file; messages that it lacks: {lost}"),
    later("Another program changed the history's file; it is written again, nothing is lost"),
    later(
        "The server's clock was put back from {before} to {now}: messages stay in their order, but some of "
        "their times are wrong"
    ),
    # The greeting and what the server says of itself.
    later("Welcome to {description}, {source}"),
    later("There are {seen} users and {unseen} invisible on 1 servers"),
    later("I have {count} clients and 1 servers"),
    later("Current local users {count}, max {most}"),
    later("Current global users {count}, max {most}"),
    later("Server Up {days} days {time}"),
    later("Administrative info"),
    later("A server of a laboratory course"),
    later("Ask the teacher in the room"),
    later("{program}: a client-server chat over TCP sockets, to study and to use."),
    later("One thread accepts, one thread for each client reads, one thread owns the rooms and sends."),
    later("Started {time}"),
    later("The commands of this server:"),
    later("HELP <command> tells more of one."),
    # Why something was refused, as far as it is more than the client's own sentence.
    later("Cannot send to channel (+b): you are banned or muted"),
    later("Cannot send to channel (+n): join it first"),
    later("Cannot send to channel (+m): it is moderated"),
    later("Cannot send to channel (+C): no CTCP here"),
    later("Who may not speak may not set the topic"),
    later("Too many wrong passwords; try again in {wait} seconds"),
    later("No operator is configured on this server"),
    later(
        "Others in the network could read the password: become an operator on the server's computer, or over "
        "TLS, or start the server with --oper-from-network"
    ),
    later("OPER: {reason}"),
    later("Password incorrect"),
    later("Nickname is reserved for the operator of the server"),
    later("{nick} is an operator of the server: only another one may do this"),
    later("Internal error; the server's console tells more"),
    later("Key is not well-formed"),
    later("A limit is a number above 0"),
    later("A mask is short and has no spaces"),
    later("No nick is like that, and there is no such kind of mask"),
    later("No user name is like that"),
    later("Addresses are hidden here: name the host that WHOIS shows"),
    later("A host here is an address, one with * in it, or a network such as 10.0.0.0/8"),
    later("Invalid CAP command"),
    later("This server keeps no history"),
    later("The history cannot be read"),
    later("Messages could not be retrieved"),
    later("No such message"),
    later("Invalid limit"),
    later("Invalid timestamp"),
    later("Unknown subcommand"),
    later("Unknown attribute"),
    later("Insufficient parameters"),
    later("There is no such message"),
    later("That is not your message"),
    later("You cannot redact messages there"),
    later("One batch at a time, with a target"),
    later("No such batch, or of no known type"),
    later("The tag names no open batch"),
    later("One command, PRIVMSG or NOTICE, in all lines"),
    later("All lines go to one target"),
    later("A line that continues another is not empty"),
    later("Too many bytes"),
    later("Too many lines"),
    later("No text in the lines"),
    later("Message rejected, it is not valid UTF-8"),
    later("Message rejected, it is UTF-16: send UTF-8"),
    later("The line begins with a byte order mark (EF BB BF): send UTF-8 without it"),
    later("A secret has {least} to {most} characters"),
    later("Realname is not valid"),
    later("Too many targets; the rest is not sent"),
    later("Please wait a while and try again"),
    *TO_EVERYBODY,
)
# "{nick}: {marks}" fits "Absent: Anna" too, so what starts with a word of its own is tried before.
_OF_CLASS: Final = (
    *USAGE.values(),
    *sorted(TO_OPERATORS, key=lambda one: (one.startswith("{"), "{marks}" not in one, -len(one))),
)
_FOR_A_WHILE: Final = re.compile(
    r"try again|too (?:fast|many joins|quickly)|wait|throttl|temporar|unavailable|a while", re.IGNORECASE
)


_FORMS: Final = {"nick": r"\S+", "host": r"\S+", "by": f"(?:{COMMAND})?"}
"""What may stand for a placeholder, if not anything."""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


_EMPTY_WORDS: Final = """
    No such nick; No such nick/channel; No such server; No such channel; No such service;
    Cannot send to channel; Cannot send to nick/channel; You have joined too many channels;
    There was no such nickname; No recipient given; No recipient given (PRIVMSG); No text to send;
    Input line was too long; Input line too long; Unknown command; No nickname given; Erroneous nickname;
    Erroneus nickname; Nickname is already in use; Nickname is in use; Nickname collision KILL;
    They aren't on that channel; You're not on that channel; is already on channel; You have not registered;
    Not enough parameters; You may not reregister; Unauthorized command (already registered);
    Password incorrect; Password required; Channel key already set; Cannot join channel (+l);
    Cannot join channel (+i); Cannot join channel (+b); Cannot join channel (+k);
    Cannot join channel (+k) - bad key; Bad Channel Mask; Bad channel name;
    Cannot join channel (+i) - you must be invited; Cannot join channel (+b) - you are banned;
    is unknown mode char to me; Channel list is full; Monitor list is full.; Unknown MODE flag;
    Permission denied - You are not an IRC operator; Permission Denied- You're not an IRC operator;
    You're not channel operator; You're not a channel operator; You can't kill a server!;
    Your connection is restricted!; No O-lines for your host; Cannot change mode for other users;
    Can't change mode for other users; There is no help on this. HELP <command> tells more of one.
"""
_EMPTY: Final = frozenset(map(_letters, _EMPTY_WORDS.split(";")))
"""What says nothing new behind our own sentence for its numeric."""


@cache
def _patterns(known: tuple[str, ...]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(_pattern(template), re.DOTALL), template) for template in known]


def _pattern(template: str) -> str:
    """Return the pattern of a sentence; a name that stands in it twice is the same both times."""
    made, known = "", set()
    for at, part in enumerate(re.split(r"\{(\w+)\}", template)):
        if at % 2:
            form = _FORMS.get(part, ".*")
            made += f"(?P={part})" if part in known else f"(?P<{part}>{form})"
            known.add(part)
        else:
            made += re.escape(part)
    return made


def class_words_of(message: Message) -> str:
    """Return the last parameter of an answer to CLASS in our words; a verb in it is a command here."""
    return in_our_words(message.params[-1], known=_OF_CLASS)


def in_our_words(text: str, depth: int = 3, known: tuple[str, ...] = _KNOWN) -> str:
    """Return what the server wrote, clean, in the user's language if it is known; a reason in it likewise.

    Args:
        known: sentences that it may be.
    """
    text = clean(text)
    is_ours = depth > 0 and len(text) <= MAX_LINE  # longer ones could make the patterns slow
    for pattern, template in _patterns(known) if is_ours else ():
        if match := pattern.fullmatch(text.strip()):
            parts = match.groupdict()
            if "reason" in parts:
                parts["reason"] = in_our_words(parts["reason"], depth - 1, known)
            if "marks" in parts:  # several sentences
                parts["marks"] = "; ".join(
                    in_our_words(one, depth - 1, known) for one in parts["marks"].split("; ")
                )
            return translate(template).format(**parts | {"by": "/"})
    return text


def words_of(message: Message) -> str:
    """Return the last parameter in our words; "" if there is none."""
    return in_our_words(message.params[-1]) if message.params else ""


def with_reason(sentence: str, *params: str) -> str:
    """Return a sentence of ours and behind it what the server wrote, if that says more.

    Args:
        params: the parameters that the sentence does not name; the last is in words.
    """
    words = params[-1] if params else ""
    if not _letters(words) or _letters(words) in _EMPTY:
        return sentence
    said = raw_words((*params[:-1], in_our_words(words).removesuffix(".")))
    return _("{sentence} The server says: “{words}”.").format(sentence=sentence, words=said)


def is_for_a_while(words: str) -> bool:
    """Tell whether the server says that what it refuses may be tried again later."""
    return _FOR_A_WHILE.search(words) is not None


def raw_words(params: Iterable[str]) -> str:
    """Return what the server said, as it said it."""
    return clean(" ".join(params)).strip()
