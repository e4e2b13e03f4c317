"""The meaning of each command and capability that we speak.

Fields: `{nick}` who did it; `{0}`, `{1}` … parameters; `{text}`, `{last}` the last; `{rest}` all but the
first; `{all}` all; `{names}` and `{meanings}` the capabilities of a CAP.
"""

from translations import _


def server_sentences() -> dict[str, str]:
    """Return the sentences for what a server sends: by command, or by command and case."""
    return {
        "ACCOUNT": _("The server says which account {nick} is signed in to: {0}."),
        "CHATHISTORY": _(
            "The server names a talk of which it has old messages, and the time of the last: {rest}."
        ),
        "JOIN own": _("The server confirms that you enter the room {0}."),
        "JOIN": _("The server tells the room {0} that {nick} enters."),
        "PART own": _("The server confirms that you leave the room {0}."),
        "PART": _("The server tells the room {0} that {nick} leaves."),
        "QUIT": _("The server says that {nick} has disconnected: “{text}”."),
        "NICK own": _("The server confirms that your nick is {0} now."),
        "NICK": _("The server says that {nick} is called {0} now."),
        "PRIVMSG own": _(
            "The server returns your own message to {0}: it has arrived, and this is what was said: “{text}”."
        ),
        "PRIVMSG room": _("The server passes on to the room {0} what {nick} says: “{text}”."),
        "PRIVMSG": _("The server passes on a private message from {nick} to {0}: “{text}”."),
        "NOTICE own": _("The server returns your own notice to {0}: “{text}”."),
        "NOTICE": _(
            "The server passes on a notice from {nick} to {0}, which nobody answers by itself: “{text}”."
        ),
        "TAGMSG": _("The server passes on tags without a text from {nick} to {0}: a sign for programs."),
        "TOPIC empty": _("The server tells the room {0} that {nick} takes the topic away."),
        "TOPIC": _("The server tells the room {0} that {nick} sets the topic: “{text}”."),
        "KICK own": _("The server says that {nick} removes you from the room {0}: “{text}”."),
        "KICK": _("The server tells the room {0} that {nick} removes {1}: “{text}”."),
        "MODE room": _("The server tells the room {0} that {nick} changes its modes: {rest}."),
        "MODE": _("The server says that the user modes of {0} change: {rest}."),
        "INVITE": _("The server says that {nick} invites {0} to the room {1}."),
        "AWAY empty": _("The server says that {nick} is back."),
        "AWAY": _("The server says that {nick} is away: “{text}”."),
        "SETNAME": _("The server says that the real name of {nick} is now “{text}”."),
        "CHGHOST": _("The server says that the user name and address of {nick} are now {0} and {1}."),
        "PING": _(
            "The server asks whether the client is still there: it must answer PONG with the same word, {0}."
        ),
        "PONG": _("The server answers PING with the same word, {last}: it is there."),
        "ERROR": _("The server closes the connection and says why: “{text}”."),
        "WALLOPS": _("The server passes on an announcement of the operator {nick}: “{text}”."),
        "KILL": _("The server says that the operator {nick} ends the connection of {0}: “{text}”."),
        "BATCH start": _("The server begins a group of lines that belong together (kind: {1})."),
        "BATCH end": _("The server says that the group of lines {0} is complete."),
        "REDACT": _("The server says that {nick} takes back the message {1} in {0}."),
        "FAIL": _("The server says that {0} failed ({1}): “{text}”."),
        "WARN": _("The server warns about {0} ({1}): “{text}”."),
        "NOTE": _("The server remarks on {0} ({1}): “{text}”."),
        "ACK": _("The server says that it has done what was asked, and has nothing to add."),
        "CAP LS": _("The server lists the extensions that it offers: {names}."),
        "CAP LIST": _("The server lists the extensions that are in use: {names}."),
        "CAP ACK": _("The server turns on what the client asked for: {meanings}."),
        "CAP NAK": _("The server does not turn on what the client asked for: {names}."),
        "CAP NEW": _("The server offers further extensions: {names}."),
        "CAP DEL": _("The server no longer offers these extensions: {names}."),
    }


def client_sentences() -> dict[str, str]:
    """Return the sentences for what a client sends: by command, or by command and case."""
    return {
        "CAP LS": _("The client asks which extensions of the protocol the server offers."),
        "CAP LIST": _("The client asks which extensions are in use."),
        "CAP REQ": _("The client asks the server for extensions: {meanings}."),
        "CAP REQ off": _("The client asks the server to turn off extensions: {meanings}."),
        "CAP END": _("The client says that there is nothing more to agree on, and registration may go on."),
        "PASS": _("The client names the server's password."),
        "NICK": _("The client asks for the nick {0}."),
        "RECLAIM": _("The client proves that the lost connection of {0} was its own, to have the nick back."),
        "USER": _("The client introduces itself: user name {0}, real name “{text}”."),
        "OPER": _("The client wants to be the server's operator and names a password."),
        "QUIT": _("The client says good-bye: “{text}”."),
        "JOIN": _("The client asks to be let into the room {0}."),
        "PART": _("The client leaves the room {0}."),
        "PRIVMSG room": _("The client asks to pass on to all in the room {0}: “{text}”."),
        "PRIVMSG": _("The client asks to pass on to {0} alone: “{text}”."),
        "NOTICE": _("The client asks to pass on to {0} a notice, which nobody answers by itself: “{text}”."),
        "TAGMSG": _("The client asks to pass on to {0} tags without a text: a sign for programs."),
        "TOPIC ask": _("The client asks for the topic of the room {0}."),
        "TOPIC empty": _("The client takes the topic of the room {0} away."),
        "TOPIC": _("The client sets the topic of the room {0}: “{text}”."),
        "NAMES": _("The client asks who is in the room {0}."),
        "LIST": _("The client asks for the list of rooms."),
        "INVITE": _("The client invites {0} to the room {1}."),
        "KICK": _("The client removes {1} from the room {0}."),
        "MODE ask": _("The client asks which modes {0} has."),
        "MODE list": _("The client asks for the list of {0} that belongs to the mode {1}."),
        "MODE": _("The client changes modes of {0}: {rest}."),
        "AWAY empty": _("The client says that its user is back."),
        "AWAY": _("The client says that its user is away: “{text}”."),
        "SETNAME": _("The client changes the real name to “{text}”."),
        "PING": _(
            "The client asks whether the server is still there: it must answer PONG with the same word, {0}."
        ),
        "PONG": _("The client answers PING with the same word, {last}: it is there."),
        "WHO": _("The client asks who is in {0}, and from which address."),
        "WHOIS": _("The client asks who {last} is."),
        "WHOWAS": _("The client asks who {0} was before leaving."),
        "ISON": _("The client asks which of these are connected: {all}."),
        "USERHOST": _("The client asks for the addresses of {all}."),
        "MOTD": _("The client asks for the message of the day."),
        "LUSERS": _("The client asks how many users and rooms there are."),
        "VERSION": _("The client asks for the version of the server's program."),
        "TIME": _("The client asks which time the server's clock shows."),
        "INFO": _("The client asks the server to tell about itself."),
        "ADMIN": _("The client asks who looks after the server."),
        "LINKS": _("The client asks for the servers of the network."),
        "STATS": _("The client asks for the server's statistics ({0})."),
        "HELP": _("The client asks for help."),
        "HELPOP": _("The client asks for help."),
        "KILL": _("The client, an operator, ends the connection of {0}: “{text}”."),
        "WALLOPS": _("The client makes an announcement to all who take them: “{text}”."),
        "MONITOR": _("The client asks to be told when somebody comes or goes: {all}."),
        "CHATHISTORY TARGETS": _(
            "The client asks which talks went on, from {1} to {2}: at most {last} of them."
        ),
        "CHATHISTORY": _("The client asks for what was said earlier in {1}, at most {last} messages."),
        "BATCH start": _("The client begins a message of several lines to {last}."),
        "BATCH end": _("The client says that the message of several lines is complete."),
        "REDACT": _("The client asks to take back the message {1} in {0}."),
    }


def capability_meanings() -> dict[str, str]:
    """Return what each IRCv3 capability gives."""
    return {
        "away-notify": _("it tells when others are away"),
        "batch": _("lines that belong together are marked"),
        "cap-notify": _("it tells when its extensions change"),
        "chathistory": _("old messages can be asked for"),
        "chghost": _("it tells when somebody's address changes"),
        "draft/chathistory": _("old messages can be asked for"),
        "draft/event-playback": _("the history holds comings and goings too"),
        "draft/message-redaction": _("messages can be taken back"),
        "draft/multiline": _("a message may have several lines"),
        "echo-message": _("one's own message comes back as a receipt"),
        "extended-join": _("who enters is named in full"),
        "extended-monitor": _("it tells more about those who are watched"),
        "invite-notify": _("it tells who invites whom"),
        "labchat/reclaim": _("after a lost connection one has one's nick back at once"),
        "labeled-response": _("an answer carries the mark of its question"),
        "message-tags": _("lines carry tags, and messages an id"),
        "multi-prefix": _("all marks of a member are shown"),
        "server-time": _("each line carries its time"),
        "setname": _("it tells when somebody changes the real name"),
        "standard-replies": _("errors come in one form for programs"),
        "userhost-in-names": _("the list of members holds addresses"),
    }
