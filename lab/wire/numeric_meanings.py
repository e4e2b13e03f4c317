"""The meaning of each numeric reply that we speak, in a sentence.

Fields: `{0}`, `{1}` … parameters; `{text}` the last; `{rest}` all from the third on; `{middle}` all but the
first and the last.
"""

from typing import Final

from protocol import numerics as n
from translations import later

_NOT_PASSED_ON = (
    *(n.ERR_NOSUCHSERVICE, n.ERR_NOTOPLEVEL, n.ERR_BADMASK, n.ERR_NONONREG, n.ERR_NOCTCP),
    *(n.ERR_CANTSENDTOUSER, n.RPL_TARGUMODEG),
)
_REFUSED = (n.ERR_NICKTOOFAST, n.ERR_KEYSET, n.ERR_CANTKILLSERVER, n.ERR_RESTRICTED, n.ERR_NOPRIVS)

NUMERIC_SENTENCES: Final = {
    n.RPL_WELCOME: later("The server lets {0} in and greets: “{text}”."),
    n.RPL_YOURHOST: later("The server gives its name and the version of its program: “{text}”."),
    n.RPL_CREATED: later("The server says since when it has been running: “{text}”."),
    n.RPL_MYINFO: later("The server {1} gives its version ({2}) and the modes that it knows."),
    n.RPL_ISUPPORT: later("The server lists its features and limits: {middle}."),
    n.RPL_ENDOFSTATS: later("The server says that the statistics asked for ({1}) are complete."),
    n.RPL_UMODEIS: later("The server tells {0} which user modes are set: {1}."),
    n.RPL_STATSUPTIME: later("The server says for how long it has been running: “{text}”."),
    n.RPL_LUSERCLIENT: later("The server says how many users there are: “{text}”."),
    n.RPL_LUSEROP: later("The server says how many operators are connected: {1}."),
    n.RPL_LUSERUNKNOWN: later(
        "The server says how many connections have not introduced themselves yet: {1}."
    ),
    n.RPL_LUSERCHANNELS: later("The server says how many rooms there are: {1}."),
    n.RPL_LUSERME: later("The server says how many clients it has itself: “{text}”."),
    n.RPL_ADMINME: later("The server begins to tell who its administrator is."),
    n.RPL_ADMINLOC1: later("The server says where it is located: “{text}”."),
    n.RPL_ADMINLOC2: later("The server says to which institution it belongs: “{text}”."),
    n.RPL_ADMINEMAIL: later("The server says how to reach its administrator: “{text}”."),
    n.RPL_TRYAGAIN: later("The server asks to wait and to repeat {1} later: “{text}”."),
    n.RPL_LOCALUSERS: later(
        "The server says how many users it has now, and how many it had at most: “{text}”."
    ),
    n.RPL_GLOBALUSERS: later(
        "The server says how many users the whole network has now, and had at most: “{text}”."
    ),
    n.RPL_AWAY: later("The server answers that {1} is away: “{text}”."),
    n.RPL_USERHOST: later("The server answers who is behind the nicks asked for: “{text}”."),
    n.RPL_ISON: later("The server says which of the nicks asked for are connected: “{text}”."),
    n.RPL_UNAWAY: later("The server confirms that {0} is no longer marked as away."),
    n.RPL_NOWAWAY: later("The server confirms that {0} is marked as away now."),
    n.RPL_WHOISUSER: later("The server says who {1} is: user {2} at {3}, real name “{text}”."),
    n.RPL_WHOISSERVER: later("The server says to which server {1} is connected: {2}."),
    n.RPL_WHOISOPERATOR: later("The server says that {1} is the server's operator."),
    n.RPL_WHOWASUSER: later("The server remembers who {1} was: user {2} at {3}, real name “{text}”."),
    n.RPL_ENDOFWHO: later("The server says that the answer to WHO {1} is complete."),
    n.RPL_WHOISIDLE: later("The server says for how many seconds {1} has said nothing: {2}."),
    n.RPL_ENDOFWHOIS: later("The server says that it has told all about {1}."),
    n.RPL_WHOISCHANNELS: later("The server says in which rooms {1} is: {text}."),
    n.RPL_LISTSTART: later("The server begins the list of rooms."),
    n.RPL_LIST: later("The server lists the room {1}: members {2}, topic “{text}”."),
    n.RPL_LISTEND: later("The server says that the list of rooms is complete."),
    n.RPL_CHANNELMODEIS: later("The server says which modes the room {1} has: {rest}."),
    n.RPL_CREATIONTIME: later(
        "The server says when the room {1} was created: {2} seconds after 1 January 1970."
    ),
    n.RPL_NOTOPIC: later("The server says that the room {1} has no topic."),
    n.RPL_TOPIC: later("The server gives the topic of the room {1}: “{text}”."),
    n.RPL_TOPICWHOTIME: later("The server says who set the topic of the room {1}: {2}."),
    n.RPL_WHOISBOT: later("The server says that {1} is a bot, a program that talks by itself."),
    n.RPL_INVITELIST: later("The server names a room to which {0} is invited: {1}."),
    n.RPL_ENDOFINVITELIST: later("The server says that the list of invitations is complete."),
    n.RPL_WHOISACTUALLY: later("The server says from which address {1} is connected: {2}."),
    n.RPL_INVITING: later("The server confirms that it has passed on the invitation of {1} to the room {2}."),
    n.RPL_INVEXLIST: later("The server names a mask of those who may enter the closed room {1}: {2}."),
    n.RPL_ENDOFINVEXLIST: later(
        "The server says that the list of those let into {1} without an invitation is complete."
    ),
    n.RPL_EXCEPTLIST: later("The server names a mask that is exempt from the bans of the room {1}: {2}."),
    n.RPL_ENDOFEXCEPTLIST: later(
        "The server says that the list of exceptions from the bans of {1} is complete."
    ),
    n.RPL_VERSION: later("The server {2} gives the version of its program: {1}."),
    n.RPL_WHOREPLY: later("The server names a user that WHO found: {5} ({2} at {3}), in {1}."),
    n.RPL_NAMREPLY: later("The server lists who is in the room {2}: {text}."),
    n.RPL_WHOSPCRPL: later("The server names a user that WHO found, with the fields asked for: {rest}."),
    n.RPL_LINKS: later("The server names a server of the network: {1}, “{text}”."),
    n.RPL_ENDOFLINKS: later("The server says that the list of servers is complete."),
    n.RPL_ENDOFNAMES: later("The server says that the list of members of {1} is complete."),
    n.RPL_BANLIST: later("The server names a mask that is banned from the room {1}: {2}."),
    n.RPL_ENDOFBANLIST: later("The server says that the list of bans of {1} is complete."),
    n.RPL_ENDOFWHOWAS: later("The server says that it remembers no more about {1}."),
    n.RPL_INFO: later("The server tells about itself: “{text}”."),
    n.RPL_MOTD: later("The server shows a line of its message of the day: “{text}”."),
    n.RPL_ENDOFINFO: later("The server says that it has told all about itself."),
    n.RPL_MOTDSTART: later("The server begins its message of the day."),
    n.RPL_ENDOFMOTD: later("The server says that the message of the day is over: the greeting is complete."),
    n.RPL_YOUREOPER: later("The server confirms that {0} is its operator now."),
    n.RPL_TIME: later("The server says which time its clock shows: “{text}”."),
    n.ERR_UNKNOWNERROR: later("The server says that {1} failed: “{text}”."),
    n.ERR_NOSUCHNICK: later("The server says that there is nobody and no room named {1}."),
    n.ERR_NOSUCHSERVER: later("The server says that it knows no server named {1}."),
    n.ERR_NOSUCHCHANNEL: later("The server says that there is no room {1}."),
    n.ERR_CANNOTSENDTOCHAN: later("The server did not pass on the message to the room {1}: “{text}”."),
    n.ERR_TOOMANYCHANNELS: later(
        "The server does not let {0} into {1}: nobody may be in so many rooms at once."
    ),
    n.ERR_WASNOSUCHNICK: later("The server remembers nobody named {1}."),
    n.ERR_TOOMANYTARGETS: later("The server refuses a message to so many recipients at once: “{text}”."),
    n.ERR_NOORIGIN: later("The server says that PING and PONG must hold a word to send back."),
    n.ERR_INVALIDCAPCMD: later("The server does not know the CAP command {1}."),
    n.ERR_NORECIPIENT: later("The server says that the message names no recipient."),
    n.ERR_NOTEXTTOSEND: later("The server says that the message has no text."),
    n.ERR_INPUTTOOLONG: later("The server did not take the line: it is longer than the protocol allows."),
    n.ERR_UNKNOWNCOMMAND: later("The server does not know the command {1}."),
    n.ERR_NOMOTD: later("The server says that it has no message of the day: the greeting is complete."),
    n.ERR_NONICKNAMEGIVEN: later("The server says that NICK must be followed by a nick."),
    n.ERR_ERRONEUSNICKNAME: later("The server refuses the nick {1}: “{text}”."),
    n.ERR_NICKNAMEINUSE: later("The server says that the nick {1} is taken."),
    n.ERR_USERNOTINCHANNEL: later("The server says that {1} is not in the room {2}."),
    n.ERR_NOTONCHANNEL: later("The server says that {0} is not in the room {1}."),
    n.ERR_USERONCHANNEL: later("The server says that {1} is in the room {2} already."),
    n.ERR_NOTREGISTERED: later("The server asks the client to introduce itself first: NICK and USER."),
    n.ERR_NEEDMOREPARAMS: later("The server says that the command {1} lacks parameters."),
    n.ERR_ALREADYREGISTERED: later("The server says that {0} has introduced itself already."),
    n.ERR_PASSWDMISMATCH: later("The server says that the password is wrong."),
    n.ERR_CHANNELISFULL: later("The server does not let {0} into {1}: the room is full."),
    n.ERR_UNKNOWNMODE: later("The server does not know the mode {1}."),
    n.ERR_INVITEONLYCHAN: later(
        "The server does not let {0} into {1}: it can be entered by invitation only."
    ),
    n.ERR_BANNEDFROMCHAN: later("The server does not let {0} into {1}: entering is forbidden."),
    n.ERR_BADCHANNELKEY: later("The server does not let {0} into {1}: the key is wrong."),
    n.ERR_BADCHANMASK: later("The server says that {1} cannot be a room's name."),
    n.ERR_BANLISTFULL: later("The server says that the list of the room {1} is full."),
    n.ERR_NOPRIVILEGES: later("The server refuses: only the server's operator may do this."),
    n.ERR_CHANOPRIVSNEEDED: later("The server refuses: only operators of the room {1} may do this."),
    n.ERR_NOOPERHOST: later("The server lets nobody become its operator from this address."),
    n.ERR_UMODEUNKNOWNFLAG: later("The server does not know such a user mode."),
    n.ERR_USERSDONTMATCH: later("The server refuses: users may change only their own modes."),
    n.ERR_HELPNOTFOUND: later("The server has no help on {1}."),
    n.ERR_INVALIDKEY: later("The server says that the key for {1} is not possible."),
    n.ERR_INVALIDMODEPARAM: later(
        "The server says that the mode {2} of {1} cannot have this value: “{text}”."
    ),
    n.RPL_HELPSTART: later("The server begins its help on {1}: “{text}”."),
    n.RPL_HELPTXT: later("The server shows a line of its help: “{text}”."),
    n.RPL_ENDOFHELP: later("The server ends its help on {1}: “{text}”."),
    n.RPL_MONONLINE: later("The server says which nicks that {0} watches are connected: {text}."),
    n.RPL_MONOFFLINE: later("The server says which nicks that {0} watches are not connected: {text}."),
    n.RPL_MONLIST: later("The server lists the nicks that {0} watches: {text}."),
    n.RPL_ENDOFMONLIST: later("The server says that the list of watched nicks is complete."),
    n.ERR_MONLISTFULL: later("The server watches no more nicks for {0}: the list is full."),
    # Numerics of other servers, which our client understands.
    n.RPL_WHOISACCOUNT: later("The server says under which account {1} is signed in: {2}."),
    n.RPL_WHOISHOST: later("The server says from where {1} is connected: “{text}”."),
    n.RPL_VISIBLEHOST: later("The server shows {0} to others under the address {1} from now on."),
    n.ERR_NICKCOLLISION: later(
        "The server says that the nick {1} is taken on two servers of the network at once."
    ),
    n.ERR_UNAVAILRESOURCE: later("The server says that {1} is not available for the moment: “{text}”."),
    n.ERR_YOUREBANNEDCREEP: later("The server refuses {0}: entering it is forbidden."),
    n.ERR_NEEDREGGEDNICK: later("The server does not let {0} into {1}: only registered users may enter."),
    n.ERR_BADCHANNAME: later("The server says that {1} cannot be the name of a room."),
    n.ERR_THROTTLED: later("The server does not let {0} into {1} now."),
    n.ERR_SECUREONLYCHAN: later("The server does not let {0} into {1}: only connections with TLS may enter."),
    n.ERR_OPERONLY: later("The server does not let {0} into {1}: only operators of the server may enter."),
    n.RPL_WHOISSECURE: later("The server says that the connection of {1} is encrypted."),
    **dict.fromkeys(_NOT_PASSED_ON, later("The server did not pass on the message to {1}: “{text}”.")),
    **dict.fromkeys(_REFUSED, later("The server refuses: “{text}”.")),
}
