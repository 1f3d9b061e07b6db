"""One-change mistakes in a scenario with orders, money, priorities and relative dates; each has one message.

`SLIPS` has, by what is done (set, add, drop, rename) and the path where it is done, the new text, the whole
problem of the message, the nearest right name, and the path of the message where it is another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TEXT = """\
schema: 1
title: Orders, money and a war
start: 2027-01-01
end: 2029-01-01
currency: EUR
budget:
  rate: 30M EUR/year
  carry_over: true
  starts: October
munitions:
  155mm:
    gross_mass: 52 kg
    unit_cost: 3k EUR
  120mm: {unit_cost: {by_date: {2027-01-01: 800 EUR, 2028-01-01: 900 EUR}}}
depots:
  store:
    stock: {155mm: 15k, 120mm: 9k}
    holding_cost: 4%
    objective: {155mm: 20k, 120mm: 60 days}
  front:
    stock: {155mm: 10 days}
    holding_cost: 30 EUR/year
orders:
  contract:
    to: store
    munition: 155mm
    reorder_point: 26k
    order_quantity: 1k
    review: 1 month
    lead_time: {low: 2 months, high: 6 months}
    capacity: {by_date: {2027-01-01: 900/month, war + 6 months: 3k/month}}
    order_cost: 20k EUR
  mortars:
    to: store
    munition: 120mm
    reorder_point: 30 days
    order_up_to: 45 days
    unit_cost: 850 EUR
    first: 2027-04-01
    until: war - 30 days
shipments:
  ally:
    to: front
    mix: {155mm: 100%}
    under_way: 2k
    offered: 300/week
    lead_time: 30 days
  gift:
    to: store
    mix: {155mm: 50%, 120mm: 50%}
    deliveries: {war: 5k, war + 60 days: 9k}
    lead_time: 20 days
transfers:
  road: {from: store, to: front, capacity: 2k/day}
consumption:
  training:
    at: store
    rate: {155mm: 500/month, 120mm: 300/month}
    priority: 2
    backlog: true
    shortage_cost: 9k EUR
    activities:
      exercise: {quantity: {155mm: {poisson: 400}}, every: 3 months, first: 2027-03-01, chance: 80%}
      salute: {quantity: {120mm: 21}, on: [2027-07-14, war + 1 year]}
  army:
    at: front
    rate: {155mm: {by_date: {2027-01-01: 0/day, war: 400/day}}}
    priority: 1
events:
  war: {date: {low: 2027-06-01, high: 2028-06-01}}
  warning: {date: {low: war - 90 days, high: war}}
  embargo: {from: warning, until: war + 90 days, stops: orders.mortars}
  strike: {every: 200 days, last: 5 days, multiplies: orders.contract.capacity, factor: 0.5}
"""
SLIPS: Mapping[tuple[str, str], Sequence[tuple[str, ...]]] = {
    ("set", "currency"): (
        ("euro", "'euro' is not a currency"),
        ("eur", "'eur' is not a currency", "EUR"),
        ("€", "'€' is not a currency", "EUR"),
        ("EURO", "'EURO' is not a currency"),
        ("5", "'5' is not a currency"),
        ("[EUR]", "one value is expected, not a map or a list"),
    ),
    ("drop", "currency"): (
        ("", "'30M EUR/year' is money, and the file names no currency", "", "budget.rate"),
    ),
    ("rename", "currency"): (("curency", "unknown key 'curency'", "currency"),),
    ("set", "budget"): (
        ("30M EUR/year", "'30M EUR/year' is given, and a map of settings is expected"),
        ("[30M EUR/year]", "a map of settings is expected"),
    ),
    ("set", "budget.rate"): (
        ("30M EUR", "'30M EUR' is not a rate of money: it has no period"),
        ("30M", "'30M' is not a rate of money: it has no period"),
        ("30M USD/year", "'30M USD/year' is not in EUR, the currency of the file"),
        (
            "$30M/year",
            "'$30M/year': an amount of money is a number and the three letters of its currency",
        ),
        ("-30M EUR/year", "'-30M EUR/year' is less than a rate of money can be"),
        ("plenty", "'plenty' is not a rate of money"),
        ("5%", "'5%' is not a rate of money: it is a share"),
        ("30M EUR/yaer", "unknown period 'yaer' in '30M EUR/yaer'", "year"),
        ("[30M EUR/year]", "a list is not a rate of money"),
        ("{low: 40M EUR/year, high: 30M EUR/year}", "low is above high"),
        (
            "{by_date: {2027-01-01: 30M EUR}}",
            "'30M EUR' is not a rate of money: it has no period",
            "",
            "budget.rate.by_date.2027-01-01",
        ),
        (
            "{by_date: {2027-13-01: 30M EUR/year}}",
            "'2027-13-01' is not in the calendar",
            "",
            "budget.rate.by_date.2027-13-01",
        ),
        ("{by_date: {waar: 30M EUR/year}}", "unknown event 'waar'", "war", "budget.rate.by_date.waar"),
    ),
    ("set", "budget.carry_over"): (
        ("maybe", "'maybe' is neither true nor false"),
        ("2", "'2' is neither true nor false"),
    ),
    ("set", "budget.starts"): (
        ("10", "'10' is not a month", "October"),
        ("Octobr", "'Octobr' is not a month", "October"),
        ("2027-10-01", "'2027-10-01' is not a month"),
    ),
    ("drop", "budget.rate"): (("", "the key 'rate' is required here"),),
    ("rename", "budget.rate"): (
        ("rat", "unknown key 'rat'", "rate"),
        ("amount", "unknown key 'amount'", "rate"),
    ),
    ("rename", "budget.carry_over"): (("carryover", "unknown key 'carryover'", "carry_over"),),
    ("rename", "budget.starts"): (("start", "unknown key 'start'", "starts"),),
    ("add", "budget.until"): (("2028-01-01", "unknown key 'until'"),),
    ("rename", "budget"): (("budgets", "unknown key 'budgets'", "budget"),),
    ("set", "munitions.155mm.unit_cost"): (
        (
            "$2,000",
            "'$2,000': an amount of money is a number and the three letters of its currency",
        ),
        ("2000", "'2000' is not an amount of money: it has no unit"),
        ("2k USD", "'2k USD' is not in EUR, the currency of the file"),
        ("2k EUR/year", "'2k EUR/year' is not an amount of money: it has a period"),
        ("-2k EUR", "'-2k EUR' is less than an amount of money can be"),
        (
            "€2000",
            "'€2000': an amount of money is a number and the three letters of its currency",
            "2000 EUR",
        ),
        ("2k eur", "unknown unit 'eur' in '2k eur'", "EUR"),
        (
            "EUR 2k",
            "'EUR 2k': an amount of money is a number and the three letters of its currency",
            "2k EUR",
        ),
        ("5%", "'5%' is not an amount of money: it is a share"),
        ("dear", "'dear' is not an amount of money"),
        ("[2k EUR]", "a list is not an amount of money"),
        ("{low: 3k EUR, high: 2k EUR}", "low is above high"),
        (
            "{by_date: {2027-01-01: 2k}}",
            "'2k' is not an amount of money: it has no unit",
            "",
            "munitions.155mm.unit_cost.by_date.2027-01-01",
        ),
    ),
    ("rename", "munitions.155mm.unit_cost"): (("unitcost", "unknown key 'unitcost'", "unit_cost"),),
    ("drop", "munitions.155mm.unit_cost"): (
        ("", "a holding cost that is a share needs the unit_cost of 155mm", "", "depots.store.holding_cost"),
    ),
    ("set", "orders.contract.order_cost"): (
        ("20k", "'20k' is not an amount of money: it has no unit"),
        ("$20k", "'$20k': an amount of money is a number and the three letters of its currency"),
        ("20k USD", "'20k USD' is not in EUR, the currency of the file"),
        ("-20k EUR", "'-20k EUR' is less than an amount of money can be"),
        ("20k EUR/year", "'20k EUR/year' is not an amount of money: it has a period"),
        ("{by_date: {2027-01-01: 20k EUR}}", "an amount of money does not change over time here"),
    ),
    ("set", "orders.mortars.unit_cost"): (
        ("850", "'850' is not an amount of money: it has no unit"),
        ("850 USD", "'850 USD' is not in EUR, the currency of the file"),
        ("850 EUR/day", "'850 EUR/day' is not an amount of money: it has a period"),
    ),
    ("set", "depots.store.holding_cost"): (
        ("4", "'4' is not a holding cost: it has no period"),
        ("4 EUR", "'4 EUR' is not a holding cost: it has no period"),
        ("-4%", "'-4%' is less than a holding cost can be"),
        ("4% / year", "'4% / year': a share has no period"),
        ("30 USD/year", "'30 USD/year' is not in EUR, the currency of the file"),
        ("four per cent", "'four per cent' is not a holding cost", "4 %"),
        ("{by_date: {2027-01-01: 4%}}", "a holding cost does not change over time here"),
    ),
    ("set", "depots.front.holding_cost"): (("30 EUR", "'30 EUR' is not a holding cost: it has no period"),),
    ("rename", "depots.store.holding_cost"): (
        ("holding", "unknown key 'holding'", "holding_cost"),
        ("holdingcost", "unknown key 'holdingcost'", "holding_cost"),
    ),
    ("set", "consumption.training.shortage_cost"): (
        ("9k", "'9k' is not an amount of money: it has no unit"),
        ("9k EUR/day", "'9k EUR/day' is not an amount of money: it has a period"),
        ("9k GBP", "'9k GBP' is not in EUR, the currency of the file"),
        ("-9k EUR", "'-9k EUR' is less than an amount of money can be"),
        (
            "$9,000",
            "'$9,000': an amount of money is a number and the three letters of its currency",
        ),
    ),
    ("rename", "consumption.training.shortage_cost"): (
        ("shortage", "unknown key 'shortage'", "shortage_cost"),
        ("shortage_costs", "unknown key 'shortage_costs'", "shortage_cost"),
    ),
    ("set", "depots.store.objective"): (
        ("20k", "an amount of stock of several munitions is said for each"),
        ("60%", "'60%' is not an amount of stock: it is a share"),
        ("[20k]", "a list is not an amount of stock"),
    ),
    ("set", "depots.store.objective.155mm"): (
        ("20k/day", "'20k/day' is not an amount of stock: it has a period"),
        ("-20k", "'-20k' is less than an amount of stock can be"),
        ("20k EUR", "'20k EUR' is not an amount of stock: it is in money"),
        ("lots", "'lots' is not an amount of stock"),
        ("unknown", "'unknown' is not an amount of stock"),
        ("{low: 30k, high: 20k}", "low is above high"),
        ("20 containers", "'20 containers' is not an amount of stock: it is in containers"),
    ),
    ("set", "depots.store.objective.120mm"): (("60 dyas", "unknown unit 'dyas' in '60 dyas'", "day"),),
    ("rename", "depots.store.objective.155mm"): (("152mm", "unknown key '152mm'", "155mm"),),
    ("rename", "depots.store.objective"): (
        ("objectiv", "unknown key 'objectiv'", "objective"),
        ("target", "unknown key 'target'", "objective"),
    ),
    ("set", "orders.contract.reorder_point"): (
        ("26k/month", "'26k/month' is not an amount of stock: it has a period"),
        ("-26k", "'-26k' is less than an amount of stock can be"),
        ("60%", "'60%' is not an amount of stock: it is a share"),
        ("26k EUR", "'26k EUR' is not an amount of stock: it is in money"),
        ("26 containers", "'26 containers' is not an amount of stock: it is in containers"),
        ("soon", "'soon' is not an amount of stock"),
        ("[26k]", "a list is not an amount of stock"),
        ("{low: 30k, high: 20k}", "low is above high"),
        (
            "{by_date: {2027-01-01: 26k, 2028-01-01: 20 days}}",
            "the values of a course differ in unit",
            "",
            "orders.contract.reorder_point.by_date",
        ),
        ("26 t/day", "'26 t/day' is not an amount of stock: it has a period"),
    ),
    ("set", "orders.mortars.reorder_point"): (
        (
            "50 days",
            "order_up_to is below the reorder_point: an order would restore less than it",
            "",
            "orders.mortars.order_up_to",
        ),
        (
            "{by_date: {2027-01-01: 30 days, wra + 1 year: 20 days}}",
            "unknown event 'wra'",
            "war",
            "orders.mortars.reorder_point.by_date.wra + 1 year",
        ),
        ("30 weks", "unknown unit 'weks' in '30 weks'", "week"),
    ),
    ("set", "orders.mortars.order_up_to"): (
        ("10 days", "order_up_to is below the reorder_point: an order would restore less than it"),
        ("45%", "'45%' is not an amount of stock: it is a share"),
        ("1k EUR", "'1k EUR' is not an amount of stock: it is in money"),
        ("much", "'much' is not an amount of stock"),
    ),
    ("set", "orders.contract.order_quantity"): (
        ("1k/month", "'1k/month' is not an amount of stock: it has a period"),
        ("-1k", "'-1k' is less than an amount of stock can be"),
        ("one lot", "'one lot' is not an amount of stock"),
    ),
    ("drop", "orders.contract.reorder_point"): (
        ("", "order_quantity make no policy", "", "orders.contract"),
    ),
    ("drop", "orders.contract.order_quantity"): (
        ("", "reorder_point make no policy", "", "orders.contract"),
    ),
    ("drop", "orders.mortars.order_up_to"): (("", "reorder_point make no policy", "", "orders.mortars"),),
    ("add", "orders.contract.order_up_to"): (
        ("30k", "order_quantity and order_up_to and reorder_point make no policy", "", "orders.contract"),
    ),
    ("add", "orders.mortars.order_quantity"): (
        ("5k", "order_quantity and order_up_to and reorder_point make no policy", "", "orders.mortars"),
    ),
    ("rename", "orders.contract.reorder_point"): (
        ("reorderpoint", "unknown key 'reorderpoint'", "reorder_point"),
        ("minimum", "unknown key 'minimum'", "reorder_point"),
    ),
    ("rename", "orders.mortars.order_up_to"): (
        ("order_upto", "unknown key 'order_upto'", "order_up_to"),
        ("maximum", "unknown key 'maximum'", "order_up_to"),
    ),
    ("rename", "orders.contract.order_quantity"): (
        ("quantity", "unknown key 'quantity'", "order_quantity"),
        ("lot_size", "unknown key 'lot_size'", "order_quantity"),
    ),
    ("set", "orders.contract.review"): (
        ("12 h", "a review every 12 h: stocks are counted once a day"),
        ("0 days", "a review every 0 days: stocks are counted once a day"),
        ("-1 month", "'-1 month' is less than a duration can be"),
        ("monthly", "'monthly' is not a duration"),
        ("30", "'30' is not a duration: it has no unit"),
        ("1 mnth", "unknown unit 'mnth' in '1 mnth'", "month"),
        ("{by_date: {2027-01-01: 1 month}}", "a duration does not change over time here"),
        ("30%", "'30%' is not a duration: it is a share"),
    ),
    ("set", "orders.contract.lead_time"): (
        ("-2 days", "'-2 days' is less than a duration can be"),
        ("3", "'3' is not a duration: it has no unit"),
        ("{low: 6 months, high: 2 months}", "low is above high"),
        (
            "{low: -1 day, high: 2 days}",
            "'-1 day' is less than a duration can be",
            "",
            "orders.contract.lead_time.low",
        ),
        ("two months", "'two months' is not a duration", "2 months"),
        ("3 montsh", "unknown unit 'montsh' in '3 montsh'", "month"),
        ("2027-03-01", "'2027-03-01' is not a duration"),
        ("3 EUR", "'3 EUR' is not a duration: it is in money"),
    ),
    ("set", "orders.contract.capacity"): (
        ("900", "'900' is not a rate of shells: it has no period"),
        ("900 containers/month", "'900 containers/month' is not a rate of shells: it is in containers/day"),
        ("900/mnth", "unknown period 'mnth' in '900/mnth'", "month"),
        ("-900/month", "'-900/month' is less than a rate of shells can be"),
        ("2 kt/month", "'2 kt/month' is not a rate of shells: it is in kg/day"),
        ("60%", "'60%' is not a rate of shells: it is a share"),
        ("plenty", "'plenty' is not a rate of shells"),
        (
            "{by_date: {2027-01-01: 900}}",
            "'900' is not a rate of shells: it has no period",
            "",
            "orders.contract.capacity.by_date.2027-01-01",
        ),
        (
            "{by_date: {peace + 6 months: 900/month}}",
            "unknown event 'peace'",
            "",
            "orders.contract.capacity.by_date.peace + 6 months",
        ),
        (
            "{by_date: {war + 6: 900/month}}",
            "'6' after an event is not a duration",
            "",
            "orders.contract.capacity.by_date.war + 6",
        ),
        (
            "{by_date: {war + 6 monhts: 900/month}}",
            "unknown unit 'monhts' in '6 monhts'",
            "month",
            "orders.contract.capacity.by_date.war + 6 monhts",
        ),
        (
            "{by_date: {war + 0.5 years: 900/month}}",
            "'war + 0.5 years' is a key, and a key has no point",
            "",
            "orders.contract.capacity.by_date.war + 0.5 years",
        ),
        (
            "{by_date: {2027-01-01 + 90 days: 900/month}}",
            "a date counts from an event, not from another date",
            "",
            "orders.contract.capacity.by_date.2027-01-01 + 90 days",
        ),
        (
            "{by_date: {strike: 900/month}}",
            "the event 'strike' recurs, and has no date",
            "",
            "orders.contract.capacity.by_date.strike",
        ),
        ("{by_date: {}}", "by_date is not a map of dates", "", "orders.contract.capacity.by_date"),
    ),
    ("rename", "orders.contract.review"): (("reviewed", "unknown key 'reviewed'", "review"),),
    ("rename", "orders.contract.lead_time"): (
        ("leadtime", "unknown key 'leadtime'", "lead_time"),
        ("delay", "unknown key 'delay'", "lead_time"),
    ),
    ("rename", "orders.contract.capacity"): (("capcity", "unknown key 'capcity'", "capacity"),),
    ("rename", "orders.contract.order_cost"): (("fixed_cost", "unknown key 'fixed_cost'", "order_cost"),),
    ("set", "orders.contract.to"): (
        ("stor", "unknown depot 'stor'", "store"),
        ("depot", "unknown depot 'depot'"),
        ("[store]", "one value is expected, not a map or a list"),
    ),
    ("set", "orders.contract.munition"): (
        ("155m", "unknown munition '155m'", "155mm"),
        ("shells", "unknown munition 'shells'"),
    ),
    ("drop", "orders.contract.to"): (("", "this key is required with several depots"),),
    ("drop", "orders.contract.munition"): (("", "this key is required with several munitions"),),
    ("set", "orders.mortars.first"): (
        ("2027-02-30", "'2027-02-30' is not in the calendar"),
        ("April 2027", "'April 2027' is not a date or a duration", "2027-04-01"),
        ("90", "'90' is not a date or a duration: it has no unit"),
        ("wr", "unknown event 'wr'", "war"),
        ("peace - 10 days", "unknown event 'peace'"),
        ("strike", "the event 'strike' recurs, and has no date"),
    ),
    ("set", "orders.mortars.until"): (
        ("2027-04-01", "until is not after first"),
        ("2027-03-01", "until is not after first"),
        ("never", "'never' is not a date or a duration"),
        ("war minus 30 days", "'war minus 30 days' is not a date or a duration"),
        ("war - 30", "'30' after an event is not a duration"),
        ("war - x days", "'war - x days' is not a date or a duration"),
        ("warr - 30 days", "unknown event 'warr'", "war"),
    ),
    ("set", "orders.contract"): (
        ("1k", "'1k' is given, and a map of settings is expected"),
        ("[1k]", "a map of settings is expected"),
    ),
    ("set", "orders"): (("[contract]", "a map is expected"),),
    ("rename", "orders"): (("order", "unknown key 'order'", "orders"),),
    ("add", "orders.contract.at"): (("store", "unknown key 'at'", "to"),),
    ("add", "orders.contract.every"): (("1 month", "unknown key 'every'", "review"),),
    ("add", "orders.contract.shelf"): (("2 years", "unknown key 'shelf'"),),
    ("set", "consumption.training.priority"): (
        ("1.5", "'1.5' is not a priority"),
        ("0", "'0' is not a priority"),
        ("-1", "'-1' is not a priority"),
        ("high", "'high' is not a priority"),
        ("10%", "'10%' is not a priority"),
        ("[1]", "one value is expected, not a map or a list"),
        ("{low: 1, high: 2}", "one value is expected, not a map or a list"),
        ("2nd", "'2nd' is not a priority"),
    ),
    ("set", "consumption.training.backlog"): (
        ("maybe", "'maybe' is neither true nor false"),
        ("2", "'2' is neither true nor false"),
        ("[true]", "one value is expected, not a map or a list"),
    ),
    ("rename", "consumption.training.priority"): (
        ("prority", "unknown key 'prority'", "priority"),
        ("rank", "unknown key 'rank'", "priority"),
    ),
    ("rename", "consumption.training.backlog"): (
        ("back_log", "unknown key 'back_log'", "backlog"),
        ("waits", "unknown key 'waits'", "backlog"),
    ),
    ("set", "consumption.training.activities"): (
        ("often", "'often' is given, and a map is expected"),
        ("[exercise]", "a map is expected"),
    ),
    ("set", "consumption.training.activities.exercise"): (
        ("400", "'400' is given, and a map of settings is expected"),
        ("[400]", "a map of settings is expected"),
    ),
    ("set", "consumption.training.activities.exercise.quantity"): (
        ("400", "a quantity of shells of several munitions is said for each"),
        (
            "{155mm: -400}",
            "'-400' is less than a quantity of shells can be",
            "",
            "consumption.training.activities.exercise.quantity.155mm",
        ),
        (
            "{155mm: 400/day}",
            "'400/day' is not a quantity of shells: it has a period",
            "",
            "consumption.training.activities.exercise.quantity.155mm",
        ),
        (
            "{155mm: {poison: 400}}",
            "unknown key 'poison'",
            "poisson",
            "consumption.training.activities.exercise.quantity.155mm.poison",
        ),
        (
            "{155mm: {poisson: -4}}",
            "'-4' is less than a quantity of shells can be",
            "",
            "consumption.training.activities.exercise.quantity.155mm.poisson",
        ),
        (
            "{155mm: {poisson: many}}",
            "'many' is not a quantity of shells",
            "",
            "consumption.training.activities.exercise.quantity.155mm.poisson",
        ),
        (
            "{155mm: 20%}",
            "'20%' is not a quantity of shells: it is a share",
            "",
            "consumption.training.activities.exercise.quantity.155mm",
        ),
        (
            "{152mm: 400}",
            "unknown key '152mm'",
            "155mm",
            "consumption.training.activities.exercise.quantity.152mm",
        ),
        (
            "{155mm: 400 EUR}",
            "'400 EUR' is not a quantity of shells: it is in money",
            "",
            "consumption.training.activities.exercise.quantity.155mm",
        ),
        (
            "{155mm: {mean: 40, cv: 20%, shape: gama}}",
            "'gama' is no shape of mean, cv",
            "gamma",
            "consumption.training.activities.exercise.quantity.155mm.shape",
        ),
    ),
    ("set", "consumption.training.activities.exercise.every"): (
        ("3", "'3' is not a duration: it has no unit"),
        ("0 days", "an activity takes place once a day at most"),
        ("-3 months", "'-3 months' is less than a duration can be"),
        ("quarterly", "'quarterly' is not a duration"),
        ("3 monts", "unknown unit 'monts' in '3 monts'", "month"),
        ("{low: 2 months, high: 1 month}", "low is above high"),
        ("12 h", "an activity takes place once a day at most"),
    ),
    ("set", "consumption.training.activities.exercise.chance"): (
        ("80", "'80' is more than a share can be; 80% is 0.8"),
        ("130%", "'130%' is more than a share can be"),
        ("-10%", "'-10%' is less than a share can be"),
        ("often", "'often' is not a share"),
    ),
    ("set", "consumption.training.activities.exercise.first"): (
        ("2027-03-32", "'2027-03-32' is not in the calendar"),
        ("march", "'march' is not a date or a duration"),
        ("wra", "unknown event 'wra'", "war"),
    ),
    ("set", "consumption.training.activities.salute.on"): (
        ("2027-07-14", "a list of dates is expected"),
        (
            "[2027-07-41]",
            "'2027-07-41' is not in the calendar",
            "",
            "consumption.training.activities.salute.on.0",
        ),
        ("[peace + 1 year]", "unknown event 'peace'", "", "consumption.training.activities.salute.on.0"),
        (
            "[war + 1]",
            "'1' after an event is not a duration",
            "",
            "consumption.training.activities.salute.on.0",
        ),
        ("[]", "a list of dates is expected"),
        ("{2027-07-14: 1}", "a list of dates is expected"),
        (
            "[strike]",
            "the event 'strike' recurs, and has no date",
            "",
            "consumption.training.activities.salute.on.0",
        ),
    ),
    ("drop", "consumption.training.activities.exercise.every"): (
        ("", "an activity has one kind of time", "", "consumption.training.activities.exercise"),
    ),
    ("drop", "consumption.training.activities.salute.on"): (
        ("", "an activity has one kind of time", "", "consumption.training.activities.salute"),
    ),
    ("drop", "consumption.training.activities.exercise.quantity"): (
        ("", "the key 'quantity' is required here"),
    ),
    ("add", "consumption.training.activities.salute.every"): (
        ("1 month", "an activity has one kind of time", "", "consumption.training.activities.salute"),
    ),
    ("add", "consumption.training.activities.salute.first"): (("2027-03-01", "first needs every"),),
    ("add", "consumption.training.activities.exercise.rate"): (("4/day", "unknown key 'rate'"),),
    ("rename", "consumption.training.activities.exercise.quantity"): (
        ("quantitiy", "unknown key 'quantitiy'", "quantity"),
        ("amount", "unknown key 'amount'", "quantity"),
    ),
    ("rename", "consumption.training.activities.exercise.every"): (("evry", "unknown key 'evry'", "every"),),
    ("rename", "consumption.training.activities.exercise.chance"): (
        ("chanse", "unknown key 'chanse'", "chance"),
        ("probability", "unknown key 'probability'", "chance"),
    ),
    ("rename", "consumption.training.activities"): (("activites", "unknown key 'activites'", "activities"),),
    ("rename", "consumption.training.activities.salute.on"): (("dates", "unknown key 'dates'", "on"),),
    ("set", "shipments.ally.under_way"): (
        ("2k/week", "'2k/week' is not a delivery: it has a period"),
        ("-2k", "'-2k' is less than a delivery can be"),
        ("20 containers", "what is under way is not counted like the rest"),
        ("60%", "'60%' is not a delivery: it is a share"),
        ("30 days", "'30 days' is not a delivery: it is a duration"),
        ("afloat", "'afloat' is not a delivery"),
        ("[2k]", "a list is not a delivery"),
        ("{low: 3k, high: 2k}", "low is above high"),
        ("2k EUR", "'2k EUR' is not a delivery: it is in money"),
        ("2027-01-01", "'2027-01-01' is not a delivery"),
        ("{by_date: {2027-01-01: 2k}}", "a delivery does not change over time here"),
        ("{155mm: 2k}", "a delivery is not given by munition here: it is one number for all"),
    ),
    ("rename", "shipments.ally.under_way"): (
        ("underway", "unknown key 'underway'", "under_way"),
        ("in_transit", "unknown key 'in_transit'", "under_way"),
        ("pipeline", "unknown key 'pipeline'", "under_way"),
    ),
    ("set", "shipments.gift.deliveries"): (
        ("{waar: 5k}", "unknown event 'waar'", "war", "shipments.gift.deliveries.waar"),
        ("{war + 60: 9k}", "'60' after an event is not a duration", "", "shipments.gift.deliveries.war + 60"),
        ("{war: 5k/day}", "'5k/day' is not a delivery: it has a period", "", "shipments.gift.deliveries.war"),
        (
            "{strike: 5k}",
            "the event 'strike' recurs, and has no date",
            "",
            "shipments.gift.deliveries.strike",
        ),
        (
            "{war + 1.5 months: 5k}",
            "'war + 1.5 months' is a key, and a key has no point",
            "",
            "shipments.gift.deliveries.war + 1.5 months",
        ),
    ),
    ("drop", "shipments.gift.lead_time"): (("", "deliveries without a route needs a lead_time"),),
    ("add", "shipments.gift.under_way"): (
        ("20 containers", "what is under way is not counted like the rest"),
    ),
    ("set", "events.war.date"): (
        ("{low: 2028-01-01, high: 2027-01-01}", "low is above high"),
        (
            "warning + 30 days",
            "the dates go round in a circle: warning from war from warning",
            "",
            "events.warning.date",
        ),
        ("war", "the dates go round in a circle: war from war"),
        ("war + 10 days", "the dates go round in a circle: war from war"),
        ("somewhen", "'somewhen' is not a date"),
        ("2027-06-31", "'2027-06-31' is not in the calendar"),
        (
            "{low: 2027-06-01, high: 300 days}",
            "'300 days' is not a date: it is a duration",
            "",
            "events.war.date.high",
        ),
        ("30 days", "'30 days' is not a date"),
    ),
    ("set", "events.warning.date"): (
        ("{low: war - 90 days, high: wra}", "unknown event 'wra'", "war", "events.warning.date.high"),
        ("{low: war, high: war - 90 days}", "low is above high"),
        ("wra - 90 days", "unknown event 'wra'", "war"),
        ("strike - 90 days", "the event 'strike' recurs, and has no date"),
        ("war - 90", "'90' after an event is not a duration"),
        ("war + ninety days", "'war + ninety days' is not a date"),
        (
            "{low: war - 90 days, high: warning}",
            "the dates of a distribution count from one event, or from none",
        ),
        (
            "{low: war - 90 days, high: 2028-01-01}",
            "the dates of a distribution count from one event, or from none",
        ),
    ),
    ("set", "events.embargo.stops"): (
        ("orders.mortar", "'orders.mortar' cannot be stopped", "orders.mortars"),
        ("orders", "'orders' cannot be stopped", "orders.mortars"),
        ("orders.contract.capacity", "'orders.contract.capacity' cannot be stopped", "orders.contract"),
        ("mortars", "'mortars' cannot be stopped", "orders.mortars"),
        ("budget", "'budget' cannot be stopped"),
    ),
    ("set", "events.embargo.until"): (
        ("warning", "until is not after from"),
        ("war + 90", "'90' after an event is not a duration"),
        ("peace", "'peace' is not a date"),
    ),
    ("add", "events.embargo.share"): (("50%", "an order line is stopped wholly"),),
    ("set", "events.strike.multiplies"): (
        (
            "orders.mortars.capacity",
            "'orders.mortars.capacity' cannot be multiplied",
            "orders.contract.capacity",
        ),
        ("orders.contract.rate", "'orders.contract.rate' cannot be multiplied", "orders.contract.capacity"),
        ("orders.contract", "'orders.contract' cannot be multiplied", "orders.contract.capacity"),
        (
            "order.contract.capacity",
            "'order.contract.capacity' cannot be multiplied",
            "orders.contract.capacity",
        ),
    ),
    ("set", "events.strike.factor"): (
        ("-1", "'-1' is less than a factor can be"),
        ("half", "'half' is not a factor"),
        ("50 EUR", "'50 EUR' is not a factor: it is in money"),
    ),
    ("drop", "events.strike.factor"): (("", "'multiplies' needs a factor"),),
    ("drop", "events.strike.last"): (("", "'every' with 'multiplies' needs a last"),),
    ("drop", "events.war.date"): (("", "the event does nothing", "", "events.war"),),
    ("rename", "events.war.date"): (
        ("dat", "unknown key 'dat'", "date"),
        ("on", "unknown key 'on'"),
    ),
    ("rename", "events.warning"): (("warnung", "unknown event 'warning'", "warnung", "events.embargo.from"),),
}
