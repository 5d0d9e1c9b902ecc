"""What became of something that was saved: it holds, or it waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

_ = toolkit._
#: What the actions say beside their answer where the change is only proposed.
PROPOSAL = "mainz_proposal"
#: State of a proposal whose writer has not handed it in yet.
BEGUN = "begonnen"


def tell(answer: Mapping[str, Any], done: str) -> None:
    """Says that something is done, or that it is part of a proposal and readers see nothing of it yet."""
    if PROPOSAL in answer and answer[PROPOSAL].get("state") == BEGUN:
        toolkit.h.flash_success(_("Your change is kept. Hand the dataset in when it is complete."))
    elif PROPOSAL in answer:
        toolkit.h.flash_success(
            _(
                "Your change is kept as a proposal and waits for the decision. Until then readers see the record as it"
                " was."
            )
        )
    elif done:
        toolkit.h.flash_success(done)
