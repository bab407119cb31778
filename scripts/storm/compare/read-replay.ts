import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { updatesKeptFrom } from "#app/scoring/store/retention.server.ts";
import { type CurrentTier, type Thresholds, type Tier, tiers } from "#engine";

import { type Day, type KeptRow, replay } from "./replay.ts";

/**
 * Compares the tiers that are shown with a replay of the tier rule (`currentTier`) over the stored
 * scores: day by day, with each customer's last score of the day and previous tier.
 *
 * @returns the customers whose tier, or the day on which it began, differs
 */
export async function readReplayDifferences(
  shop: ShopDomain,
): Promise<{ customerId: string; shown: string; replayed: string }[]> {
  const expected = new Map(
    [...replay(await readDays(shop))].map(([id, { current }]) => [
      id,
      `${describeTiers(current.clv)} ${describeTiers(current.buy)}`,
    ]),
  );
  const shown = new Map(await readShownTiers(shop));
  const ids = new Set([...expected.keys(), ...shown.keys()]);
  return [...ids].flatMap((customerId) => {
    const [is, should] = [shown.get(customerId) ?? "none", expected.get(customerId) ?? "none"];
    return is === should ? [] : [{ customerId, shown: is, replayed: should }];
  });
}

function describeTiers({ tier, sinceDay }: CurrentTier): string {
  return `${tiers[tier]} since ${isoDay(sinceDay)}`;
}

async function readShownTiers(shop: ShopDomain): Promise<[string, string][]> {
  const { rows } = await pool.query<{ id: string; tiers: string }>(
    `select customer_id as id,
            clv_tier || ' since ' || clv_since || ' ' || buy_tier || ' since ' || buy_since as tiers
       from scores where shop = $1`,
    [shop],
  );
  return rows.map(({ id, tiers }) => [id, tiers]);
}

type RunRow = {
  asOf: string;
  reconstructed: boolean;
  refused: boolean;
  followsWeeks: boolean;
  /** Whether its scores are stored; false when they were purged. */
  kept: boolean;
  /** Whether the scores between it and the next run are stored too. */
  followed: boolean;
  thresholds: Thresholds;
};

/**
 * The days with stored scores, oldest first: live runs, preceded by the reconstructed weeks if
 * these are contiguous with them.
 */
async function readDays(shop: ShopDomain): Promise<Day[]> {
  const { rows } = await pool.query<RunRow>(
    `select r.as_of::text as "asOf", reconstructed, outcome = 'refused' as refused,
            follows_weeks as "followsWeeks", fit->'thresholds' as thresholds,
            exists (select 1 from score_history h where h.shop = r.shop and h.as_of = r.as_of) as kept,
            reconstructed or r.as_of >= ${updatesKeptFrom("$1")} as followed
       from scoring_runs r where shop = $1 order by r.as_of`,
    [shop],
  );
  const live = rows.filter(({ reconstructed }) => !reconstructed);
  if (live.at(-1)?.refused !== false) return [];
  const runs = live.filter(({ refused }) => !refused);
  const weeks = runs[0]?.followsWeeks
    ? rows.filter((row) => row.reconstructed && !row.refused)
    : [];
  const days: Day[] = [];
  const chain = [...weeks, ...runs];
  for (const [index, run] of chain.entries()) {
    if (!run.kept) continue;
    const before = chain[index - 1];
    const given = index > 0 && !(before.kept && before.followed);
    const until = chain[index + 1]?.asOf ?? "infinity";
    days.push(...(await readDay(shop, run, { given, until })));
  }
  return days;
}

type Row = Omit<KeptRow, "tiers" | "thresholds"> & {
  asOf: string;
  later: boolean;
  clv: Tier | null;
  clvSince: string;
  clvPlain: Tier;
  buy: Tier;
  buySince: string;
  buyPlain: Tier;
};

const figures = `customer_id as "customerId", as_of::text as "asOf", frequency,
  round(mean_spend_minor * (frequency + 1)) as "spentMinor", buy_probability as "buyProbability",
  expected_spend_minor as "expectedSpendMinor",
  clv_tier as clv, clv_since::text as "clvSince", clv_plain_tier as "clvPlain",
  buy_tier as buy, buy_since::text as "buySince", buy_plain_tier as "buyPlain"`;

/** The day of a run, and the days after it on which only some customers were rescored. */
async function readDay(
  shop: ShopDomain,
  run: RunRow,
  { given, until }: { given: boolean; until: string },
): Promise<Day[]> {
  const { rows } = await pool.query<Row>(
    `select ${figures}, false as later from score_history where shop = $1 and as_of = $2
      union all
     select ${figures}, true from score_updates where shop = $1 and as_of >= $2 and as_of < $3
      order by "asOf", later`,
    [shop, run.asOf, until],
  );
  const days = [...new Set([run.asOf, ...rows.map(({ asOf }) => asOf)])];
  return days.map((asOf) => {
    const ofDay = rows.filter((row) => row.asOf === asOf);
    const last = new Map(ofDay.map((row) => [row.customerId, keptRow(row, run.thresholds)]));
    const whole = asOf === run.asOf;
    return { asOfDay: dayNumber(asOf), whole, given: given && whole, rows: [...last.values()] };
  });
}

function keptRow({ clv, buy, ...row }: Row, thresholds: Thresholds): KeptRow {
  const of: KeptRow["tiers"] = clv && {
    clv: { shown: clv, since: row.clvSince, plain: row.clvPlain },
    buy: { shown: buy, since: row.buySince, plain: row.buyPlain },
  };
  return { ...row, tiers: of, thresholds };
}
