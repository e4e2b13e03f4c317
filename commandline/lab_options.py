"""The options of the laboratory's commands."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commandline.parser import Parser
from translations import _

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]


def add_lab(commands: "Commands", program: str) -> Parser:
    """Add `lab`; which experiments and parameters there are, the laboratory itself knows."""
    parser: Parser = commands.add_parser(
        "lab",
        help=_("do an experiment with real sockets"),
        description=_(
            "Show what TCP does to messages, and what breaks a chat: a question, your prediction, and then "
            "what "
            "really happens, in bytes."
        ),
        examples=[
            (f"{program} lab", _("the experiments")),
            (f"{program} lab glue", _("several sends, one recv")),
            (f"{program} lab letter --bytes 7 --no-ask", _("a letter that is cut elsewhere; no question")),
        ],
    )
    add = parser.add_argument
    add(
        "experiment",
        nargs="?",
        metavar=_("NAME"),
        help=_("the experiment's name; without it, the experiments are listed"),
    )
    add(
        "--count",
        type=_number,
        metavar=_("N"),
        help=_("how many messages (where the experiment has them)"),
    )
    add(
        "--bytes",
        type=_number,
        metavar=_("N"),
        help=_("how many bytes (where the experiment asks for them)"),
    )
    add(
        "--delay",
        type=_number,
        metavar=_("MS"),
        help=_("a time in milliseconds (where the experiment has one)"),
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--predict", type=_number, metavar=_("N"), help=_("the number of your prediction"))
    asked.add_argument("--no-ask", action="store_true", help=_("do not ask for a prediction"))
    return parser


def add_report(commands: "Commands", program: str) -> Parser:
    """Add `report`."""
    parser: Parser = commands.add_parser(
        "report",
        help=_("write a laboratory report with the data of a run"),
        description=_(
            "Let three clients talk through a server, do experiments, and write a report for the browser, "
            "Word or "
            "LibreOffice: what was said, every call and its bytes, a sequence diagram, the threads, the "
            "results. "
            "Answers and conclusion are left to you."
        ),
        examples=[
            (f"{program} report --experiments glue,letter", _("with two experiments")),
            (
                f"{program} report --experiments all --pcap lab.pcapng",
                _("with all, and a file for Wireshark"),
            ),
        ],
    )
    add = parser.add_argument
    add(
        "--out",
        type=Path,
        default=Path("report.html"),
        metavar=_("FILE"),
        help=_("the report to write (report.html)"),
    )
    add(
        "--experiments",
        default="",
        metavar=_("NAMES"),
        help=_("the experiments to do, with commas; all: every one (none)"),
    )
    add("--no-ask", action="store_true", help=_("do not ask for a prediction"))
    add(
        "--pcap",
        type=Path,
        metavar=_("FILE"),
        help=_("also write the calls to a file for Wireshark (pcapng)"),
    )
    add("--university", default="", metavar=_("TEXT"), help=_("for the title page: the university"))
    add("--course", default="", metavar=_("TEXT"), help=_("for the title page: the course"))
    add("--group", default="", metavar=_("TEXT"), help=_("for the title page: your group"))
    add("--name", default="", metavar=_("TEXT"), help=_("for the title page: your name"))
    add("--teacher", default="", metavar=_("TEXT"), help=_("for the title page: the teacher"))
    return parser


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(_("a number is needed, not “{text}”").format(text=text))
    return int(text)
