/** What `encore --help` says. */
export const help = `encore: which customers will buy again, and what they are likely to spend

  encore score ORDERS.csv [--as-of DATE] [--horizon DAYS] [--out FILE] [--report FILE] [--force]
      Scores every customer of an orders file. DATE is the first day that is not known (the day
      after the last order unless given); DAYS is 30, 90, 180 or 365 (what suits the store unless
      given). FILE ends in .csv, .json or .parquet; CSV on standard output unless given. --report
      writes the models, the figures they rest on and their test as JSON. --force scores a store
      that is not fit for predictions.

  encore backtest ORDERS.csv --cutoff DATE --horizon DAYS [--out FILE]
      Fits everything on orders before DATE and judges it by the DAYS after it: every model, the
      one selected and the baseline rules, as JSON.

  encore simulate [--customers N] [--seed N] [--start DATE] [--end DATE] [--out FILE] [--truth FILE]
                  [--acquisition steady|growing|cohort] [--likelihood R,ALPHA,A,B] [--spend P,Q,GAMMA]
                  [--season JAN,FEB,…,DEC]
      Writes the orders of a simulated store (MBG/NBD purchases, times in days; Gamma-Gamma spend;
      a pace for each month, 1 being usual) as CSV, with each customer's true
      parameters beside its orders, or in a file of its own with --truth.

Reading orders (a header, then one row for each order; - reads standard input; gzip is read):
      --customer, --date, --amount COLUMN   where the usual column names are not used
      --exclude COLUMN=VALUE                leaves out rows with that value, such as renewals of
                                            subscriptions; may be given more than once
      --currency CODE                       the one currency of all amounts
      --timezone ZONE                       the store's time zone, for times that tell their offset

Exit code: 0 done, 2 bad input (what, where, and what would be right is on standard error),
3 refused (the reasons are on standard error as JSON).
`;
