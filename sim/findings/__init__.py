"""Findings: statements about runs and studies, each as data with a sentence.

1. The statement: `finding`; `wording` has phrases shared by sentences.
2. Of a result: `stock_figures` (numbers of one stock or of all), `first_stock` (the first of several to run
   out), `answer` (whether supply meets the requirement), `consumer_lines` (which consumer goes short first),
   `objective_line` (when the level aimed at is there), `order_cuts_line` (what the budget cuts),
   `run_findings` (the lines of a verdict), `unknown_stock_findings` (the opening stock is solved for).
3. Titles of its charts: `drawdown_headline`, `overlay_headline`, `supply_headline`, `survival_headline`,
   `cumulative_headline`, `cover_headline`, `mix_headline`, `service_headline`, `money_headline`,
   `voyage_headlines`, `map_headline` and `account_headline`; `claims_headline` is of estimates.
4. Of studies: `number_words` (values with their units), `target_words` (targets in words),
   `breakeven_findings`; `sweep_figures` (numbers of a sweep), `sweep_findings` and `frontier_findings` (cost
   against service level); `comparison_figures` (scenarios and differences), `comparison_words` (numbers of
   one difference) and `comparison_findings`; `sensitivity_figures` (indices by outcome and input) and
   `sensitivity_findings`.
5. Of published claims: `exclusion_findings` (sets that exclude each other), `audit_findings`
   (an audit) and `backtest_findings` (a backtest).
"""
