"""Which addresses of this computer are of use to others, and in which order."""

import subprocess
import sys

import pytest

from sockets.cards import Card, lan_cards, product_of, sort_cards
from sockets.listening import announced_address, describe_card
from tests.tools.networks import in_networks
from translations import use_language


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("eth0", ""),
        ("enp3s0", ""),
        ("wlan0", ""),
        ("br0", ""),
        ("en0", ""),
        ("Ethernet", ""),
        ("Беспроводная сеть", ""),
        ("Realtek PCIe GbE Family Controller", ""),
        ("VirtualBox Host-Only Ethernet Adapter", "VirtualBox"),
        ("vboxnet0", "VirtualBox"),
        ("VMware Virtual Ethernet Adapter for VMnet8", "VMware"),
        ("vmnet8", "VMware"),
        ("docker0", "Docker"),
        ("br-0123456789ab", "Docker"),
        ("vEthernet (WSL (Hyper-V firewall))", "WSL"),
        ("vEthernet (Default Switch)", "Hyper-V"),
        ("virbr0", "libvirt"),
        ("tun0", "VPN"),
        ("utun3", "VPN"),
        ("wg0", "VPN"),
        ("TAP-Windows Adapter V9", "VPN"),
        ("OpenVPN Data Channel Offload", "VPN"),
        ("Microsoft Wi-Fi Direct Virtual Adapter", "virtual"),
    ],
)
def test_virtual_cards_are_known_by_their_names(name: str, product: str) -> None:
    assert product_of("", name) == product


def test_the_way_out_is_first_and_what_leads_nowhere_is_last() -> None:
    cards = [
        Card("vboxnet0", "192.168.56.1", 24, "VirtualBox"),
        Card("eth1", "169.254.7.7", 16),
        Card("tun0", "10.8.0.2", 24, "VPN"),
        Card("eth0", "172.16.0.5", 16),
        Card("wlan0", "192.168.0.5", 24),
        Card("wlan0", "192.168.0.5", 24),
    ]
    order = [card.address for card in sort_cards(cards, "192.168.0.5")]
    assert order == ["192.168.0.5", "172.16.0.5", "192.168.56.1", "10.8.0.2", "169.254.7.7"]
    assert (
        sort_cards(cards, "10.8.0.2")[0].address == "172.16.0.5"
    )  # a VPN takes the way out, but leads elsewhere


def test_the_way_out_through_a_switch_of_hyper_v_is_no_virtual_card() -> None:
    (card,) = sort_cards([Card("vEthernet (External)", "192.168.0.5", 24, "Hyper-V")], "192.168.0.5")
    assert (card.product, describe_card(card)) == ("", "")


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("192.168.0.1", True),
        ("192.168.1.254", True),
        ("192.168.2.1", False),
        ("192.168.0.0", False),
        ("192.168.1.255", False),
        ("8.8.8.8", False),
        ("::1", False),
        ("nonsense", False),
    ],
)
def test_a_card_reaches_the_computers_of_its_network(address: str, reached: bool) -> None:
    card = Card("eth0", "192.168.0.5", 23)
    assert card.reaches(address) is reached
    assert card.broadcast == "192.168.1.255"


def test_every_address_of_a_card_is_there_and_the_way_out_is_first() -> None:
    found = in_networks("""
lab.switch("one"); lab.switch("two")
lab.host("pc", ("10.1.0.5/24", "one"), ("10.2.0.5/20", "two"), ("169.254.3.4/16", "two"))
import subprocess
def ip(*words): subprocess.run(["ip", "-n", "pc", *words], check=True)
ip("addr", "add", "10.1.0.6/24", "dev", "eth0")
ip("addr", "add", "172.20.0.1/30", "dev", "eth0", "label", "eth0:1")
ip("link", "add", "docker0", "type", "bridge")
ip("addr", "add", "172.17.0.1/16", "dev", "docker0")
ip("link", "set", "docker0", "up")
ip("route", "add", "default", "via", "10.2.0.1")
report(lab.python("pc", '''
from sockets.cards import lan_cards
from sockets.listening import announcement, announced_address
lines = announcement("0.0.0.0", 6667)
print(json.dumps([[(c.address, c.prefix, c.product) for c in lan_cards()], lines, announced_address(lines)]))
'''))
""")
    cards, lines, address = found
    assert cards[0] == ["10.2.0.5", 20, ""]
    assert sorted(cards[1:4]) == [["10.1.0.5", 24, ""], ["10.1.0.6", 24, ""], ["172.20.0.1", 30, ""]]
    assert cards[4:] == [["172.17.0.1", 16, "Docker"], ["169.254.3.4", 16, ""]]
    assert "Students type: 10.2.0.5:6667" in lines
    assert "Rather not: 172.17.0.1:6667 (a card of Docker)" in lines
    assert "Rather not: 169.254.3.4:6667 (the network has given this computer no address)" in lines
    assert address == "10.2.0.5:6667"


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's own program")
def test_the_cards_are_those_that_the_system_shows() -> None:
    shown = subprocess.run(["ip", "-4", "-o", "addr"], capture_output=True, text=True, check=False).stdout
    for card in lan_cards():
        assert f" {card.address}/{card.prefix} " in shown


ANNOUNCED = [
    "Listening on 0.0.0.0:6667",
    "Rather not: 192.168.56.1:6667 (a card of VirtualBox)",
    "Students type: 192.168.0.5:6667",
    "Students type: 10.0.0.5:6667",
    "Stop with Ctrl+C.",
]


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (ANNOUNCED, "192.168.0.5:6667"),
        ([*ANNOUNCED[:2], ANNOUNCED[-1]], "192.168.56.1:6667"),
        (["Listening on 0.0.0.0:6667", "Stop with Ctrl+C."], "127.0.0.1:6667"),
        (["Listening on [::1]:7000", "Stop with Ctrl+C."], "[::1]:7000"),
        (["Stop with Ctrl+C.", "Students type: 6.6.6.6:6667"], ""),
        (["Connect to 6.6.6.6:6667!", "12:00:00  connected: 6.6.6.6:6667", *ANNOUNCED], "192.168.0.5:6667"),
        ([], ""),
    ],
)
def test_the_address_to_type_is_that_of_the_announcement(lines: list[str], address: str) -> None:
    assert announced_address([*lines, "12:34:56  connected: 10.0.0.66:40000 (client 1)"]) == address


def test_a_russian_announcement_is_understood_in_russian() -> None:
    use_language("ru")
    assert announced_address(["Сервер слушает 0.0.0.0:7000"]) == "127.0.0.1:7000"
    assert (
        announced_address(["Сервер слушает 0.0.0.0:7", "Студенты вводят адрес: 10.0.0.5:7"]) == "10.0.0.5:7"
    )
