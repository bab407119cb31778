import { accessSync, constants, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BadInput, quoted } from "../bad-input.ts";
import { writeParquet } from "./parquet.ts";
import { columnsOf, type ScoredCustomers } from "./rows.ts";
import { csvPieces, jsonPieces } from "./text.ts";

const formats = ["csv", "json", "parquet"] as const;
export type Format = (typeof formats)[number];

/** The format that a file's ending asks for; CSV on standard output. Throws BadInput. */
export function formatOf(file: string | undefined): Format {
  if (file === undefined) return "csv";
  const ending = path.extname(file).slice(1).toLowerCase();
  const format = formats.find((known) => known === ending);
  if (format) return format;
  throw new BadInput(`--out ${quoted(file)}: the name must end in .csv, .json or .parquet`);
}

/** Throws BadInput when a file to be written later has no folder to be written to. */
export function checkWritable(...files: (string | undefined)[]): void {
  for (const file of files) {
    if (file === undefined) continue;
    const folder = path.dirname(path.resolve(file));
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw new BadInput(`${quoted(file)} cannot be written: there is no folder ${quoted(folder)}`);
    }
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new BadInput(`${quoted(file)} is a folder: name a file`);
    }
  }
}

type Target = { format: Format; file: string | undefined; stdout: Writable };

/** Writes one row for each scored customer. A file appears when it is whole. */
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
  if (file === undefined) {
    await pipeline(Readable.from(pieces), stdout, { end: false });
    return;
  }
  await writeWhole(file, async (partial) => {
    await using handle = await open(partial, "w");
    for (const piece of pieces) await handle.write(piece);
  });
}

async function writeWhole(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await write(partial);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
