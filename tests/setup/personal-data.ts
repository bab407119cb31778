import { gunzipSync, inflateSync } from "node:zlib";

import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

// Searches for personal data in every column of every table, including the queue's, and in text. Names, addresses
// and numbers are found as whole words, ignoring case.

/** Texts that must not be found: a person's names, e-mail address, phone number, address lines. */
export type Needles = { search: (text: string) => string[] };

const WORD = /[\p{L}\p{N}@._+-]+/gu;
const words = (text: string) =>
  text
    .toLowerCase()
    .match(WORD)
    ?.map((word) => word.replace(/[._-]+$/, "")) ?? [];

/** @param personal texts, each found only where all its words are adjacent */
export function needlesOf(personal: Iterable<string | null | undefined>): Needles {
  const byFirstWord = new Map<string, string[][]>();
  for (const text of personal) {
    const parts = words(text ?? "");
    const [first] = parts;
    if (first === undefined) continue;
    const known = byFirstWord.get(first);
    if (known === undefined) byFirstWord.set(first, [parts]);
    else if (!known.some((one) => one.join(" ") === parts.join(" "))) known.push(parts);
  }
  return {
    search: (text) => {
      const there = words(text);
      return there.flatMap((word, at) =>
        (byFirstWord.get(word) ?? [])
          .filter((parts) => parts.every((part, offset) => there[at + offset] === part))
          .map((parts) => parts.join(" ")),
      );
    },
  };
}

type Client = pg.Client | pg.PoolClient;

/**
 * Every occurrence by table, as `schema.table: text`. Binary columns are read as text, after decompression if they
 * are compressed.
 */
export async function personalDataIn(client: Client, needles: Needles): Promise<string[]> {
  const found = new Set<string>();
  for (const { table, bytes } of await tablesOf(client)) {
    const stream = client.query(copyTo(`copy (select t::text from ${table} t) to stdout`));
    let rest = "";
    for await (const chunk of stream) {
      const lines = (rest + (chunk as Buffer).toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines)
        for (const what of needles.search(line)) found.add(`${table}: ${what}`);
    }
    for (const column of bytes) {
      const { rows } = await client.query<{ value: Buffer }>(
        `select ${column} as value from ${table} where ${column} is not null`,
      );
      for (const { value } of rows) {
        for (const what of needles.search(unpacked(value))) found.add(`${table}: ${what}`);
      }
    }
  }
  return [...found].sort();
}

async function tablesOf(client: Client): Promise<{ table: string; bytes: string[] }[]> {
  const { rows } = await client.query<{ table: string; bytes: string[] }>(
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as table,
            coalesce(json_agg(quote_ident(a.attname)) filter (where a.atttypid = 'bytea'::regtype),
                     '[]') as bytes
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
      group by 1 order by 1`,
  );
  return rows;
}

function unpacked(value: Buffer): string {
  for (const unpack of [gunzipSync, inflateSync]) {
    try {
      return unpack(value).toString("utf8");
    } catch {
      // Compressed in another way, or not at all.
    }
  }
  return value.toString("utf8");
}
