"""The judge at a terminal: what it finds is printed check by check, and questions are asked."""

import textwrap
from typing import Final

from lab.judge.check import Mark, Outcome
from lab.judge.judgement import Judgement, explain, word_for
from lab.wire.call_text import shorten_bytes
from translations import _, decimal

_WIDTH: Final = 100
_MOST_SHOWN: Final = 64
"""Characters of one call that are printed."""
_MOST_STEPS: Final = 12
"""Calls before the fault that are printed; all of them stand in the JSON file and in the page."""


def print_outcome(outcome: Outcome) -> None:
    """Print what came of a check, and if it failed, what was done, and what that means."""
    width = max(len(word_for(mark)) for mark in Mark)
    head = f"{outcome.level}  {word_for(outcome.mark):<{width}}  {outcome.name:<13}  "
    print(head + outcome.title, flush=True)
    if outcome.mark is Mark.PASSED:
        return
    if outcome.mark is Mark.FAILED:
        if len(outcome.steps) > _MOST_STEPS:
            print("      …")
        for step in outcome.steps[-_MOST_STEPS:]:
            told = " ".join(
                filter(None, (shorten_bytes(step.data)[:_MOST_SHOWN] if step.data else "", step.text))
            )
            head = f"      {decimal(step.seconds * 1000):>9}  {step.who:<8}  {step.call:<8}  {step.size:>6}"
            print(f"{head}  {told}".rstrip())
    for text in explain(outcome):
        print(textwrap.fill(text, _WIDTH, initial_indent="      ", subsequent_indent="      "))
    print(flush=True)


def print_summary(judgement: Judgement) -> None:
    """Print the counts."""
    print()
    print(judgement.summary())


def tell(what: str) -> None:
    """Say what the user has to do."""
    print(f"→ {what}", flush=True)


def ask(question: str) -> bool:
    """Ask a question that is answered by yes or no; whoever only presses Enter says yes."""
    try:
        answer = input(f"{question} [{_('Y/n')}] ").strip().lower()
    except EOFError:
        return False
    return answer in ("", *_("y yes").split())
