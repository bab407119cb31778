import { randomBytes } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { chmod, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { BadInput, quoted } from "../bad-input.ts";
import { writeParquet } from "./parquet.ts";
import { columnsOf, type ScoredCustomers } from "./rows.ts";
import { destinationOf, isStandardOutput } from "./target.ts";
import { csvPieces, jsonPieces } from "./text.ts";

const formats = ["csv", "json", "parquet"] as const;
export type Format = (typeof formats)[number];

/** The format for a file's extension; CSV on standard output. Throws BadInput. */
export function formatOf(file: string | undefined): Format {
  if (file === undefined) return "csv";
  const ending = path.extname(file).slice(1).toLowerCase();
  const format = formats.find((known) => known === ending);
  if (format) return format;
  throw new BadInput(`--out ${quoted(file)}: the name must end in .csv, .json or .parquet`);
}

type Target = { format: Format; file: string | undefined; stdout: Writable };

/** Writes one row for each scored customer. A file appears only when it is complete. */
export async function writeScores(
  scored: ScoredCustomers,
  { format, file, stdout }: Target,
): Promise<void> {
  const columns = columnsOf(scored);
  const rows = scored.summary.customers;
  if (format === "parquet" && file !== undefined) {
    await writeWhole(file, (partial) => writeParquet(partial, columns, rows));
    return;
  }
  const pieces = format === "json" ? jsonPieces(columns, rows) : csvPieces(columns, rows);
  await writeText(pieces, { file, stdout });
}

/** Writes text to a file, or to standard output where none is named. */
export async function writeText(
  pieces: Iterable<string>,
  { file, stdout }: Omit<Target, "format">,
): Promise<void> {
  if (file === undefined || isStandardOutput(file, stdout)) {
    await pipeline(Readable.from(pieces), stdout, { end: false });
    return;
  }
  await writeWhole(file, async (partial) => {
    await using handle = await open(partial, "w");
    for (const piece of pieces) await handle.write(piece);
  });
}

/**
 * Replaces an existing file only when the new one is complete, and keeps links to it and its
 * permissions. A pipe or a device is written to directly.
 *
 * @param write fills an existing file
 */
async function writeWhole(file: string, write: (path: string) => Promise<void>): Promise<void> {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) return write(file);
  const destination = destinationOf(file);
  const partial = `${destination}.${randomBytes(4).toString("hex")}.partial`;
  await using removal = removedAtEnd(partial);
  await (await open(partial, "wx")).close();
  if (before !== undefined) await chmod(partial, before.mode & PERMISSIONS);
  await write(partial);
  await rename(partial, destination);
  removal.keep();
}

const PERMISSIONS = 0o777;

/** Removes the file also when the command is stopped by a signal. */
function removedAtEnd(partial: string): AsyncDisposable & { keep: () => void } {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const stop = (signal: NodeJS.Signals) => {
    rmSync(partial, { force: true });
    process.kill(process.pid, signal);
  };
  const keep = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  for (const signal of signals) process.once(signal, stop);
  return {
    keep,
    [Symbol.asyncDispose]: async () => {
      keep();
      await rm(partial, { force: true });
    },
  };
}
