import pg from "pg";

import { compareClocks } from "./clock.ts";
import { type Finding, messageOf, ok, wrong } from "./finding.ts";

const ABOUT = "Database";
const WITHIN_MS = 5_000;
const OLDEST = 140_000;

/** Reads rows in a transaction that cannot write. */
export type Read = <Row extends pg.QueryResultRow>(
  sql: string,
  values?: unknown[],
) => Promise<Row[]>;

export type Opened = { client: pg.Client; read: Read };

/** @returns a finding when the database cannot be reached */
export async function openDatabase(databaseUrl: string): Promise<Opened | Finding> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "encore-doctor",
    connectionTimeoutMillis: WITHIN_MS,
    query_timeout: WITHIN_MS,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    return wrong(ABOUT, { found: `${placeOf(databaseUrl)}: ${messageOf(error)}`, ...cure(error) });
  }
  return { client, read: readOnly(client) };
}

function readOnly(client: pg.Client): Read {
  return async (sql, values) => {
    await client.query("begin transaction read only");
    try {
      return (await client.query(sql, values)).rows;
    } finally {
      await client.query("rollback");
    }
  };
}

/** Its host, port and name, without user and password. */
function placeOf(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname}:${port || "5432"}${pathname}`;
}

function cure(error: unknown): { todo: string } {
  const { code } = error as { code?: unknown };
  if (code === "28P01" || code === "28000") {
    return { todo: "DATABASE_URL needs the right user and password" };
  }
  if (code === "3D000") return { todo: "create the database, or name another in DATABASE_URL" };
  return { todo: "start PostgreSQL, or put the right host and port into DATABASE_URL" };
}

/** Its version, and its clock compared with ours. */
export async function checkServer(databaseUrl: string, read: Read): Promise<Finding[]> {
  const askedAt = Date.now();
  const [row] = await read<{ number: number; version: string; theirs: number }>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as version,
            (extract(epoch from clock_timestamp()) * 1000)::float8 as theirs`,
  );
  const receivedAt = Date.now();
  if (row === undefined) throw new Error("PostgreSQL returned no row");
  const found = `PostgreSQL ${row.version} at ${placeOf(databaseUrl)}`;
  const todo = "Encore needs PostgreSQL 14 or newer";
  return [
    row.number < OLDEST ? wrong(ABOUT, { found, todo }) : ok(ABOUT, found),
    compareClocks("the database server", { theirs: row.theirs, askedAt, receivedAt }),
  ];
}
