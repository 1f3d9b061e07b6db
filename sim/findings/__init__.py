"""Every statement that the product makes about runs and studies, as data with a sentence.

In order: `finding` (the statement), `stock_figures` (what a result says of one stock or of all), `wording`
(shared phrases), `answer` (does it add up), `run_findings` (the lines of a verdict). Titles of the charts of
a result: `headlines`, `supply_headline`, `survival_headline`, `cumulative_headline`, `cover_headline`,
`mix_headline`, `voyage_headlines` and `account_headline`. Of estimates: `claims_headline`. Of studies:
`number_words` (values with their units), `target_words` (targets in words), `breakeven_findings`,
`sweep_figures` (numbers of a sweep) and `sweep_findings`.
"""
