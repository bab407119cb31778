import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";

import type { Moves } from "./moves.ts";

/** Keeps with a run how many customers it moved, in the transaction that saves it. */
export async function keepMoves(
  client: pg.PoolClient,
  { shop, id, moves }: { shop: ShopDomain; id: string; moves: Moves },
): Promise<void> {
  await client.query("update scoring_runs set moves = $3 where shop = $1 and id = $2", [
    shop,
    id,
    JSON.stringify(moves),
  ]);
}
