import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { giveOwnTable } from "./own-table.server.ts";

/** One import of a shop's whole history; the row is the checkpoint. */
export type OrderImport = {
  shop: ShopDomain;
  id: string;
  startedAt: Date;
  /** Whether the app had access to all orders when the import began. */
  fullHistory: boolean;
  /** When it began: the export contains all earlier changes. Null for old imports. */
  asOf: Date | null;
} &
  /** About to ask Shopify for the export. */
  (
    | { state: "intended" }
    /** Shopify is writing the export. */
    | { state: "running"; bulkOperationId: string }
    | LoadingState
  );

/** The export is written; its first `linesLoaded` lines are in `orders`. */
type LoadingState = {
  state: "loading";
  bulkOperationId: string;
  objectCount: number;
  linesLoaded: number;
  /** The shop had no orders before, so lines are stored without comparing. */
  direct: boolean;
  /** Lines among those loaded that could not be read. */
  unreadable: number;
};

export type LoadingImport = Extract<OrderImport, { state: "loading" }>;

type Row = {
  id: string;
  started_at: Date;
  full_history: boolean | null;
  as_of: Date | null;
  state: OrderImport["state"];
  bulk_operation_id: string | null;
  object_count: string;
  lines_loaded: string;
  direct: boolean;
  lines_unreadable: string;
};

const COLUMNS = `id, started_at, full_history, as_of, state, bulk_operation_id, object_count,
  lines_loaded, direct, lines_unreadable`;
const UNFINISHED = "('intended', 'running', 'loading')";

/** The shop's unfinished import, or a new one. */
export async function openImport(shop: ShopDomain): Promise<OrderImport> {
  const found = await pool.query<Row>(
    `select ${COLUMNS} from order_imports where shop = $1 and state in ${UNFINISHED}
      order by started_at desc limit 1`,
    [shop],
  );
  if (found.rows[0] !== undefined) return fromRow(shop, found.rows[0]);
  const made = await pool.query<Row>(
    `insert into order_imports (shop, id, state, full_history, as_of)
     select shop, gen_random_uuid(), 'intended', full_history, $2 from shops where shop = $1
     returning ${COLUMNS}`,
    [shop, now()],
  );
  if (made.rows[0] === undefined) throw new Error("An insert returned no row");
  return fromRow(shop, made.rows[0]);
}

function fromRow(shop: ShopDomain, row: Row): OrderImport {
  const fullHistory = row.full_history ?? false;
  const base = { shop, id: row.id, startedAt: row.started_at, fullHistory, asOf: row.as_of };
  if (row.state === "intended") return { ...base, state: row.state };
  if (row.bulk_operation_id === null) {
    throw new Error(`Import ${row.id} is ${row.state} without a bulk operation`);
  }
  const bulkOperationId = row.bulk_operation_id;
  if (row.state === "running") return { ...base, state: row.state, bulkOperationId };
  return {
    ...base,
    state: row.state,
    bulkOperationId,
    objectCount: Number(row.object_count),
    linesLoaded: Number(row.lines_loaded),
    direct: row.direct,
    unreadable: Number(row.lines_unreadable),
  };
}

/** Whether all the shop's orders are stored: one import has ended, and none is under way. */
export async function isImported(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<boolean> {
  const result = await connection.query<{ imported: boolean | null }>(
    `select bool_or(state = 'done') and not bool_or(state in ${UNFINISHED}) as imported
       from order_imports where shop = $1`,
    [shop],
  );
  return result.rows[0]?.imported === true;
}

export async function markRunning(job: OrderImport, bulkOperationId: string): Promise<void> {
  await pool.query(
    `update order_imports set state = 'running', bulk_operation_id = $3
      where shop = $1 and id = $2`,
    [job.shop, job.id, bulkOperationId],
  );
}

/** @param objectCount number of orders in the export */
export async function markLoading(job: OrderImport, objectCount: number): Promise<void> {
  await inTransaction(async (client) => {
    await takeLock(client, "erasure", job.shop);
    const { rows } = await client.query<{ direct: boolean }>(
      `update order_imports
          set state = 'loading', object_count = $3,
              direct = not exists (select 1 from orders where shop = $1)
        where shop = $1 and id = $2 returning direct`,
      [job.shop, job.id, objectCount],
    );
    const isNew = rows[0]?.direct ?? false;
    if (isNew && objectCount >= env.ORDERS_FOR_OWN_TABLE) await giveOwnTable(client, job.shop);
  });
}

/**
 * Records the checkpoint, in the transaction that stored the lines.
 *
 * @param line number of the last line stored
 * @param added and `changed`: orders that should have been stored already, and were missing or
 * different
 * @param unnamed numbers of lines in which no order id can be read
 */
export async function markLoaded(
  client: pg.PoolClient,
  job: OrderImport,
  { line, added, changed, unreadable, unnamed }: Loaded,
): Promise<void> {
  await client.query(
    `update order_imports
        set lines_loaded = $3, orders_added = orders_added + $4, orders_changed = orders_changed + $5,
            lines_unreadable = lines_unreadable + $6, lines_unnamed = lines_unnamed || $7::bigint[]
      where shop = $1 and id = $2`,
    [job.shop, job.id, line, added, changed, unreadable.length + unnamed.length, unnamed],
  );
}

type Loaded = {
  line: number;
  added: number;
  changed: number;
  unreadable: readonly unknown[];
  unnamed: readonly number[];
};

/** How many lines of an import, or of the shop's last finished one, have no readable order id. */
export async function countUnnamed(
  client: pg.Pool | pg.PoolClient,
  { shop, id = null }: { shop: ShopDomain; id?: string | null },
): Promise<number> {
  const { rows } = await client.query<{ unnamed: number }>(
    `select cardinality(lines_unnamed) as unnamed from order_imports
      where shop = $1 and case when $2::text is null then state = 'done' else id = $2 end
      order by started_at desc limit 1`,
    [shop, id],
  );
  return rows[0]?.unnamed ?? 0;
}

/** @returns how many orders that should have been stored already were missing or different */
export async function markDone(
  client: pg.PoolClient,
  job: OrderImport,
): Promise<{ added: number; changed: number }> {
  const { rows } = await client.query<{ added: number; changed: number }>(
    `update order_imports set state = 'done', finished_at = now() where shop = $1 and id = $2
     returning orders_added::int as added, orders_changed::int as changed`,
    [job.shop, job.id],
  );
  return rows[0] ?? { added: 0, changed: 0 };
}

/** The next attempt starts a new export. */
export async function markFailed(job: OrderImport, errorCode: string): Promise<void> {
  await pool.query(
    `update order_imports set state = 'failed', error_code = $3, finished_at = now()
      where shop = $1 and id = $2`,
    [job.shop, job.id, errorCode],
  );
}

/** Ends the imports under way: the next one starts from the beginning. */
export async function abandonImports(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(
    `update order_imports set state = 'failed', finished_at = now()
      where shop = $1 and state in ${UNFINISHED}`,
    [shop],
  );
}
