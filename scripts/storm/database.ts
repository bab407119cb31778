import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import pg from "pg";

import { serverUrl } from "../embedded-postgres.ts";
import { serverHome } from "../embedded-postgres-binaries.ts";
import { dataOf, initialise } from "../embedded-postgres-server.ts";
import { migrate } from "../migrate.ts";
import { freePort } from "../stack/processes.ts";
import { eventually } from "./eventually.ts";
import { Supervised } from "./supervised.ts";

/** A PostgreSQL server for one storm, which may be crashed and comes back on the same port. */
export class StormDatabase {
  readonly url: string;
  readonly server: Supervised;
  readonly #home: string;

  private constructor(parts: { url: string; server: Supervised; home: string }) {
    this.url = parts.url;
    this.server = parts.server;
    this.#home = parts.home;
  }

  /** @param directory an empty one */
  static async start(directory: string): Promise<StormDatabase> {
    const home = serverHome(path.resolve(directory));
    mkdirSync(home, { recursive: true });
    await initialise(home);
    const port = await freePort();
    const server = new Supervised({
      name: "postgres",
      args: ["--import", "tsx", "scripts/storm/postgres-process.ts", home, String(port)],
      env: {},
      logDirectory: directory,
    });
    const database = new StormDatabase({ url: serverUrl(port), server, home });
    await database.untilUp();
    await migrate(database.url);
    return database;
  }

  untilUp(): Promise<void> {
    const up = () => this.rows("select 1").then(({ length }) => length === 1);
    return eventually("PostgreSQL answers", up, { seconds: 60, everyMs: 100 });
  }

  /** An immediate shutdown: nothing is written any more, and the next start recovers from the log. */
  async crash(): Promise<void> {
    const pidFile = path.join(dataOf(this.#home), "postmaster.pid");
    const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    this.server.expectEnd();
    process.kill(pid, "SIGQUIT");
    await this.untilUp();
  }

  /** On a connection of its own, so that none is held when the server goes away. */
  async rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
