import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";

import { migrate } from "../../scripts/migrate.ts";
import { dropDatabase } from "../setup/test-database.ts";

const migrations = path.resolve(import.meta.dirname, "../../prisma/migrations");
const [first = "", ...later] = readdirSync(migrations)
  .filter((name) => existsSync(path.join(migrations, name, "migration.sql")))
  .sort();
const name = `test_migrate_running_${process.pid}`;
const clients: pg.Client[] = [];
let directory: string;
let url: string;

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  clients.push(client);
  return client;
}

function add(folder: string, sql: string): void {
  mkdirSync(path.join(directory, folder));
  writeFileSync(path.join(directory, folder, "migration.sql"), sql);
}

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "encore-migrations-"));
  cpSync(path.join(migrations, first), path.join(directory, first), { recursive: true });
  const server = new URL(inject("serverUrl"));
  const admin = new pg.Client({ connectionString: server.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  server.pathname = `/${name}`;
  url = server.href;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  rmSync(directory, { recursive: true });
  await dropDatabase(inject("serverUrl"), name);
});

type Table = { name: string; columns: { name: string; type: string }[]; key: string[] };

/** The tables and columns of the first version. */
async function knownTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.table_name as name,
            json_agg(json_build_object('name', column_name, 'type', udt_name)) as columns,
            (select json_agg(a.attname) from pg_index i
               join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
              where i.indrelid = c.table_name::regclass and i.indisprimary) as key
       from information_schema.columns c
      where c.table_schema = 'public' and c.table_name <> '_prisma_migrations'
      group by c.table_name`,
  );
  return rows;
}

const values: Record<string, unknown> = {
  ...{ text: "one", int4: 1, int8: "1", float8: 1.5, bool: false, jsonb: "{}", bytea: "" },
  ...{
    timestamptz: "2026-01-01T00:00:00Z",
    timestamp: "2026-01-01",
    date: "2026-01-01",
    _text: [],
  },
};

/** Writes, reads, changes and deletes a row, using the columns of the first version. */
async function use(client: pg.Client, table: Table, worker: number): Promise<void> {
  const { columns } = table;
  const row = columns.map((column) => {
    const value = values[column.type];
    if (value === undefined) throw new Error(`no value for ${column.type}`);
    return table.key.includes(column.name) && column.type === "text" ? `w${worker}` : value;
  });
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  const places = columns.map((_, index) => `$${index + 1}`).join(", ");
  await client.query(`insert into "${table.name}" (${names}) values (${places})`, row);
  const own = table.key.map((key) => `"${key}" = $${columns.findIndex((c) => c.name === key) + 1}`);
  const all = `${own.join(" and ")} and (${columns
    .map((column, index) => `$${index + 1}::${column.type} is not null`)
    .join(" or ")})`;
  const read = await client.query(`select ${names} from "${table.name}" where ${all}`, row);
  if (read.rowCount !== 1) throw new Error(`${table.name} lost its row`);
  const set = columns.map((column, index) => `"${column.name}" = $${index + 1}`).join(", ");
  await client.query(`update "${table.name}" set ${set} where ${own.join(" and ")}`, row);
  await client.query(`delete from "${table.name}" where ${all}`, row);
}

describe("migrating while processes of the previous version run", () => {
  it("lets them continue to write and read their columns", async () => {
    await migrate(url, directory);
    const tables = await knownTables(await connect());
    expect(tables.length).toBeGreaterThan(10);
    let migrated = false;
    const oldProcess = async (worker: number) => {
      const client = await connect();
      const rounds = { before: 0, after: 0 };
      while (rounds.after < 2) {
        rounds[migrated ? "after" : "before"] += 1;
        for (const table of tables) await use(client, table, worker);
      }
      return rounds;
    };
    const running = [1, 2, 3].map(oldProcess);
    await sleep(200);
    expect(await migrate(url)).toEqual(later);
    migrated = true;
    for (const { before, after } of await Promise.all(running)) {
      expect(before).toBeGreaterThan(0);
      expect(after).toBe(2);
    }
  });

  it("withdraws its lock request when a table is in use for long, so that nobody queues behind it", async () => {
    await migrate(url, directory);
    add("20990101000000_column", 'alter table "shops" add column "later" text');
    const long = await connect();
    await long.query("begin; select * from shops");
    let done = false;
    const migrating = migrate(url, directory).finally(() => (done = true));
    const other = await connect();
    const waiting = "select 1 from pg_locks where not granted and mode = 'AccessExclusiveLock'";
    while ((await other.query(waiting)).rowCount === 0) await sleep(10);
    // Queued behind the requested lock; it finishes because the migration withdraws while the long
    // transaction continues.
    await other.query("select * from shops");
    expect(done).toBe(false);
    await long.query("commit");
    expect(await migrating).toEqual(["20990101000000_column"]);
  });

  it("creates an index concurrently with writers, also when two start at once or one was killed", async () => {
    await migrate(url, directory);
    const sql = 'create index concurrently if not exists "late" on "orders" ("updated_at")';
    add("20990101000000_index", sql);
    const client = await connect();
    // A killed one leaves an invalid index.
    await client.query('create index "late" on "orders" ("updated_at")');
    await client.query(
      "update pg_index set indisvalid = false where indexrelid = 'late'::regclass",
    );
    const both = await Promise.all([migrate(url, directory), migrate(url, directory)]);
    expect(both.flat()).toEqual(["20990101000000_index"]);
    const valid = "select indisvalid from pg_index where indexrelid = 'late'::regclass";
    expect((await client.query(valid)).rows).toEqual([{ indisvalid: true }]);
  });
});
