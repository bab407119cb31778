import pg from "pg";

import { type EmbeddedDatabase, embeddedPostgres } from "../embedded-postgres.ts";
import { migrate } from "../migrate.ts";

/**
 * A database of the embedded server, emptied and migrated, for this process alone until released.
 *
 * @throws Error when another process has taken it so
 */
export async function freshDatabase(name: string): Promise<EmbeddedDatabase> {
  const database = await embeddedPostgres(name);
  const maintenance = new URL(database.url);
  maintenance.pathname = "/postgres";
  const client = new pg.Client({ connectionString: maintenance.href });
  // The lock falls with the connection, also when this process is killed or the server goes away.
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
