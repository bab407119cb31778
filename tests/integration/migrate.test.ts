import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";

import { migrate } from "../../scripts/migrate.ts";
import { dropDatabase } from "../setup/test-database.ts";

const migrations = path.resolve(import.meta.dirname, "../../prisma/migrations");
const all = readdirSync(migrations).filter((entry) => entry !== "migration_lock.toml");
const name = `test_migrate_${process.pid}`;
let directory: string;
let url: string;

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query(sql);
  await client.end();
  return result.rows;
}

function addMigration(folder: string, sql: string): void {
  cpSync(migrations, directory, { recursive: true });
  cpSync(path.join(migrations, "20261121000000_init"), path.join(directory, folder), {
    recursive: true,
  });
  writeFileSync(path.join(directory, folder, "migration.sql"), sql);
}

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "encore-migrations-"));
  const server = new URL(inject("serverUrl"));
  const admin = new pg.Client({ connectionString: server.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  server.pathname = `/${name}`;
  url = server.href;
});

afterEach(async () => {
  rmSync(directory, { recursive: true });
  await dropDatabase(inject("serverUrl"), name);
});

describe("migrating a database", () => {
  it("applies what is missing, once, also when two processes start together", async () => {
    const both = await Promise.all([migrate(url), migrate(url)]);
    expect(both.map((done) => done.length).sort()).toEqual([0, all.length]);
    expect(await query("select count(*)::int from orders")).toEqual([{ count: 0 }]);
    addMigration("20990101000000_later", "create table later (id int)");
    expect(await migrate(url, directory)).toEqual(["20990101000000_later"]);
  });

  it("leaves nothing behind of a migration that fails", async () => {
    await migrate(url);
    addMigration("20990101000000_bad", "create table half (id int); select nonsense");
    await expect(migrate(url, directory)).rejects.toThrow("20990101000000_bad failed");
    expect(await query("select to_regclass('half') as half")).toEqual([{ half: null }]);
    expect(await migrate(url)).toEqual([]);
  });

  it("refuses a migration that was edited after it was applied", async () => {
    await migrate(url);
    addMigration("20261121000000_init", "select 1");
    await expect(migrate(url, directory)).rejects.toThrow("edited after it was applied");
  });
});
