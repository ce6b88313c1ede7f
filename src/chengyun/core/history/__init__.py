"""History that is appended, never edited (DESIGN §4.7).

chained (core/chained.py)  rows linked by hash, and commitments to personal values
recording                  a general table for what has no history of its own
sealing                    signed records of every chain's head, so that a cut tail or a vanished chain shows
personal                   where personal values live; erasing them without breaking the chain
verifying                  walks it all and names what is wrong and what is not yet sealed
"""

from chengyun.core.chained import ChainedRow, commitment, link
from chengyun.core.history.personal import PersonalHolder, commitments, erase, new_salt
from chengyun.core.history.recording import record, records
from chengyun.core.history.sealing import export_seals, seal
from chengyun.core.history.verifying import Fault, verify

__all__ = [
    "ChainedRow",
    "Fault",
    "PersonalHolder",
    "commitment",
    "commitments",
    "erase",
    "export_seals",
    "link",
    "new_salt",
    "record",
    "records",
    "seal",
    "verify",
]
