import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

import type { ShopDomain } from "#app/lib/ids.ts";
import { LineSplitter } from "#app/lib/line-splitter.ts";
import { tiers } from "#engine";

import { isoDay } from "#app/lib/calendar.ts";
import { emptyStandings, type Standings } from "#app/scoring/evaluation/standings.ts";

export type Customers = {
  shop: ShopDomain;
  /** By dense index, ascending as text. */
  customerIds: readonly string[];
  /** Whether these are few of the shop's: then only they are looked at. */
  few: boolean;
};

/**
 * Where customers stood before a day: after the last run of an earlier day and what became of its
 * scores until then. The tiers of a day follow from this however often it is scored, so that they
 * rest on its last figures alone. Nobody stands anywhere before the first day, unless its tiers
 * follow from the reconstructed weeks.
 *
 * @param day with `followsWeeks` that is given out; otherwise the day's run says it
 */
export async function readStandingsBefore(
  client: pg.PoolClient,
  customers: Customers,
  day: { asOfDay: number; followsWeeks?: boolean },
): Promise<{ before: Standings; followsWeeks: boolean }> {
  const until = isoDay(day.asOfDay);
  const { rows } = await client.query<{ live: string | null; week: string | null }>(
    `SELECT (max(as_of) FILTER (WHERE NOT reconstructed AND as_of < $2))::text AS live,
            CASE WHEN $3 OR bool_or(follows_weeks AND as_of = $2)
                 THEN (max(as_of) FILTER (WHERE reconstructed AND as_of < $2))::text END AS week
       FROM scoring_runs WHERE shop = $1 AND outcome = 'scored'`,
    [customers.shop, until, day.followsWeeks ?? false],
  );
  const { live, week } = rows[0] ?? { live: null, week: null };
  const from = live ?? week;
  const before = from
    ? await readKept(client, customers, { from, until })
    : emptyStandings(customers.customerIds.length);
  return { before, followsWeeks: live === null && week !== null };
}

/** Where customers stood after the last reconstructed week before a day. */
export async function readStandingsOfWeek(
  client: pg.PoolClient,
  customers: Customers,
  beforeDay: number,
): Promise<Standings> {
  const until = isoDay(beforeDay);
  const { rows } = await client.query<{ week: string | null }>(
    `SELECT max(as_of)::text AS week FROM scoring_runs
      WHERE shop = $1 AND outcome = 'scored' AND reconstructed AND as_of < $2`,
    [customers.shop, until],
  );
  const from = rows[0]?.week;
  if (!from) return emptyStandings(customers.customerIds.length);
  return readKept(client, customers, { from, until });
}

const standing = `customer_id, clv_tier, clv_since - date '1970-01-01' AS clv_day, buy_tier,
  buy_since - date '1970-01-01' AS buy_day, frequency`;
const spent = "round(mean_spend_minor * (frequency + 1)) AS spent";

/** The last that was kept of each customer from the run of one day to before another. */
function readKept(
  client: pg.PoolClient,
  customers: Customers,
  { from, until }: { from: string; until: string },
): Promise<Standings> {
  const days = [from, until].map((day) => client.escapeLiteral(day));
  const these = where(client, customers);
  return read(
    client,
    customers,
    `SELECT DISTINCT ON (customer_id COLLATE "C") customer_id, clv_tier, clv_day, buy_tier, buy_day,
            frequency, spent
       FROM (SELECT ${standing}, ${spent}, as_of, 0 AS later FROM score_history
              WHERE ${these} AND as_of = ${days[0]}
              UNION ALL
             SELECT ${standing}, ${spent}, as_of, 1 FROM score_updates
              WHERE ${these} AND as_of >= ${days[0]} AND as_of < ${days[1]}) kept
      ORDER BY customer_id COLLATE "C", as_of DESC, later DESC`,
  );
}

/** The tiers that are shown now. */
export function readShown(client: pg.PoolClient, customers: Customers): Promise<Standings> {
  return read(
    client,
    customers,
    `SELECT ${standing}, spent_minor FROM scores
      WHERE ${where(client, customers)} ORDER BY customer_id COLLATE "C"`,
  );
}

// COPY takes no parameters.
function where(client: pg.PoolClient, { shop, customerIds, few }: Customers): string {
  const ofShop = `shop = ${client.escapeLiteral(shop)}`;
  if (!few) return ofShop;
  return `${ofShop} AND customer_id = ANY(${client.escapeLiteral(`{${customerIds.join()}}`)})`;
}

async function read(
  client: pg.PoolClient,
  { customerIds }: Customers,
  select: string,
): Promise<Standings> {
  const standings = emptyStandings(customerIds.length);
  const splitter = new LineSplitter();
  const stream = client.query(copyTo(`COPY (${select}) TO STDOUT`));
  let customer = 0;
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk as Buffer)) {
      const cells = line.split("\t");
      while (customer < customerIds.length && customerIds[customer] < cells[0]) customer++;
      if (customerIds[customer] === cells[0]) keep(standings, customer, cells);
    }
  }
  return standings;
}

function keep(standings: Standings, customer: number, cells: string[]): void {
  const { tier, sinceDay, frequency, spentMinor } = standings;
  const [, clvTier, clvSince, buyTier, buySince, purchases, spentSoFar] = cells;
  const [clv, buy] = [clvTier, buyTier].map((tier) => tiers.findIndex((name) => name === tier));
  // Nothing of the customer counted any more.
  if (clv < 0 || buy < 0) return;
  tier.clv[customer] = clv;
  tier.buy[customer] = buy;
  sinceDay.clv[customer] = Number(clvSince);
  sinceDay.buy[customer] = Number(buySince);
  frequency[customer] = Number(purchases);
  spentMinor[customer] = Number(spentSoFar);
}
