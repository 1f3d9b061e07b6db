"""Vocabulary of the search: synonyms, stop words, and the subject of the shipped table.

A change of what `sim evidence` finds for a word is usually a change of this table.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Words and phrases of one meaning, a line each. Inflected forms with one stem (fire, fires, fired) count as
#: one word and are not listed.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    # Quantities.
    ("consumption", "fire", "expenditure", "use", "usage", "shot", "spent"),
    ("production", "output", "produce", "make", "made", "manufacture", "build", "built"),
    ("refurbishment", "refurbish", "repair", "restore", "restoration", "recondition"),
    ("stock", "stockpile", "inventory", "holdings", "storage", "in store", "reserve"),
    ("import", "shipment", "delivery", "deliver", "sent", "send", "transfer"),
    ("dud", "quality", "defect", "defective", "misfire", "unserviceable"),
    ("loss", "lost", "destroyed", "destruction"),
    ("transit", "travel", "journey"),
    ("barrel", "tube"),
    ("cost", "price", "usd"),
    ("fraction", "share", "percent", "percentage", "rate"),
    # Munitions.
    ("shell", "round", "ammunition", "munition", "ammo", "projectile"),
    ("gun", "howitzer", "artillery piece"),
    ("rocket", "mlrs", "grad", "rocket artillery"),
    # Transport.
    ("rail", "train", "railway", "railroad"),
    ("wagon", "railcar", "rail car"),
    ("sea", "ship", "vessel", "voyage", "sailing"),
    ("container", "box", "teu", "feu"),
    ("depot", "arsenal", "warehouse"),
    # Periods.
    ("per day", "a day", "daily", "each day", "every day"),
    ("per week", "a week", "weekly"),
    ("per month", "a month", "monthly", "each month"),
    ("per year", "a year", "yearly", "annual", "annually", "each year"),
    ("per hour", "an hour", "hourly"),
    # Countries and institutions.
    ("russia", "russian"),
    ("ukraine", "ukrainian", "kyiv", "kiev"),
    ("dprk", "north korea", "north korean", "pyongyang"),
    ("rok", "south korea", "south korean", "seoul"),
    ("usa", "united states", "american", "america", "washington"),
    ("uk", "united kingdom", "britain", "british"),
    ("iran", "iranian", "tehran"),
    ("belarus", "belarusian", "minsk"),
    ("estonia", "estonian"),
    ("lithuania", "lithuanian"),
    ("france", "french"),
    ("germany", "german"),
    ("hur", "gur", "ukrainian military intelligence"),
    ("nis", "national intelligence service"),
    ("csis", "beyond parallel"),
    ("rajin", "najin"),
)

#: Words without a meaning of their own in a search.
STOP_WORDS = frozenset(
    {"a", "an", "and", "are", "by", "did", "do", "does", "for", "from", "has", "have", "how", "in", "is"}
    | {"it", "many", "much", "of", "on", "or", "per", "that", "the", "to", "was", "were", "what", "which"}
)

#: Whose shells the shipped table is about: few of its rows name Russia, and all of them concern it.
SUBJECT = "russia"
#: Further subjects of the shipped table, by quantity.
SUBJECTS: Mapping[str, str] = {
    "quality_dud_fraction": "dprk",
    "shells_per_container": "dprk",
    "shipments_cumulative_containers": "dprk",
    "shipments_cumulative_shells": "dprk",
}
