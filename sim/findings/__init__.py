"""Every statement that the product makes about runs and studies, as data with a sentence.

In order: `finding` (the statement), `stock_figures` (figures of one stock or of all),
`first_stock` (the first of several to run out), `wording` (shared phrases), `answer` (does it add up),
`consumer_lines` (who goes short first), `run_findings` (the lines of a verdict),
`headlines`, `supply_headline` and `overlay_headline` (titles of
the charts of results), as are `survival_headline`, `cumulative_headline`, `cover_headline`, `mix_headline`,
`service_headline`, `voyage_headlines`, `map_headline` and `account_headline`; `claims_headline`
(of estimates),
`unknown_stock_findings` (a run
whose opening stock is solved for). Of studies: `number_words` (values with their units), `target_words`
(targets in words), `breakeven_findings`,
`sweep_figures` (numbers of a sweep) and `sweep_findings`; `comparison_figures` (scenarios and differences),
`comparison_words` (numbers of one difference) and `comparison_findings`; `sensitivity_figures` (indices by
outcome and input) and `sensitivity_findings`. Of published claims: `exclusion_findings` (sets that exclude
each other).
"""
