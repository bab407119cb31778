// For tests: runs the command line in the test's process.
import { readFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { gunzipSync } from "node:zlib";

import { loadOrders } from "./input/load.ts";
import { prepare, type Prepared } from "./input/prepare.ts";
import { readScoreOptions } from "./options.ts";
import { runCommand } from "./run-command.ts";
import { Progress } from "./terminal.ts";

/** A command's output and exit code. */
export type Outcome = { code: number; stdout: string; stderr: string };

/** Runs a command line in this process, with its own streams. */
export async function encore(
  args: string[],
  stdin: string | Buffer = "",
  { isTTY = false } = {},
): Promise<Outcome> {
  const out = new Collector();
  const err = Object.assign(new Collector(), { isTTY });
  const terminal = { stdin: Readable.from([Buffer.from(stdin)]), stdout: out, stderr: err };
  const code = await runCommand(args, terminal);
  return { code, stdout: out.text(), stderr: err.text() };
}

/** The rows of a CSV without quotes, as objects. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [header, ...lines] = csv.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
  });
}

/** A file of orders as the commands read it: refunds subtracted from the orders they reverse. */
export async function readPurchases(
  file: string,
  { beforeDay, settledDay }: { beforeDay?: number; settledDay?: number } = {},
): Promise<Prepared> {
  const stderr = new Collector();
  const terminal = { stdin: Readable.from([]), stdout: new Collector(), stderr };
  const input = { ...readScoreOptions([file]), beforeDay };
  const orders = await loadOrders(input, terminal, new Progress(terminal));
  return prepare(orders, { beforeDay, ...(settledDay === undefined ? {} : { settledDay }) });
}

/** The purchases of every fourth customer of the CDNOW store as CSV with a header. */
export function cdnowCsv(): string {
  const path = new URL("../data/CDNOW_master.txt.gz", import.meta.url);
  const rows = gunzipSync(readFileSync(path))
    .toString("latin1")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => /^\d{8}$/.test(cells[1] ?? "") && Number(cells[0]) % 4 === 2);
  return ["customer_id,date,cds,dollar_value", ...rows.map((cells) => cells.join(","))].join("\n");
}

class Collector extends Writable {
  #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}
