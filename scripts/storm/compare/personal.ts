import { readFileSync } from "node:fs";

import type { StormDatabase } from "../database.ts";
import type { Difference } from "./difference.ts";

export type Person = { firstName: string; lastName: string; email: string | null };

/**
 * Looks for people in every column of every table, and in what the app logged.
 *
 * @param logs files
 */
export async function findPersonalData(
  database: StormDatabase,
  people: readonly Person[],
  logs: readonly string[],
): Promise<{ compared: number; differences: Difference[] }> {
  const search = searchFor(people);
  const differences: Difference[] = [];
  let compared = 0;
  const look = (what: string, text: string) => {
    compared += 1;
    const found = search(text);
    if (found !== null) differences.push({ shop: "all", what, detail: `holds ${found}` });
  };
  for (const table of await tablesOf(database)) {
    const rows = await database.rows<{ text: string }>(
      `select to_jsonb(t)::text as text from ${table} t`,
    );
    for (const { text } of rows) look(table, text);
  }
  for (const file of logs) {
    for (const line of readFileSync(file, "utf8").split("\n")) look(file, line);
  }
  return { compared, differences };
}

async function tablesOf(database: StormDatabase): Promise<string[]> {
  const rows = await database.rows<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema in ('public', 'pgboss')`,
  );
  return rows.map(({ name }) => name);
}

/** @returns what kind of personal data a text holds, or null */
export function searchFor(people: readonly Person[]): (text: string) => string | null {
  const lastNames = new Set(people.map(({ lastName }) => lastName));
  const firstNames = new Set(people.map(({ firstName }) => firstName));
  const emails = new Set(people.flatMap(({ email }) => (email === null ? [] : [email])));
  return (text) => {
    const addresses = text.toLowerCase().match(/[\w.+-]+@[\w.-]+\w/g) ?? [];
    if (addresses.some((address) => emails.has(address))) return "an e-mail address";
    // Family names are long; a given name could be the chance of a cipher, unless it stands alone.
    if ((text.match(/[A-Za-z]{5,}/g) ?? []).some((word) => lastNames.has(word))) return "a name";
    const alone = text.match(/(?<![^\s"])[A-Za-z]+(?![^\s"])/g) ?? [];
    return alone.some((word) => firstNames.has(word)) ? "a given name" : null;
  };
}
