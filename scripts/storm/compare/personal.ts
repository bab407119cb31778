import { readFileSync } from "node:fs";

import pg from "pg";

import { needlesOf, personalDataIn } from "#tests/setup/personal-data.ts";

import type { Difference } from "./difference.ts";

export type Person = { firstName: string; lastName: string; email: string | null };

/** Shorter given names could occur by chance in encrypted text. */
const LONG_ENOUGH = 5;

/**
 * Searches for people in every column of every table, and in the app's logs.
 *
 * @param logs files
 */
export async function findPersonalData(
  databaseUrl: string,
  people: readonly Person[],
  logs: readonly string[],
): Promise<{ compared: number; differences: Difference[] }> {
  const needles = needlesOf(
    people.flatMap(({ firstName, lastName, email }) => [
      ...[lastName, `${firstName} ${lastName}`, email],
      firstName.length < LONG_ENOUGH ? null : firstName,
    ]),
  );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const inTables = await personalDataIn(client, needles);
    const inLogs = logs.flatMap((file) => {
      const found = needles.search(readFileSync(file, "utf8"));
      return found.map((what) => `${file}: ${what}`);
    });
    const differences = [...inTables, ...inLogs].map((found): Difference => {
      const [place = ""] = found.split(": ");
      return { shop: "all", what: "personal data", detail: `${place} names a customer` };
    });
    return { compared: people.length, differences };
  } finally {
    await client.end();
  }
}
