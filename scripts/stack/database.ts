import pg from "pg";

import { migrate } from "../migrate.ts";
import { type EmbeddedDatabase, embeddedPostgres, type Keeping } from "../postgres/embedded.ts";

/**
 * A database of the embedded server, emptied and migrated, exclusive to this process until released.
 *
 * @param keeping "kept" where speed is measured: a real server waits for its disk
 * @throws Error when another process uses it
 */
export async function freshDatabase(
  name: string,
  keeping: Keeping = "disposable",
): Promise<EmbeddedDatabase> {
  const database = await embeddedPostgres(name, keeping);
  const maintenance = new URL(database.url);
  maintenance.pathname = "/postgres";
  const client = new pg.Client({ connectionString: maintenance.href });
  // The lock is released with the connection, also when this process is killed or the server stops.
  client.on("error", () => undefined);
  await client.connect();
  const release = async () => {
    await client.end();
    await database.release();
  };
  try {
    await take(client, name);
    const identifier = pg.escapeIdentifier(name);
    await client.query(`drop database if exists ${identifier} with (force)`);
    await client.query(`create database ${identifier}`);
    await migrate(database.url);
    return { url: database.url, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function take(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtext($1)) as taken",
    [name],
  );
  if (rows[0]?.taken) return;
  throw new Error(
    `The database ${name} is in use: a demo of the same shop, or a test, runs from this folder. ` +
      "End it first (Ctrl+C where it runs).",
  );
}
