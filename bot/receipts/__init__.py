"""The receipts check: every sentence of a draft against the exhibits it rests on (law 5).

``check`` says what proves each claim and objects to what nothing proves; ``prune`` lets the failing sentences
fall; ``proofs`` pairs each sentence with what proves it. What counts as a claim, and what is a figure of speech:

* A digit is a claim, and so is a number word beside anything that is counted in code, in the process, or in the
  exhibits. It must agree with the figure that the exhibits give *for that thing*.
* A number word up to twelve beside a noun that is neither ("two guests reaching for one pen") is an image, and free.
  So are "one" as a pronoun ("the narrow one"), and "half of it".
* "Only", "never", "first", "all" and superlatives are claims where their clause names code or process, else images.
* "All six", "both", "each of them", "nobody asked for review" need a figure, a zero or a text that says so of all.
* A name has its part: what became of what, which commit put it in, in which file it stands, who approved or mended.
* A deed of the process ("it was reverted") needs an exhibit that speaks of it.
* Sums and differences are tried only where the sentence says that it adds or subtracts ("in all", "the other").
* Dates, durations, shares, names in code, quotations, file names, accounts and pull request numbers always are claims.
* *Words in italics* are nobody's quotation; words in quotation marks are, unless they are one or two plain words that
  the sentence attributes to nobody.
"""

from bot.receipts.check import check, proofs, prune
from bot.receipts.report import CheckedSentence, Claim, ClaimKind, Objection, Part, Proof, Report

__all__ = ["CheckedSentence", "Claim", "ClaimKind", "Objection", "Part", "Proof", "Report", "check", "proofs", "prune"]
