"""The meaning of each command and capability that we speak.

Fields: `{nick}` who did it; `{0}`, `{1}` … parameters; `{text}`, `{last}` the last; `{rest}` all but the
first; `{all}` all; `{names}` and `{meanings}` the capabilities of a CAP.
"""

from typing import Final

from translations import later

SERVER_SENTENCES: Final = {
    "ACCOUNT": later("The server says which account {nick} is signed in to: {0}."),
    "CHATHISTORY": later(
        "The server names a talk of which it has old messages, and the time of the last: {rest}."
    ),
    "JOIN own": later("The server confirms that you enter the room {0}."),
    "JOIN": later("The server tells the room {0} that {nick} enters."),
    "PART own": later("The server confirms that you leave the room {0}."),
    "PART": later("The server tells the room {0} that {nick} leaves."),
    "QUIT": later("The server says that {nick} has disconnected: “{text}”."),
    "NICK own": later("The server confirms that your nick is {0} now."),
    "NICK": later("The server says that {nick} is called {0} now."),
    "PRIVMSG own": later(
        "The server returns your own message to {0}: it has arrived, and this is what was said: “{text}”."
    ),
    "PRIVMSG room": later("The server passes on to the room {0} what {nick} says: “{text}”."),
    "PRIVMSG": later("The server passes on a private message from {nick} to {0}: “{text}”."),
    "NOTICE own": later("The server returns your own notice to {0}: “{text}”."),
    "NOTICE": later(
        "The server passes on a notice from {nick} to {0}, which nobody answers by itself: “{text}”."
    ),
    "TAGMSG": later("The server passes on tags without a text from {nick} to {0}: a sign for programs."),
    "TOPIC empty": later("The server tells the room {0} that {nick} removes the topic."),
    "TOPIC": later("The server tells the room {0} that {nick} sets the topic: “{text}”."),
    "KICK own": later("The server says that {nick} removes you from the room {0}: “{text}”."),
    "KICK": later("The server tells the room {0} that {nick} removes {1}: “{text}”."),
    "MODE room": later("The server tells the room {0} that {nick} changes its modes: {rest}."),
    "MODE": later("The server says that the user modes of {0} change: {rest}."),
    "INVITE": later("The server says that {nick} invites {0} to the room {1}."),
    "AWAY empty": later("The server says that {nick} is back."),
    "AWAY": later("The server says that {nick} is away: “{text}”."),
    "SETNAME": later("The server says that the real name of {nick} is now “{text}”."),
    "CHGHOST": later("The server says that the user name and address of {nick} are now {0} and {1}."),
    "PING": later(
        "The server asks whether the client is still there: it must answer PONG with the same word, {0}."
    ),
    "PONG": later("The server answers PING with the same word, {last}: it is there."),
    "ERROR": later("The server closes the connection and says why: “{text}”."),
    "WALLOPS": later("The server passes on an announcement of the operator {nick}: “{text}”."),
    "KILL": later("The server says that the operator {nick} ends the connection of {0}: “{text}”."),
    "BATCH start": later("The server begins a group of lines that belong together (kind: {1})."),
    "BATCH end": later("The server says that the group of lines {0} is complete."),
    "REDACT": later("The server says that {nick} takes back the message {1} in {0}."),
    "FAIL": later("The server says that {0} failed ({1}): “{text}”."),
    "WARN": later("The server warns about {0} ({1}): “{text}”."),
    "NOTE": later("The server has a remark about {0} ({1}): “{text}”."),
    "ACK": later("The server says that it has done what was asked, and has nothing to add."),
    "CAP LS": later("The server lists the extensions that it offers: {names}."),
    "CAP LIST": later("The server lists the extensions that are in use: {names}."),
    "CAP ACK": later("The server turns on what the client asked for: {meanings}."),
    "CAP NAK": later("The server does not turn on what the client asked for: {names}."),
    "CAP NEW": later("The server offers further extensions: {names}."),
    "CAP DEL": later("The server no longer offers these extensions: {names}."),
}
"""What a server sends: by command, or by command and case."""

CLIENT_SENTENCES: Final = {
    "CAP LS": later("The client asks which extensions of the protocol the server offers."),
    "CAP LIST": later("The client asks which extensions are in use."),
    "CAP REQ": later("The client asks the server for extensions: {meanings}."),
    "CAP REQ off": later("The client asks the server to turn off extensions: {meanings}."),
    "CAP END": later("The client says that there is nothing more to agree on, and registration may go on."),
    "PASS": later("The client names the server's password."),
    "NICK": later("The client asks for the nick {0}."),
    "RECLAIM": later("The client proves that the lost connection of {0} was its own, to have the nick back."),
    "USER": later("The client introduces itself: user name {0}, real name “{text}”."),
    "OPER": later("The client wants to be the server's operator and names a password."),
    "QUIT": later("The client says good-bye: “{text}”."),
    "JOIN": later("The client asks to be let into the room {0}."),
    "PART": later("The client leaves the room {0}."),
    "PRIVMSG room": later("The client asks to pass on to all in the room {0}: “{text}”."),
    "PRIVMSG": later("The client asks to pass on to {0} alone: “{text}”."),
    "NOTICE": later("The client asks to pass on to {0} a notice, which nobody answers by itself: “{text}”."),
    "TAGMSG": later("The client asks to pass on to {0} tags without a text: a sign for programs."),
    "TOPIC ask": later("The client asks for the topic of the room {0}."),
    "TOPIC empty": later("The client removes the topic of the room {0}."),
    "TOPIC": later("The client sets the topic of the room {0}: “{text}”."),
    "NAMES": later("The client asks who is in the room {0}."),
    "LIST": later("The client asks for the list of rooms."),
    "INVITE": later("The client invites {0} to the room {1}."),
    "KICK": later("The client removes {1} from the room {0}."),
    "MODE ask": later("The client asks which modes {0} has."),
    "MODE list": later("The client asks for the list of {0} that belongs to the mode {1}."),
    "MODE": later("The client changes modes of {0}: {rest}."),
    "AWAY empty": later("The client says that its user is back."),
    "AWAY": later("The client says that its user is away: “{text}”."),
    "SETNAME": later("The client changes the real name to “{text}”."),
    "PING": later(
        "The client asks whether the server is still there: it must answer PONG with the same word, {0}."
    ),
    "PONG": later("The client answers PING with the same word, {last}: it is there."),
    "WHO": later("The client asks who is in {0}, and from which address."),
    "WHOIS": later("The client asks who {last} is."),
    "WHOWAS": later("The client asks who {0} was before leaving."),
    "ISON": later("The client asks which of these are connected: {all}."),
    "USERHOST": later("The client asks for the addresses of {all}."),
    "MOTD": later("The client asks for the message of the day."),
    "LUSERS": later("The client asks how many users and rooms there are."),
    "VERSION": later("The client asks for the version of the server's program."),
    "TIME": later("The client asks which time the server's clock shows."),
    "INFO": later("The client asks the server to tell about itself."),
    "ADMIN": later("The client asks who the server's administrator is."),
    "LINKS": later("The client asks for the servers of the network."),
    "STATS": later("The client asks for the server's statistics ({0})."),
    "HELP": later("The client asks for help."),
    "HELPOP": later("The client asks for help."),
    "KILL": later("The client, an operator, ends the connection of {0}: “{text}”."),
    "WALLOPS": later("The client makes an announcement to all who accept announcements: “{text}”."),
    "MONITOR": later("The client asks to be told when somebody comes or goes: {all}."),
    "CHATHISTORY TARGETS": later(
        "The client asks which conversations had messages between {1} and {2}, at most {last} of them."
    ),
    "CHATHISTORY": later("The client asks for what was said earlier in {1}, at most {last} messages."),
    "BATCH start": later("The client begins a message of several lines to {last}."),
    "BATCH end": later("The client says that the message of several lines is complete."),
    "REDACT": later("The client asks to take back the message {1} in {0}."),
}
"""What a client sends: by command, or by command and case."""

CAPABILITY_MEANINGS: Final = {
    "away-notify": later("it tells when others are away"),
    "batch": later("lines that belong together are marked"),
    "cap-notify": later("it tells when its extensions change"),
    "chathistory": later("old messages can be asked for"),
    "chghost": later("it tells when somebody's address changes"),
    "draft/chathistory": later("old messages can be asked for"),
    "draft/event-playback": later("the history also holds who came and who left"),
    "draft/message-redaction": later("messages can be taken back"),
    "draft/multiline": later("a message may have several lines"),
    "echo-message": later("each message comes back to its sender as a receipt"),
    "extended-join": later("whoever enters is named in full"),
    "extended-monitor": later("it tells more about the nicks that are watched"),
    "invite-notify": later("it tells who invites whom"),
    "labchat/reclaim": later("after a lost connection the nick can be taken back at once"),
    "labeled-response": later("an answer carries the mark of its question"),
    "message-tags": later("lines carry tags, and messages an id"),
    "multi-prefix": later("all marks of a member are shown"),
    "server-time": later("each line carries its time"),
    "setname": later("it tells when somebody changes the real name"),
    "standard-replies": later("errors come in a form that programs can read"),
    "userhost-in-names": later("the list of members holds addresses"),
}
"""What each IRCv3 capability gives."""
