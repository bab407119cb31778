import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";

import { diagnose } from "../../scripts/doctor/diagnose.ts";
import { type Finding, formatFinding } from "../../scripts/doctor/finding.ts";
import { writeAppConfig } from "../../scripts/stack/app-config.ts";
import { Merchant } from "../../scripts/stack/merchant.ts";
import { freePort } from "../../scripts/stack/processes.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";
import { startWeb, type WebProcess } from "./web-process.ts";
import { killWorkers, startWorker, until } from "./worker-process.ts";

// A complete product, like the demo's; the tests break one part after another, run the doctor, and
// repair it.

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("generated.myshopify.com");
const directory = mkdtempSync(path.join(tmpdir(), "encore-doctor-"));
const scopes = ["read_orders", "read_all_orders", "write_customers", "read_customer_merge"];

let simulator: RunningSimulator;
let web: WebProcess;
let config: string;
let good: Record<string, string | undefined>;

beforeAll(async () => {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${String(port)}`;
  config = writeAppConfig(directory, { appUrl, apiKey: "simulated-key" });
  // A scope that is not granted yet is left out of the file.
  const asked = readFileSync(config, "utf8");
  writeFileSync(config, asked.replace(/^scopes = .*$/m, `scopes = "${scopes.join(",")}"`));
  simulator = await startSimulator("generated", [
    ...["--customers", "40", "--seed", "5", "--bulk-latency-ms", "20", "--app-url", appUrl],
    ...["--app-config", config],
  ]);
  const own = { SIMULATED_SHOPIFY_URL: simulator.url, SHOPIFY_APP_URL: appUrl };
  Object.assign(process.env, own);
  good = { ...process.env };
  web = await startWeb({ ...own, PORT: String(port) });
  await startWorker();
  await merchant(appUrl).open();
  await until("all is imported", async () => {
    const done = "select 1 from progress where task = 'import' and state = 'done'";
    return (await pool.query(done)).rowCount === 1;
  });
  const { rows } = await pool.query<{ id: string }>("select customer_id as id from orders limit 1");
  await simulator.control("orders", { shop: "generated", customerId: rows[0]?.id, amount: 20 });
  await until("its webhook has come", async () => {
    const come = "select 1 from webhook_inbox where topic = 'orders/create'";
    return (await pool.query(come)).rowCount !== 0;
  });
}, 180_000);

afterAll(async () => {
  await killWorkers();
  await web.stop();
  await closeDatabase();
  await simulator.stop();
  rmSync(directory, { recursive: true });
});

function merchant(appUrl: string): Merchant {
  const apps = { appUrl, apiKey: "simulated-key", apiSecret: "simulated-secret" };
  return new Merchant({ shop: "generated", domain: shop, simulatorUrl: simulator.url, ...apps });
}

type Broken = {
  env?: Record<string, string | undefined>;
  /** Replacements in the configuration's text. */
  file?: [RegExp, string][];
  store?: boolean;
};

/** The text of the findings that are not ✓. */
async function ailments({ env = {}, file, store = true }: Broken = {}): Promise<string[]> {
  let looked = config;
  if (file !== undefined) {
    looked = path.join(directory, "shopify.app.broken.toml");
    const text = file.reduce(
      (all, [from, to]) => {
        expect(all).toMatch(from);
        return all.replace(from, to);
      },
      readFileSync(config, "utf8"),
    );
    writeFileSync(looked, text);
  }
  const source = { ...good, ...env };
  const findings: Finding[] = [];
  const wish = { source, root, config: looked, shop: store ? shop : undefined };
  for await (const finding of diagnose(wish)) findings.push(finding);
  return findings.filter(({ mark }) => mark !== "ok").map(formatFinding);
}

const has = (...texts: (string | RegExp)[]) =>
  texts.map((text) => expect.stringMatching(text) as string);

/** The command as a person runs it. */
async function command(args: string[], node: string[] = []) {
  const child = spawn(
    process.execPath,
    [...node, "--import", "tsx", "scripts/doctor.ts", ...args],
    {
      cwd: root,
      env: good as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, said };
}

const preload = (code: string) => ["--import", `data:text/javascript,${encodeURIComponent(code)}`];

/** Breaks something in the database during a check. */
async function meanwhile(
  [breaks, mends]: [breaks: string, mends: string],
  work: () => Promise<void>,
): Promise<void> {
  await pool.query(breaks);
  try {
    await work();
  } finally {
    await pool.query(mends);
  }
}

/** A running worker would react to what is broken, and repair some of it. */
async function withoutWorker(work: () => Promise<void>): Promise<void> {
  await settled();
  await killWorkers();
  await until("the database knows that it is gone", async () => {
    const locks = "select 1 from pg_stat_activity where application_name = 'encore-worker'";
    return (await pool.query(`${locks} and datname = current_database()`)).rowCount === 0;
  });
  try {
    await work();
  } finally {
    await startWorker();
    await until("all is well again", async () => (await ailments()).length === 0);
  }
}

/** All enqueued work is done or has failed. */
async function settled(): Promise<void> {
  await until("nothing is asked for any more", async () => {
    await pool.query("truncate parked_jobs");
    const asked = `select 1 from pgboss.job where state in ('created', 'retry', 'active')
                      and not starts_with(name, '__pgboss__')`;
    return (await pool.query(asked)).rowCount === 0;
  });
}

const beside = (found: string[]) => found.filter((line) => !line.startsWith("! Queue"));

describe("npm run doctor", () => {
  it("reports a working installation, and exits with 0", async () => {
    const { code, said } = await command(["--config", config, "--shop", shop]);
    const lines = said.trim().split("\n");
    expect(lines.filter((line) => /^[!✗]|→/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe("All is well.");
    expect(code).toBe(0);
    for (const about of [
      ...["Node", "Environment", "Shopify", "shopify.app.toml", "Scopes", "Webhooks", "Address"],
      ...["Database", "Clock", "Migrations", "Queue", "Token keys", "Client secret", "Shop"],
      ...["Token", "Scopes granted", "Orders", "Deliveries"],
    ]) {
      expect(lines.filter((line) => line.slice(0, 18).trim() === `✓ ${about}`)).toHaveLength(1);
    }
  });

  it("changes nothing", async () => {
    const all = () =>
      pool.query<{ row: string }>(
        "select s::text as row from sessions s union all select s::text from shops s",
      );
    const before = (await all()).rows;
    expect(await ailments()).toEqual([]);
    expect((await all()).rows).toEqual(before);
  });

  it("exits with 1 and the number of problems, without the store unless it is named", async () => {
    const { code, said } = await command(["--config", "no-such"]);
    expect(code).toBe(1);
    expect(said).toMatch(/✗ shopify\.app\.no-such\.toml there is no .*\n +→ name the file with/);
    expect(said).toMatch(/1 to fix, 0 warnings\. The store was not checked: use --shop\./);
  });

  it("explains itself", async () => {
    expect(await command(["--help"])).toMatchObject({
      code: 0,
      said: expect.stringContaining("changes nothing") as string,
    });
    expect(await command(["--shop", "example.com"])).toMatchObject({
      code: 2,
      said: expect.stringContaining("expected name.myshopify.com") as string,
    });
  });

  it("does not start on a Node that is too old, and says so", async () => {
    const older =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.5" } })';
    const { code, said } = await command([], preload(older));
    expect([code, said]).toEqual([1, expect.stringMatching(/^Encore needs Node .* 20\.19\.5/)]);
  });

  it("finds a clock that is off", async () => {
    const late = "const now = Date.now; Date.now = () => now() - 300_000";
    const { code, said } = await command(["--config", config], preload(late));
    expect(said).toMatch(
      /✗ Clock +\d{3} s behind the database server\n +→ set this machine's clock/,
    );
    expect(code).toBe(1);
  });
});

describe("the environment", () => {
  it.each([
    ["SHOPIFY_API_KEY", "client id"],
    ["SHOPIFY_API_SECRET", "client secret"],
    ["SHOPIFY_APP_URL", "the https URL"],
    ["DATABASE_URL", "postgresql://user:password@host"],
    ["TOKEN_KEYS", "32 bytes in base64"],
  ])("lacks %s: named, with what would be right", async (name, right) => {
    const [first] = await ailments({ env: { [name]: undefined } });
    expect(first).toMatch(new RegExp(`^✗ ${name} +not set\\n +→ .*${right}`));
  });

  it("has several wrong values: each is named, and no secret is shown", async () => {
    const env = { TOKEN_KEYS: "now:c2hvcnQ=", PORT: "many", LOG_LEVEL: "loud" };
    const found = await ailments({ env });
    expect(found).toEqual(
      has(
        /^✗ PORT +"many"/,
        /^✗ TOKEN_KEYS +a value \(not shown\)\n +→ key 1 \(now\) has 5 bytes instead of 32/,
        /^✗ LOG_LEVEL +"loud"/,
      ),
    );
    expect(found.join("\n")).not.toContain("c2hvcnQ");
  });

  it("of a real app: an address without TLS and malformed ids or secrets are reported", async () => {
    const env = { SIMULATED_SHOPIFY_URL: undefined };
    expect(await ailments({ env, store: false })).toEqual(
      has(
        /^! SHOPIFY_API_KEY +"simulated-key" does not look like a client id/,
        /^! SHOPIFY_API_SECRET a value \(not shown\) that does not look like/,
        /^✗ shopify\.app\.toml application_url is "http:.*\n +→ Shopify opens https/,
        /^✗ SHOPIFY_APP_URL +"http:.*\n +→ Shopify opens https/,
        /^! SHOPIFY_APP_URL +.* is of this machine alone/,
      ),
    );
  });

  it("asks for other scopes than the file", async () => {
    const env = { SCOPES: "read_orders,write_customers,read_customer_merge,read_products" };
    expect(await ailments({ env })).toEqual(
      has(/^✗ SCOPES +the file and SCOPES differ in read_all_orders and read_products/),
    );
  });
});

describe("the configuration file", () => {
  const cases: [what: string, file: [RegExp, string][], found: RegExp[]][] = [
    ["has no client id", [[/client_id = .*/, 'client_id = ""']], [/client_id is empty\n +→ copy/]],
    [
      "is another app's",
      [[/client_id = .*/, 'client_id = "other"']],
      [/client_id is "other", SHOPIFY_API_KEY is "simulated-key": two apps/],
    ],
    [
      "has the address that stands for one",
      [[/http:\/\/127[^"/]*/g, "https://encore.example"]],
      [/application_url is "https:\/\/encore\.example", which is nobody's/],
    ],
    [
      "has another address than the environment",
      [[/http:\/\/127[^"/]*/g, "https://encore.shop"]],
      [/application_url is "https:\/\/encore\.shop", SHOPIFY_APP_URL is "http:/],
    ],
    ["has no redirect", [[/redirect_urls = .*/, "redirect_urls = []"]], [/redirect_urls is empty/]],
    [
      "has a redirect elsewhere",
      [[/redirect_urls = .*/, 'redirect_urls = ["https://other.shop/auth/callback"]']],
      [/redirect_urls has https:\/\/other\.shop\/auth\/callback/],
    ],
    ["is not embedded", [[/embedded = true/, "embedded = false"]], [/embedded is false/]],
    [
      "speaks another version",
      [[/api_version = .*/, 'api_version = "2024-01"']],
      [/webhooks\.api_version is "2024-01"\n +→ api_version = "2026-10"/],
    ],
    [
      "does not ask for what is needed, and asks for what is not",
      [[/write_customers,read_customer_merge"/, 'read_customer_merge,write_discounts"']],
      [/does not ask for write_customers/, /asks for write_discounts, which nothing uses/],
    ],
    [
      "does not subscribe to a topic",
      [[/"orders\/updated", /, ""]],
      [/does not subscribe to orders\/updated/],
    ],
    [
      "sends a topic elsewhere",
      [[/uri = "\/webhooks\/customers"/, 'uri = "/webhooks/people"']],
      [/customers\/delete goes to \/webhooks\/people\n +→ uri = "\/webhooks\/customers"/],
    ],
    [
      "subscribes to what nothing takes",
      [[/"orders\/updated"/, '"orders/updated", "customers/update"']],
      [/nothing takes customers\/update/],
    ],
    ["is no TOML", [[/\[auth\]/, "[auth"]], [/it cannot be read/]],
  ];
  it.each(cases)("%s", async (_, file, found) => {
    const all = await ailments({ file, store: false });
    expect(all).toEqual(has(...found));
    for (const line of all) expect(line).toMatch(/^[✗!] shopify\.app\.broken\.toml/);
  });

  it("is for development: its address is set by the CLI", async () => {
    const line = "automatically_update_urls_on_dev = true";
    const file: [RegExp, string][] = [[/\[auth\]/, `[build]\n${line}\n[auth]`]];
    const moved: [RegExp, string] = [/http:\/\/127[^"/]*/g, "https://old.trycloudflare.com"];
    expect(await ailments({ file: [...file, moved] })).toEqual(
      has(/^! .*application_url is .*\n +→ right while shopify app dev runs/),
    );
    const example: [RegExp, string] = [/http:\/\/127[^"/]*/g, "https://encore.example"];
    expect(await ailments({ file: [...file, example] })).toEqual([]);
  });
});

describe("the address", () => {
  it("does not answer, or something else does", async () => {
    const dead = `http://127.0.0.1:${String(await freePort())}`;
    expect(await ailments({ env: { SHOPIFY_APP_URL: dead } })).toEqual(
      has(/SHOPIFY_APP_URL is "http/, /^✗ Address .*\/healthz does not answer: .*ECONNREFUSED/),
    );
    const other = createServer((_, response) => response.writeHead(404).end()).listen(0);
    await once(other, "listening");
    const url = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
    expect(await ailments({ env: { SHOPIFY_APP_URL: url } })).toEqual(
      has(/SHOPIFY_APP_URL is "http/, /^✗ Address .*\/healthz answers 404, not as Encore/),
    );
    other.close();
  });
});

describe("the database", () => {
  it("cannot be reached or does not exist; the password is not shown", async () => {
    const gone = `postgresql://encore:hunter2@127.0.0.1:${String(await freePort())}/encore`;
    const found = await ailments({ env: { DATABASE_URL: gone } });
    expect(found).toEqual(has(/^✗ Database +127\.0\.0\.1:\d+\/encore: .*ECONNREFUSED/));
    expect(found.join()).not.toContain("hunter2");
    const other = new URL(good.DATABASE_URL ?? "");
    other.pathname = "/no_such_database";
    expect(await ailments({ env: { DATABASE_URL: other.href } })).toEqual(
      has(/^✗ Database .*"no_such_database" does not exist.*\n +→ create the database/),
    );
  });

  it("lacks a migration, or has an incomplete, an edited or an unknown one", async () => {
    const name = "20261130000010_departures";
    const row = `from _prisma_migrations where migration_name = '${name}'`;
    const set = (what: string) =>
      `update _prisma_migrations set ${what} where migration_name = '${name}'`;
    const renamed = set("migration_name = migration_name || 'x'");
    const back = `update _prisma_migrations set migration_name = '${name}' where migration_name = '${name}x'`;
    await meanwhile([renamed, back], async () => {
      expect(await ailments()).toEqual(
        has(
          /^✗ Migrations +1 of \d+ are not applied: 20261130000010_departures\n +→ npm run migrate/,
        ),
      );
    });
    const { rows } = await pool.query<{ checksum: string; at: Date }>(
      `select checksum, finished_at as at ${row}`,
    );
    const { checksum = "", at = new Date() } = rows[0] ?? {};
    const finished = set(`finished_at = '${at.toISOString()}'`);
    await meanwhile([set("finished_at = null"), finished], async () => {
      expect(await ailments()).toEqual(has(/^✗ Migrations .*departures stopped half way/));
    });
    await meanwhile([set("checksum = 'x'"), set(`checksum = '${checksum}'`)], async () => {
      expect(await ailments()).toEqual(has(/^✗ Migrations .*departures: not what was applied/));
    });
    const newer = `insert into _prisma_migrations (id, checksum, migration_name, finished_at)
      values ('later', 'x', '20990101000000_later', now())`;
    await meanwhile([newer, "delete from _prisma_migrations where id = 'later'"], async () => {
      expect(await ailments()).toEqual(has(/^! Migrations .*20990101000000_later, which this/));
    });
  });

  it("has no worker", async () => {
    await withoutWorker(async () => {
      const found = await ailments();
      expect(found).toEqual(
        has(/^! Queue +no worker is connected, 0 jobs wait\n +→ start a worker/),
      );
    });
  });

  it("has jobs that were given up", async () => {
    const parked = `insert into parked_jobs (shop, task, error_code, attempts, ask_again_at)
      values ('${shop}', 'scoring.run', 'unknown', 13, now() + interval '1 day')`;
    await meanwhile([parked, "truncate parked_jobs"], async () => {
      expect(await ailments()).toEqual(has(/^! Queue +1 jobs were given up\n +→ npm run jobs/));
    });
  });
});

describe("the token keys", () => {
  const other = (id: string) => `${id}:${Buffer.alloc(32, 8).toString("base64")}`;

  it("lack the key that stored tokens are encrypted with", async () => {
    expect(await ailments({ env: { TOKEN_KEYS: other("new") } })).toEqual(
      has(
        /^✗ Token keys +1 stored tokens are sealed with key test, which TOKEN_KEYS does not give/,
        /^✗ Token +it is sealed with key test/,
      ),
    );
  });

  it("have another key under its name", async () => {
    expect(await ailments({ env: { TOKEN_KEYS: other("test") } })).toEqual(
      has(/^✗ Token keys +1 of the newest 1 tokens do not open with test/, /^✗ Token +it does not/),
    );
  });
});

describe("the store", () => {
  it("refuses the client secret or the client id", async () => {
    expect(await ailments({ env: { SHOPIFY_API_SECRET: "simulated-other" } })).toEqual(
      has(/^✗ Client secret +Shopify answers 400 .*client secret\n +→ SHOPIFY_API_SECRET is not/),
    );
    const file: [RegExp, string][] = [[/client_id = .*/, 'client_id = "other"']];
    expect(await ailments({ file, env: { SHOPIFY_API_KEY: "other" } })).toEqual(
      has(/^✗ Client id .*application_cannot_be_found.*\n +→ SHOPIFY_API_KEY is no app's/),
    );
  });

  it("cannot be reached", async () => {
    const nowhere = `http://127.0.0.1:${String(await freePort())}`;
    const found = await ailments({ env: { SIMULATED_SHOPIFY_URL: nowhere } });
    expect(found[0]).toMatch(
      /^✗ Shopify +generated\.myshopify\.com does not answer: .*ECONNREFUSED/,
    );
  });

  it("has not installed the app, has removed it, or its access was lost", async () => {
    const set = (what: string) => `update shops set ${what}`;
    const renamed = set("shop = 'x.myshopify.com'");
    const removed = set("uninstalled_at = now()");
    const lost = set("access_lost_at = now(), access_lost_code = 'not-renewed'");
    const found = set("access_lost_at = null, access_lost_code = null");
    const cases: [breaks: string, mends: string, told: RegExp][] = [
      [
        renamed,
        set(`shop = '${shop}'`),
        /^✗ Shop +generated.* has not opened the app\n +→ install/,
      ],
      [removed, set("uninstalled_at = null"), /^✗ Shop +generated.* has removed the app, on 20/],
      [lost, found, /^✗ Shop +access .* lost on .* \(not-renewed\)/],
    ];
    await withoutWorker(async () => {
      for (const [breaks, mends, told] of cases) {
        await meanwhile([breaks, mends], async () => {
          expect(beside(await ailments())).toEqual(has(told));
        });
      }
    });
  });

  it("has an expired token whose renewal may work or cannot work", async () => {
    await withoutWorker(async () => {
      const { rows } = await pool.query<{ e: string; r: string }>(
        "select expires::text as e, refresh_token_expires::text as r from sessions",
      );
      const { e = "", r = "" } = rows[0] ?? {};
      const past = "(now() - interval '1 minute') at time zone 'UTC'";
      const mended = `update sessions set expires = '${e}', refresh_token_expires = '${r}'`;
      await meanwhile([`update sessions set expires = ${past}`, mended], async () => {
        const found = beside(await ailments());
        expect(found).toEqual(has(/^! Token +it ran out on .* whether it can be renewed/));
      });
      const both = `update sessions set expires = ${past}, refresh_token_expires = ${past}`;
      await meanwhile([both, mended], async () => {
        const found = beside(await ailments());
        expect(found).toEqual(has(/^✗ Token +it ran out on .*, and what renews it on/));
      });
    });
  });

  /** The worker reacts to the grants too; its failed jobs are not part of this test. */
  async function withGrants(granted: string[], found: RegExp[]): Promise<void> {
    await simulator.control("scopes", { scopes: granted });
    expect(beside(await ailments())).toEqual(has(...found));
    await simulator.control("scopes", { scopes });
    await until("all has been done about it", async () => {
      await settled();
      return (await ailments()).length === 0;
    });
  }

  it("shows only the last 60 days of orders", async () => {
    const granted = scopes.filter((scope) => scope !== "read_all_orders");
    await withGrants(granted, [/^! Scopes granted +no read_all_orders: .* 60 days/]);
  });

  it("has not granted a scope, and its orders cannot be read", async () => {
    await withGrants(
      ["read_customer_merge", "read_all_orders"],
      [
        /^✗ Scopes granted +not granted: read_orders and write_customers \(import and write cannot/,
        /^✗ Orders +they cannot be read: Access denied.*\n +→ fill in the form on protected customer/,
      ],
    );
  });

  it("sends no webhooks", async () => {
    // An order that changed half an hour ago, in an installation of an hour.
    const hour = "installed_at = installed_at - interval '1 hour'";
    const back = "update shops set installed_at = installed_at + interval '1 hour'";
    const { rows } = await pool.query<{ row: object }>(
      "select to_jsonb(w) as row from webhook_inbox w",
    );
    await meanwhile([`update shops set ${hour}`, back], async () => {
      const { checkDeliveries } = await import("../../scripts/doctor/deliveries.ts");
      const { openDatabase } = await import("../../scripts/doctor/database.ts");
      const opened = await openDatabase(good.DATABASE_URL ?? "");
      if ("mark" in opened) throw new Error(formatFinding(opened));
      const installation = { installedAt: new Date(Date.now() - 3_600_000), fullHistory: true };
      const look = async (minutes: number) => {
        const newestChange = new Date(Date.now() - minutes * 60_000);
        return formatFinding(
          await checkDeliveries(opened.read, shop, { installation, newestChange }),
        );
      };
      expect(await look(30)).toMatch(/^✓ Deliveries +the newest is /);
      await pool.query("delete from webhook_inbox where topic like 'orders/%'");
      expect(await look(30)).toMatch(
        /^✗ .*no webhook has told of it; others come\n +→ shopify app/,
      );
      await pool.query("truncate webhook_inbox");
      expect(await look(30)).toMatch(/^✗ .*no webhook has told of it, nor of anything\n/);
      // Recent changes, and changes before the installation, prove nothing.
      expect(await look(5)).toMatch(/^! .*not known: none has come, and no order has changed/);
      expect(await look(90)).toMatch(/^! .*not known: none has come/);
      // The app's own requests in the inbox are not webhooks.
      await pool.query(
        `insert into webhook_inbox (shop, webhook_id, topic, resource_updated_at, handled_at)
         values ($1, 'look-again/1', 'orders/updated', now(), now())`,
        [shop],
      );
      expect(await look(30)).toMatch(/^✗ .*nor of anything/);
      // There was a webhook for an earlier version of the order, not for this one.
      await pool.query(
        `insert into webhook_inbox (shop, webhook_id, topic, resource_updated_at)
         values ($1, 'w1', 'orders/updated', now() - interval '50 minutes')`,
        [shop],
      );
      expect(await look(30)).toMatch(
        /^! .*has told of it, though others come\n +→ it is late or lost/,
      );
      await pool.query("truncate webhook_inbox");
      installation.installedAt = new Date(Date.now() - 30 * 86_400_000);
      expect(await look(7 * 24 * 60)).toMatch(/^! .*nothing is kept of the last week/);
      await opened.client.end();
    });
    await pool.query("truncate webhook_inbox");
    await pool.query(
      "insert into webhook_inbox select * from jsonb_populate_recordset(null::webhook_inbox, $1)",
      [JSON.stringify(rows.map(({ row }) => row))],
    );
    expect(await ailments()).toEqual([]);
  });

  it("refuses the stored token, until the app has noticed", async () => {
    await settled();
    await simulator.control("tokens/replace", { shop: "generated" });
    expect(await ailments()).toEqual(
      has(/^✗ Token +Shopify refuses the stored one \(401\).*\n +→ press “Check now” in the app/),
    );
    const app = merchant(good.SHOPIFY_APP_URL ?? "");
    await app.check();
    await until("the app has a new one", async () => {
      await app.open();
      return (await ailments()).length === 0;
    });
  });
});
