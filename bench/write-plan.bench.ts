import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import pg from "pg";

import { freshDatabase } from "../scripts/stack/database.ts";
import { environmentsOf } from "../scripts/stack/environment.ts";
import { workerFlags } from "../scripts/stack/worker-flags.ts";
import { type BulkFile, LightBulkShopify } from "./light-bulk.ts";
import type { Bench, Row } from "./main.ts";
import { isoDay, leaveOutWeeks, millionShop, storeMillionShop } from "./million-shop.ts";
import type { Reasons } from "./write-reasons.ts";

// A shorter run for a busy machine: WRITE_PLAN_CUSTOMERS=100000 npm run bench -- write-plan
const SIZES = (process.env.WRITE_PLAN_CUSTOMERS ?? "10000,100000,1000000").split(",").map(Number);

/** 2026-11-22. */
const END_DAY = 20_779;
const ORDERING_SHARE = 0.01;
const MOST_MEGABYTES = 100;

type Step = "plan" | "files" | "write";
type Report = {
  seconds: Record<Step, number>;
  processorSeconds: Record<Step, number>;
  megabytes: number;
  reasons: Reasons | null;
};
/** Plan and files alone, and then a whole push, which makes both again. */
type Written = { planned: Report; pushed: Report; reasons: Reasons; files: BulkFile[] };

const en = (count: number) => Math.round(count).toLocaleString("en");
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

class Shop {
  readonly #client: pg.Client;
  readonly #environment: Record<string, string>;
  readonly #shopify: LightBulkShopify;

  constructor(databaseUrl: string, shopifyUrl: string, shopify: LightBulkShopify) {
    const places = { appPort: 3100, simulatorUrl: shopifyUrl, databaseUrl };
    this.#environment = { LOG_LEVEL: "warn", ...environmentsOf(places).app };
    this.#client = new pg.Client({ connectionString: databaseUrl });
    this.#shopify = shopify;
  }

  async open(): Promise<void> {
    await this.#client.connect();
    await this.#client.query(
      "INSERT INTO sessions (id, shop, state, access_token) VALUES ('offline_' || $1, $1, '', 'x')",
      [millionShop],
    );
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async score(endDay: number): Promise<void> {
    await this.#run("score", isoDay(endDay));
  }

  /** The merchant has agreed, the definitions exist, and no earlier installation left anything. */
  async agree(): Promise<void> {
    await this.#client.query(
      "UPDATE shops SET writing_agreed_at = now(), definitions_made_at = now(), filters_fitted_at = now(), known_read_at = now()",
    );
  }

  /**
   * One customer in a hundred places an order on that day, drawn evenly, or with customers with more
   * expected orders likelier to be drawn.
   *
   * @returns the number of orders
   */
  async order(day: number, draw: "evenly" | "by likelihood"): Promise<number> {
    const { rowCount } = await this.#client.query(
      `WITH drawn AS (
         SELECT *, -ln((1 + abs(hashtextextended(customer_id, $2::bigint) % 1000000)) / 1000001.0)
                     / case when $4 then 1 else greatest(expected_orders, 1e-9) end AS lot
           FROM scores
       ), ordering AS (
         SELECT shop, customer_id, mean_spend_minor, $1::date + interval '12 hours' AS at
           FROM drawn ORDER BY lot LIMIT (SELECT count(*) FROM scores) * $3::float8
       )
       INSERT INTO orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor,
                           test, tags)
       SELECT shop, $2::bigint * 10000000 + row_number() OVER (ORDER BY customer_id), customer_id,
              at, at, at::date, greatest(100, round(mean_spend_minor)), false, '{}'
         FROM ordering`,
      [isoDay(day), day, ORDERING_SHARE, draw === "evenly"],
    );
    return rowCount ?? 0;
  }

  /** @throws Error when a customer's written state does not match the scores afterwards */
  async write(): Promise<Written> {
    const { reasons } = await this.#run("count");
    const planned = await this.#run("plan");
    const before = this.#shopify.files.length;
    const pushed = await this.#run("write");
    const left = await this.#run("count");
    if (!reasons || !left.reasons) throw new Error("Nothing was counted");
    if (left.reasons.tags + left.reasons.metafields > 0)
      throw new Error(`Not everything was written: ${JSON.stringify(left.reasons)}`);
    return { planned, pushed, reasons, files: this.#shopify.files.slice(before) };
  }

  async #run(...args: string[]): Promise<Report> {
    const script = path.join(import.meta.dirname, "write-plan-run.ts");
    const child = spawn(process.execPath, [...workerFlags, script, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...this.#environment },
    });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await once(child, "close");
    return JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Report;
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const linesOf = ({ files }: Written) => sum(files.map(({ lines }) => lines));

function amountRow(what: string, written: Written): Row {
  const { files, reasons } = written;
  const largest = Math.max(0, ...files.map(({ bytes }) => bytes)) / 1e6;
  const megabytes = sum(files.map(({ bytes }) => bytes)) / 1e6;
  const customers = sum([
    reasons.first,
    reasons.order,
    reasons.tier,
    reasons.value,
    reasons.renewal,
  ]);
  return {
    what: `${what}: what is written`,
    measured:
      `${en(customers)} customers, ${en(reasons.tags)} tags, ${en(reasons.metafields)} metafields: ` +
      `${en(linesOf(written))} lines in ${files.length} files of ${megabytes.toFixed(0)} MB, ` +
      `the largest ${largest.toFixed(1)} MB`,
    goal: `each file < ${MOST_MEGABYTES} MB`,
  };
}

function timeRow(what: string, { planned, pushed }: Written): Row {
  const part = ({ seconds, processorSeconds }: Report, step: Step) =>
    `${seconds[step].toFixed(1)} s (processor ${processorSeconds[step].toFixed(1)} s)`;
  return {
    what: `${what}: time`,
    measured:
      `plan and files ${(planned.seconds.plan + planned.seconds.files).toFixed(1)} s: plan ` +
      `${part(planned, "plan")}, files ${part(planned, "files")}, ` +
      `${planned.megabytes.toFixed(0)} MB at most; the whole push, reading of results included, ` +
      `${part(pushed, "write")}, ${pushed.megabytes.toFixed(0)} MB at most`,
    goal: "plan and files < 60 s, < 1,000 MB",
  };
}

function reasonsRow(what: string, { reasons }: Written): Row {
  const { order, tier, value, renewal } = reasons;
  return {
    what: `${what}: why`,
    measured:
      `${en(order)} customers ordered, ${en(tier)} more moved to another tier, ${en(value)} more ` +
      `moved in value by more than a tenth, ${en(renewal)} more have the date renewed`,
  };
}

function ratioRow(what: string, first: Written, second: Written): Row {
  const ours = ({ pushed }: Written) => pushed.seconds.write;
  const processor = ({ pushed }: Written) => pushed.processorSeconds.write;
  const fields = ({ reasons }: Written) => reasons.tags + reasons.metafields;
  return {
    what: `${what}: of the first write`,
    measured:
      `${percent(linesOf(second) / linesOf(first))} of the lines, ` +
      `${percent(fields(second) / fields(first))} of the tags and metafields, ` +
      `${percent(ours(second) / ours(first))} of our time (${ours(second).toFixed(1)} of ` +
      `${ours(first).toFixed(1)} s; processor ${percent(processor(second) / processor(first))})`,
    goal: "< 10 %",
  };
}

async function measure(customers: number): Promise<Row[]> {
  const database = await freshDatabase("encore_bench_write_plan", "kept");
  const shopify = new LightBulkShopify();
  const shop = new Shop(database.url, await shopify.start(), shopify);
  try {
    await storeMillionShop(database.url, { customers, endDay: END_DAY });
    await leaveOutWeeks(database.url, END_DAY);
    await shop.open();
    await shop.score(END_DAY);
    await shop.agree();
    const first = await shop.write();
    const ordering = await shop.order(END_DAY, "by likelihood");
    await shop.score(END_DAY + 1);
    const second = await shop.write();
    await shop.order(END_DAY + 1, "evenly");
    await shop.score(END_DAY + 2);
    const third = await shop.write();
    const name = `${en(first.reasons.first)} customers`;
    const next = `the next night, ${en(ordering)} of ${en(first.reasons.first)} having ordered`;
    return [
      amountRow(name, first),
      timeRow(name, first),
      amountRow(next, second),
      reasonsRow(next, second),
      timeRow(next, second),
      ratioRow(next, first, second),
      reasonsRow(`${next}, drawn evenly`, third),
      ratioRow(`${next}, drawn evenly`, first, third),
    ];
  } finally {
    shopify.stop();
    await shop.close();
    await database.release();
  }
}

async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const customers of SIZES) rows.push(...(await measure(customers)));
  return rows;
}

export default {
  title: "write-back: plan, upload files and results for everybody, and for what a night changes",
  run,
} satisfies Bench;
