"""Socket calls: kept, explained, shown, printed and written for Wireshark."""
