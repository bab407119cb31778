import pg from "pg";
import { embeddedPostgres, type EmbeddedDatabase } from "../embedded-postgres.ts";
import { migrate } from "../migrate.ts";

/** A database of the embedded server, emptied and migrated. */
export async function freshDatabase(name: string): Promise<EmbeddedDatabase> {
  const database = await embeddedPostgres(name);
  const maintenance = new URL(database.url);
  maintenance.pathname = "/postgres";
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    const identifier = pg.escapeIdentifier(name);
    await client.query(`drop database if exists ${identifier} with (force)`);
    await client.query(`create database ${identifier}`);
  } finally {
    await client.end();
  }
  await migrate(database.url);
  return database;
}
