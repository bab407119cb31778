import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import type { ShopDomain } from "#app/lib/ids.ts";
import { LineSplitter } from "#app/lib/line-splitter.ts";
import type { StoredFigures } from "#app/scoring/evaluation/new-tiers.ts";
import { type Axis, tiers } from "#engine";

/** Stored rows with their figures and current tiers. */
export type StoredScores = StoredFigures & {
  customerIds: string[];
  /** ISO dates. */
  asOf: string[];
  /** Net spend so far, minor units. */
  spentMinor: number[];
  /** Current tiers, indices into `tiers`. */
  tier: Record<Axis, number[]>;
  /** Plain tiers, where the table keeps them; else the current ones. */
  plain: Record<Axis, number[]>;
};

/** The tables that keep tiers: current scores, runs, and what was rescored since a run. */
export type TierTable = "scores" | "score_history" | "score_updates";

const PLAIN: Record<TierTable, string> = {
  scores: "clv_tier, buy_tier",
  score_history: "clv_plain_tier, buy_plain_tier",
  score_updates: "clv_plain_tier, buy_plain_tier",
};

const SPENT: Record<TierTable, string> = {
  scores: "spent_minor",
  score_history: "round(mean_spend_minor * (frequency + 1))",
  score_updates: "round(mean_spend_minor * (frequency + 1))",
};

/** SQL: which rows of a table belong to the run of the day `asOf` and what followed it. */
function since(table: TierTable, asOf: string): string {
  if (table === "scores") return "true";
  return table === "score_history" ? `as_of = ${asOf}` : `as_of >= ${asOf}`;
}

/** Reads the rows of one table that rest on the run of the day `asOf`. Some 50 bytes each. */
export async function readStoredScores(
  client: pg.PoolClient,
  shop: ShopDomain,
  { table, asOf }: { table: TierTable; asOf: string },
): Promise<StoredScores> {
  // COPY takes no parameters.
  const stream = client.query(
    copyTo(
      `copy (select customer_id, as_of, frequency, age_days, buy_probability, expected_spend_minor,
                    clv_tier, buy_tier, ${PLAIN[table]}, ${SPENT[table]}
               from ${table} where shop = ${client.escapeLiteral(shop)}
                and frequency is not null and ${since(table, client.escapeLiteral(asOf))}) to stdout`,
    ),
  );
  const read = new Reader();
  const splitter = new LineSplitter();
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk as Buffer)) read.add(line.split("\t"));
  }
  return read.scores();
}

class Reader {
  readonly #customerIds: string[] = [];
  readonly #asOf: string[] = [];
  readonly #frequency: number[] = [];
  readonly #ageDays: number[] = [];
  readonly #buyProbability: number[] = [];
  readonly #expectedSpend: number[] = [];
  readonly #clv: number[] = [];
  readonly #buy: number[] = [];
  readonly #clvPlain: number[] = [];
  readonly #buyPlain: number[] = [];
  readonly #spent: number[] = [];

  add([id, asOf, frequency, age, probability, spend, clv, buy, ...more]: string[]): void {
    const [clvPlain, buyPlain, spent] = more;
    this.#customerIds.push(id);
    this.#asOf.push(asOf);
    this.#frequency.push(Number(frequency));
    this.#ageDays.push(Number(age));
    this.#buyProbability.push(Number(probability));
    this.#expectedSpend.push(Number(spend));
    this.#clv.push(indexOf(clv));
    this.#buy.push(indexOf(buy));
    this.#clvPlain.push(indexOf(clvPlain));
    this.#buyPlain.push(indexOf(buyPlain));
    this.#spent.push(Number(spent));
  }

  scores(): StoredScores {
    return {
      customers: this.#customerIds.length,
      customerIds: this.#customerIds,
      asOf: this.#asOf,
      frequency: this.#frequency,
      ageDays: this.#ageDays,
      buyProbability: this.#buyProbability,
      expectedSpend: this.#expectedSpend,
      spentMinor: this.#spent,
      tier: { clv: this.#clv, buy: this.#buy },
      plain: { clv: this.#clvPlain, buy: this.#buyPlain },
    };
  }
}

const indices = new Map<string, number>(tiers.map((tier, index) => [tier, index]));

function indexOf(tier: string): number {
  return indices.get(tier) ?? -1;
}

/** The new tiers of a row of {@link StoredScores}. */
export type NewTier = { customerId: string; asOf: string; clv: number; buy: number };

/** Few and large: the database reads the whole table for each. */
const PAGE = 200_000;

const SET_CURRENT = `clv_tier = n.clv_tier, buy_tier = n.buy_tier,
  clv_since = case when t.clv_tier = n.clv_tier then t.clv_since else t.as_of end,
  buy_since = case when t.buy_tier = n.buy_tier then t.buy_since else t.as_of end`;
// What the merchant's settings moved has not moved by itself, and is in no list of those who moved.
const SET_FROM = `clv_from = case when t.clv_tier = n.clv_tier then t.clv_from end,
  buy_from = case when t.buy_tier = n.buy_tier then t.buy_from end`;
const SET_PLAIN = "clv_plain_tier = n.clv_tier, buy_plain_tier = n.buy_tier";
const FROM_NEW = `from unnest($2::text[], $3::date[], $4::text[], $5::text[])
    as n (customer_id, as_of, clv_tier, buy_tier)`;
const OF_NEW = "t.as_of = n.as_of and t.customer_id = n.customer_id";

/**
 * Makes these the current and the plain tiers. A tier that stays keeps the day on which it began.
 */
export async function storeNewTiers(
  client: pg.PoolClient,
  shop: ShopDomain,
  { table, rows }: { table: TierTable; rows: readonly NewTier[] },
): Promise<void> {
  for (let start = 0; start < rows.length; start += PAGE) {
    const page = rows.slice(start, start + PAGE);
    await client.query(
      table === "scores"
        ? `update scores t set ${SET_CURRENT}, ${SET_FROM} ${FROM_NEW} where t.shop = $1 and ${OF_NEW}`
        : `update ${table} t set ${SET_CURRENT}, ${SET_PLAIN} ${FROM_NEW} where t.shop = $1 and ${OF_NEW}`,
      [
        shop,
        page.map(({ customerId }) => customerId),
        page.map(({ asOf }) => asOf),
        page.map(({ clv }) => tiers[clv]),
        page.map(({ buy }) => tiers[buy]),
      ],
    );
  }
}
