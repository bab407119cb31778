import { pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";

import { places, seal, unseal } from "./stored-token.server.ts";
import { sealedWith } from "./token-seal.ts";

export type Resealed =
  /**
   * All tokens are sealed with the current key; `resealed` counts the sessions that were changed.
   */
  | { kind: "done"; keyId: string; sessions: number; resealed: number }
  /** Nothing was changed, since stored tokens need keys that are not configured. */
  | { kind: "keys-missing"; keyIds: string[]; sessions: number };

type Row = { id: string; shop: string; access: string; refresh: string | null };

const BATCH = 100;

/**
 * Reseals tokens that are plain or sealed with an earlier key, while everything runs: a row is
 * updated only if it has not changed since it was read. May be stopped and called again.
 */
export async function resealTokens(): Promise<Resealed> {
  const keyId = env.TOKEN_KEYS[0]?.id ?? "";
  const missing = await missingKeys();
  if (missing.keyIds.length > 0) return { kind: "keys-missing", ...missing };
  let sessions = 0;
  let resealed = 0;
  for (let after = ""; ;) {
    const rows = await readBatch(after);
    const last = rows.at(-1);
    if (last === undefined) return { kind: "done", keyId, sessions, resealed };
    sessions += rows.length;
    resealed += await resealBatch(rows.filter((row) => isBehind(row, keyId)));
    after = last.id;
  }
}

/** Ids of the keys that stored tokens need and TOKEN_KEYS lacks, and the number of sessions. */
async function missingKeys(): Promise<{ keyIds: string[]; sessions: number }> {
  const { rows } = await pool.query<{ keyId: string; sessions: string }>(
    `select split_part(token, ':', 2) as "keyId", count(distinct id) as sessions
       from sessions, unnest(array[access_token, refresh_token]) as token
      where token like 'sealed:%' and not split_part(token, ':', 2) = any($1)
      group by 1 order by 1`,
    [env.TOKEN_KEYS.map(({ id }) => id)],
  );
  const sessions = rows.reduce((sum, row) => sum + Number(row.sessions), 0);
  return { keyIds: rows.map(({ keyId }) => keyId), sessions };
}

async function readBatch(after: string): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `select id, shop, access_token as access, refresh_token as refresh
       from sessions where id > $1 order by id limit $2`,
    [after, BATCH],
  );
  return rows;
}

function isBehind({ access, refresh }: Row, keyId: string): boolean {
  const tokens = [access, refresh ?? ""].filter((token) => token !== "");
  return tokens.some((token) => sealedWith(token) !== keyId);
}

async function resealBatch(rows: Row[]): Promise<number> {
  const result = await pool.query(
    `update sessions s set access_token = r.new_access, refresh_token = r.new_refresh
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
              as r (id, access, refresh, new_access, new_refresh)
      where s.id = r.id and s.access_token = r.access
        and s.refresh_token is not distinct from r.refresh`,
    [
      rows.map(({ id }) => id),
      rows.map(({ access }) => access),
      rows.map(({ refresh }) => refresh),
      rows.map((row) => reseal(row, "access")),
      rows.map((row) => reseal(row, "refresh")),
    ],
  );
  return result.rowCount ?? 0;
}

function reseal(row: Row, which: "access" | "refresh"): string | null {
  const stored = row[which];
  if (stored === null || stored === "") return stored;
  const place = places(row.shop, row.id)[which];
  return seal(unseal(stored, place), place);
}
