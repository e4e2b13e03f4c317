"""The meaning of each numeric reply that we speak, in a sentence.

Fields: `{0}`, `{1}` … parameters; `{text}` the last; `{rest}` all from the third on; `{middle}` all but the
first and the last.
"""

from protocol import numerics as n
from translations import _

_NOT_PASSED_ON = (
    n.ERR_NOSUCHSERVICE,
    n.ERR_NOTOPLEVEL,
    n.ERR_BADMASK,
    n.ERR_NONONREG,
    n.ERR_NOCTCP,
    n.ERR_CANTSENDTOUSER,
    n.RPL_TARGUMODEG,
)
_REFUSED = (n.ERR_NICKTOOFAST, n.ERR_KEYSET, n.ERR_CANTKILLSERVER, n.ERR_RESTRICTED, n.ERR_NOPRIVS)


def numeric_sentences() -> dict[str, str]:
    """Return the sentence of each numeric, in the language in use, with fields to fill in."""
    return {
        n.RPL_WELCOME: _("The server lets {0} in and greets: “{text}”."),
        n.RPL_YOURHOST: _("The server gives its name and the version of its program: “{text}”."),
        n.RPL_CREATED: _("The server says since when it has been running: “{text}”."),
        n.RPL_MYINFO: _("The server {1} gives its version ({2}) and the modes that it knows."),
        n.RPL_ISUPPORT: _("The server lists its features and limits: {middle}."),
        n.RPL_ENDOFSTATS: _("The server says that the statistics asked for ({1}) are complete."),
        n.RPL_UMODEIS: _("The server tells {0} which user modes are set: {1}."),
        n.RPL_STATSUPTIME: _("The server says for how long it has been running: “{text}”."),
        n.RPL_LUSERCLIENT: _("The server says how many users there are: “{text}”."),
        n.RPL_LUSEROP: _("The server says how many operators are connected: {1}."),
        n.RPL_LUSERUNKNOWN: _(
            "The server says how many connections have not introduced themselves yet: {1}."
        ),
        n.RPL_LUSERCHANNELS: _("The server says how many rooms there are: {1}."),
        n.RPL_LUSERME: _("The server says how many clients it has itself: “{text}”."),
        n.RPL_ADMINME: _("The server begins to tell who looks after it."),
        n.RPL_ADMINLOC1: _("The server says where it stands: “{text}”."),
        n.RPL_ADMINLOC2: _("The server says to which institution it belongs: “{text}”."),
        n.RPL_ADMINEMAIL: _("The server says how to reach who looks after it: “{text}”."),
        n.RPL_TRYAGAIN: _("The server asks to wait and to repeat {1} later: “{text}”."),
        n.RPL_LOCALUSERS: _(
            "The server says how many users it has now, and how many it had at most: “{text}”."
        ),
        n.RPL_GLOBALUSERS: _(
            "The server says how many users the whole network has now, and had at most: “{text}”."
        ),
        n.RPL_AWAY: _("The server answers that {1} is away: “{text}”."),
        n.RPL_USERHOST: _("The server answers who is behind the nicks asked for: “{text}”."),
        n.RPL_ISON: _("The server says which of the nicks asked for are connected: “{text}”."),
        n.RPL_UNAWAY: _("The server confirms that {0} is no longer marked as away."),
        n.RPL_NOWAWAY: _("The server confirms that {0} is marked as away now."),
        n.RPL_WHOISUSER: _("The server says who {1} is: user {2} at {3}, real name “{text}”."),
        n.RPL_WHOISSERVER: _("The server says to which server {1} is connected: {2}."),
        n.RPL_WHOISOPERATOR: _("The server says that {1} is the server's operator."),
        n.RPL_WHOWASUSER: _("The server remembers who {1} was: user {2} at {3}, real name “{text}”."),
        n.RPL_ENDOFWHO: _("The server says that the answer to WHO {1} is complete."),
        n.RPL_WHOISIDLE: _("The server says for how many seconds {1} has said nothing: {2}."),
        n.RPL_ENDOFWHOIS: _("The server says that it has told all about {1}."),
        n.RPL_WHOISCHANNELS: _("The server says in which rooms {1} is: {text}."),
        n.RPL_LISTSTART: _("The server begins the list of rooms."),
        n.RPL_LIST: _("The server lists the room {1}: members {2}, topic “{text}”."),
        n.RPL_LISTEND: _("The server says that the list of rooms is complete."),
        n.RPL_CHANNELMODEIS: _("The server says which modes the room {1} has: {rest}."),
        n.RPL_CREATIONTIME: _(
            "The server says when the room {1} came to be: second {2} since 1 January 1970."
        ),
        n.RPL_NOTOPIC: _("The server says that the room {1} has no topic."),
        n.RPL_TOPIC: _("The server gives the topic of the room {1}: “{text}”."),
        n.RPL_TOPICWHOTIME: _("The server says who set the topic of the room {1}: {2}."),
        n.RPL_WHOISBOT: _("The server says that {1} is a bot, a program that talks by itself."),
        n.RPL_INVITELIST: _("The server names a room to which {0} is invited: {1}."),
        n.RPL_ENDOFINVITELIST: _("The server says that the list of invitations is complete."),
        n.RPL_WHOISACTUALLY: _("The server says from which address {1} is connected: {2}."),
        n.RPL_INVITING: _("The server confirms that it has passed on the invitation of {1} to the room {2}."),
        n.RPL_INVEXLIST: _("The server names a mask whose owners may enter the closed room {1}: {2}."),
        n.RPL_ENDOFINVEXLIST: _(
            "The server says that the list of those let into {1} without an invitation is complete."
        ),
        n.RPL_EXCEPTLIST: _("The server names a mask that the bans of the room {1} do not concern: {2}."),
        n.RPL_ENDOFEXCEPTLIST: _(
            "The server says that the list of exceptions from the bans of {1} is complete."
        ),
        n.RPL_VERSION: _("The server {2} gives the version of its program: {1}."),
        n.RPL_WHOREPLY: _("The server names one whom WHO found: {5} ({2} at {3}), in {1}."),
        n.RPL_NAMREPLY: _("The server lists who is in the room {2}: {text}."),
        n.RPL_WHOSPCRPL: _("The server names one whom WHO found, with the fields asked for: {rest}."),
        n.RPL_LINKS: _("The server names a server of the network: {1}, “{text}”."),
        n.RPL_ENDOFLINKS: _("The server says that the list of servers is complete."),
        n.RPL_ENDOFNAMES: _("The server says that the list of members of {1} is complete."),
        n.RPL_BANLIST: _("The server names a mask that is banned from the room {1}: {2}."),
        n.RPL_ENDOFBANLIST: _("The server says that the list of bans of {1} is complete."),
        n.RPL_ENDOFWHOWAS: _("The server says that it remembers no more about {1}."),
        n.RPL_INFO: _("The server tells about itself: “{text}”."),
        n.RPL_MOTD: _("The server shows a line of its message of the day: “{text}”."),
        n.RPL_ENDOFINFO: _("The server says that it has told all about itself."),
        n.RPL_MOTDSTART: _("The server begins its message of the day."),
        n.RPL_ENDOFMOTD: _("The server says that the message of the day is over: the greeting is complete."),
        n.RPL_YOUREOPER: _("The server confirms that {0} is its operator now."),
        n.RPL_TIME: _("The server says which time its clock shows: “{text}”."),
        n.ERR_UNKNOWNERROR: _("The server says that {1} failed: “{text}”."),
        n.ERR_NOSUCHNICK: _("The server says that there is nobody and no room named {1}."),
        n.ERR_NOSUCHSERVER: _("The server says that it knows no server named {1}."),
        n.ERR_NOSUCHCHANNEL: _("The server says that there is no room {1}."),
        n.ERR_CANNOTSENDTOCHAN: _("The server did not pass on the message to the room {1}: “{text}”."),
        n.ERR_TOOMANYCHANNELS: _(
            "The server does not let {0} into {1}: one cannot be in so many rooms at once."
        ),
        n.ERR_WASNOSUCHNICK: _("The server remembers nobody named {1}."),
        n.ERR_TOOMANYTARGETS: _("The server refuses a message to so many at once: “{text}”."),
        n.ERR_NOORIGIN: _("The server says that PING and PONG must hold a word to send back."),
        n.ERR_INVALIDCAPCMD: _("The server does not know the CAP command {1}."),
        n.ERR_NORECIPIENT: _("The server says that the message names no recipient."),
        n.ERR_NOTEXTTOSEND: _("The server says that the message has no text."),
        n.ERR_INPUTTOOLONG: _("The server did not take the line: it is longer than the protocol allows."),
        n.ERR_UNKNOWNCOMMAND: _("The server does not know the command {1}."),
        n.ERR_NOMOTD: _("The server says that it has no message of the day: the greeting is complete."),
        n.ERR_NONICKNAMEGIVEN: _("The server says that NICK must be followed by a nick."),
        n.ERR_ERRONEUSNICKNAME: _("The server refuses the nick {1}: “{text}”."),
        n.ERR_NICKNAMEINUSE: _("The server says that the nick {1} is taken."),
        n.ERR_USERNOTINCHANNEL: _("The server says that {1} is not in the room {2}."),
        n.ERR_NOTONCHANNEL: _("The server says that {0} is not in the room {1}."),
        n.ERR_USERONCHANNEL: _("The server says that {1} is in the room {2} already."),
        n.ERR_NOTREGISTERED: _("The server asks to introduce oneself first: NICK and USER."),
        n.ERR_NEEDMOREPARAMS: _("The server says that the command {1} lacks parameters."),
        n.ERR_ALREADYREGISTERED: _("The server says that {0} has introduced itself already."),
        n.ERR_PASSWDMISMATCH: _("The server says that the password is wrong."),
        n.ERR_CHANNELISFULL: _("The server does not let {0} into {1}: the room is full."),
        n.ERR_UNKNOWNMODE: _("The server does not know the mode {1}."),
        n.ERR_INVITEONLYCHAN: _("The server does not let {0} into {1}: one enters by invitation only."),
        n.ERR_BANNEDFROMCHAN: _("The server does not let {0} into {1}: entering is forbidden."),
        n.ERR_BADCHANNELKEY: _("The server does not let {0} into {1}: the key is wrong."),
        n.ERR_BADCHANMASK: _("The server says that {1} cannot be a room's name."),
        n.ERR_BANLISTFULL: _("The server says that the list of the room {1} is full."),
        n.ERR_NOPRIVILEGES: _("The server refuses: that is for the server's operator alone."),
        n.ERR_CHANOPRIVSNEEDED: _("The server refuses: that is for the operators of the room {1} alone."),
        n.ERR_NOOPERHOST: _("The server makes nobody its operator from this address."),
        n.ERR_UMODEUNKNOWNFLAG: _("The server does not know such a user mode."),
        n.ERR_USERSDONTMATCH: _("The server refuses: one sets one's own modes only."),
        n.ERR_HELPNOTFOUND: _("The server has no help on {1}."),
        n.ERR_INVALIDKEY: _("The server says that the key for {1} is not possible."),
        n.ERR_INVALIDMODEPARAM: _(
            "The server says that the mode {2} of {1} cannot have this value: “{text}”."
        ),
        n.RPL_HELPSTART: _("The server begins its help on {1}: “{text}”."),
        n.RPL_HELPTXT: _("The server shows a line of its help: “{text}”."),
        n.RPL_ENDOFHELP: _("The server ends its help on {1}: “{text}”."),
        n.RPL_MONONLINE: _("The server says that those whom {0} watches are connected: {text}."),
        n.RPL_MONOFFLINE: _("The server says that those whom {0} watches are not connected: {text}."),
        n.RPL_MONLIST: _("The server lists whom {0} watches: {text}."),
        n.RPL_ENDOFMONLIST: _("The server says that the list of those who are watched is complete."),
        n.ERR_MONLISTFULL: _("The server watches nobody more for {0}: the list is full."),
        # Numerics of other servers, which our client understands.
        n.RPL_WHOISACCOUNT: _("The server says under which account {1} is signed in: {2}."),
        n.RPL_WHOISHOST: _("The server says from where {1} is connected: “{text}”."),
        n.RPL_VISIBLEHOST: _("The server shows {0} to others under the address {1} from now on."),
        n.ERR_NICKCOLLISION: _(
            "The server says that the nick {1} is taken on two servers of the network at once."
        ),
        n.ERR_UNAVAILRESOURCE: _("The server says that {1} cannot be had for the moment: “{text}”."),
        n.ERR_YOUREBANNEDCREEP: _("The server refuses {0}: entering it is forbidden."),
        n.ERR_NEEDREGGEDNICK: _("The server does not let {0} into {1}: only registered users enter."),
        n.ERR_BADCHANNAME: _("The server says that {1} cannot be the name of a room."),
        n.ERR_THROTTLED: _("The server does not let {0} into {1} now."),
        n.ERR_SECUREONLYCHAN: _("The server does not let {0} into {1}: only connections with TLS enter."),
        n.ERR_OPERONLY: _("The server does not let {0} into {1}: only operators of the server enter."),
        n.RPL_WHOISSECURE: _("The server says that the connection of {1} is encrypted."),
        **dict.fromkeys(_NOT_PASSED_ON, _("The server did not pass on the message to {1}: “{text}”.")),
        **dict.fromkeys(_REFUSED, _("The server refuses: “{text}”.")),
    }
