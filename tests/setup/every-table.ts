import { pool } from "#app/lib/db.server.ts";

// Helpers that cover every table of the database, so that tests cannot forget a new one.

export type Column = { name: string; type: string; nullable: boolean };
export type Table = { schema: string; table: string; columns: Column[] };

/** All tables with their own rows, ours and the queue's. */
export async function everyTable(schemas = ["public", "pgboss"]): Promise<Table[]> {
  const { rows } = await pool.query<Table>(
    `select t.table_schema as schema, t.table_name as table,
            json_agg(json_build_object('name', c.column_name, 'type', c.udt_name,
                     'nullable', c.is_nullable = 'YES' or c.column_default is not null
                                 or c.is_identity = 'YES')
                     order by c.ordinal_position) as columns
       from information_schema.tables t
       join information_schema.columns c using (table_schema, table_name)
      where t.table_type = 'BASE TABLE' and t.table_schema = any($1)
      group by 1, 2 order by 1, 2`,
    [schemas],
  );
  return rows;
}

/** Our tables that have a shop column. */
export async function shopTables(): Promise<Table[]> {
  const all = await everyTable(["public"]);
  return all.filter(({ columns }) => columns.some(({ name }) => name === "shop"));
}

const SAMPLES: Record<string, unknown> = {
  bool: true,
  int4: 3,
  int8: 3,
  float8: 0.5,
  date: "2026-11-01",
  timestamp: "2026-11-01T00:00:00Z",
  timestamptz: "2026-11-01T00:00:00Z",
  json: "{}",
  jsonb: "{}",
  bytea: Buffer.from("x"),
  _text: [],
  int2: 1,
  float4: 0.5,
  _int8: [],
};

/** The values of a row: the shop, the customer in every customer column, and texts that name the columns. */
export type Filling = { shop: string; customerId: string; word: string };

/** Inserts a row with all columns into each of our tables with a shop column, unless there is one. */
export async function fillEveryTable({ shop, customerId, word }: Filling): Promise<string[]> {
  const tables = await shopTables();
  for (const { table, columns } of tables) {
    const values = columns.map(({ name, type }) => {
      if (name === "shop") return shop;
      if (name === "customer_id") return customerId;
      if (name.endsWith("_tier")) return "high";
      if (name.endsWith("time_zone")) return "Europe/London";
      if (type === "text") return `${word}-${name}`;
      const sample = SAMPLES[type];
      if (sample === undefined) throw new Error(`No sample for ${table}.${name} of type ${type}`);
      return sample;
    });
    await pool.query(
      `insert into ${table} (${columns.map(({ name }) => `"${name}"`).join(", ")})
       values (${values.map((_, index) => `$${String(index + 1)}`).join(", ")})
       on conflict do nothing`,
      values,
    );
  }
  return tables.map(({ table }) => table);
}

/** The tables, including the queue's, with a row that contains the text in any column. */
export async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const { schema, table } of await everyTable()) {
    const { rowCount } = await pool.query(
      `select 1 from ${schema}."${table}" t where position($1 in t::text) > 0 limit 1`,
      [text],
    );
    if (rowCount !== 0) found.push(`${schema}.${table}`);
  }
  return found;
}

/** All rows of a shop as text, by table, to check that nothing was changed. */
export async function rowsOf(shop: string): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const { table } of await shopTables()) {
    const result = await pool.query<{ row: string }>(
      `select t::text as row from ${table} t where shop = $1 order by 1`,
      [shop],
    );
    rows[table] = result.rows.map(({ row }) => row);
  }
  return rows;
}
