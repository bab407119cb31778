import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";
import { afterAll, describe, expect, inject, it } from "vitest";

import { serverHome } from "../../scripts/postgres/binaries.ts";
import { embeddedPostgres, portOf } from "../../scripts/postgres/embedded.ts";

// Outside the project, whose server is in use, and in a directory that the server's user cannot
// enter when run as root, so that its files are kept elsewhere.
const directory = path.join(mkdtempSync(path.join(tmpdir(), "encore-embedded-")), "postgres");
const home = serverHome(directory);

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("it did not happen");
    await sleep(100);
  }
}

afterAll(() => {
  for (const each of [home, path.dirname(directory)])
    rmSync(each, { recursive: true, force: true });
});

async function setting(url: string, name: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ value: string }>("select current_setting($1) as value", [
    name,
  ]);
  await client.end();
  return rows[0]?.value;
}

describe("the embedded PostgreSQL", () => {
  it("is shared by all, survives its keeper, and stops when nobody needs it", async () => {
    const [one, two] = await Promise.all([
      embeddedPostgres("one", "kept", directory),
      embeddedPostgres("two", "kept", directory),
    ]);
    const port = portOf(home) ?? 0;
    expect(new URL(one.url).port).toBe(new URL(two.url).port);
    expect(new URL(one.url).pathname).toBe("/one");

    const keeper = Number(readFileSync(path.join(home, "keeper.pid"), "utf8"));
    process.kill(keeper, "SIGKILL");
    await sleep(200);
    const three = await embeddedPostgres("one", "kept", directory);
    expect(new URL(three.url).port).toBe(String(port));

    await Promise.all([one, two, three].map((database) => database.release()));
    await until(async () => !(await answers(port)));
    const again = await embeddedPostgres("one", "kept", directory);
    expect(await setting(again.url, "fsync")).toBe("on");
    await again.release();
    const next = portOf(home) ?? 0;
    await until(async () => !(await answers(next)));
  });

  it("does not wait for the disk where databases are recreated each time", async () => {
    const { url, release } = await embeddedPostgres("postgres", "disposable");
    expect(await setting(url, "fsync")).toBe("off");
    expect(new URL(url).port).toBe(new URL(inject("serverUrl")).port);
    await release();
  });
});
