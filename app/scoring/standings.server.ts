import { to as copyTo } from "pg-copy-streams";

import { inTransaction } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { LineSplitter } from "#app/shopify/line-splitter.ts";
import { tiers } from "#engine";

import { isoDay } from "./days.ts";
import { emptyStandings, type Standings } from "./standings.ts";

/** Before which run: the live ones follow each other, and so do the reconstructed weeks. */
export type Before = { asOfDay: number; reconstructed: boolean };

/**
 * Where customers stood after the last run up to a day: for a live run that may be one of the same
 * day, whose tiers are shown already. Nobody stands anywhere before the first run.
 *
 * @param customerIds by dense index, ascending as text
 */
export async function readStandings(
  shop: ShopDomain,
  customerIds: readonly string[],
  before: Before,
): Promise<Standings> {
  const standings = emptyStandings(customerIds.length);
  await inTransaction(async (client) => {
    const { rows } = await client.query<{ as_of: string | null }>(
      `SELECT max(as_of)::text AS as_of FROM scoring_runs
        WHERE shop = $1 AND outcome = 'scored' AND reconstructed = $2 AND as_of <= $3`,
      [shop, before.reconstructed, isoDay(before.asOfDay)],
    );
    const asOf = rows[0]?.as_of;
    if (!asOf) return;
    const splitter = new LineSplitter();
    // COPY takes no parameters.
    const stream = client.query(
      copyTo(
        `COPY (SELECT customer_id, clv_tier, clv_since - date '1970-01-01', buy_tier,
                      buy_since - date '1970-01-01', frequency,
                      round(mean_spend_minor * (frequency + 1))
                 FROM score_history
                WHERE shop = ${client.escapeLiteral(shop)} AND as_of = ${client.escapeLiteral(asOf)}
                ORDER BY customer_id COLLATE "C") TO STDOUT`,
      ),
    );
    let customer = 0;
    for await (const chunk of stream) {
      for (const line of splitter.push(chunk as Buffer)) {
        const cells = line.split("\t");
        while (customer < customerIds.length && customerIds[customer] < cells[0]) customer++;
        if (customerIds[customer] === cells[0]) keep(standings, customer, cells);
      }
    }
  });
  return standings;
}

function keep(standings: Standings, customer: number, cells: string[]): void {
  const { tier, sinceDay, frequency, spentMinor } = standings;
  const [, clvTier, clvSince, buyTier, buySince, purchases, spent] = cells;
  tier.clv[customer] = tiers.findIndex((name) => name === clvTier);
  tier.buy[customer] = tiers.findIndex((name) => name === buyTier);
  sinceDay.clv[customer] = Number(clvSince);
  sinceDay.buy[customer] = Number(buySince);
  frequency[customer] = Number(purchases);
  spentMinor[customer] = Number(spent);
}
