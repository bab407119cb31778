import {
  accessSync,
  type BigIntStats,
  constants,
  fstatSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import path from "node:path";

import { BadInput, quoted } from "../bad-input.ts";
import type { Terminal } from "../terminal.ts";

const MOST_LINKS = 40;

/** An output of a command: a file, or standard output where none is named. */
export type Output = { flag: string; file: string | undefined };

export type Files = {
  /**
   * Where the orders are read from, `-` for standard input; undefined for a command that reads
   * none.
   */
  input?: string;
  outputs: readonly Output[];
};

type Identity = {
  /** Identity of a file: equal for all its names. */
  key: string;
  /** A terminal or a socket: writing to it does not change what is read from it. */
  twoWay: boolean;
};

/**
 * Refuses outputs that would overwrite the input or another output, under whatever name (paths,
 * links, `/dev/stdout`, redirections), and files that cannot be written. Nothing is opened for
 * writing before. Throws BadInput.
 */
export function checkFiles({ input, outputs }: Files, terminal: Terminal): void {
  const read = input === undefined ? null : identityOfInput(input, terminal);
  const written = new Map<string, Output>();
  for (const output of outputs) {
    if (output.file !== undefined) checkWritable(output.file);
    const identity = identityOf(output.file, terminal);
    if (identity === null) continue;
    if (read?.key === identity.key && !read.twoWay) {
      throw new BadInput(
        `${named(output)} is the file that the orders are read from: write to another`,
      );
    }
    const other = written.get(identity.key);
    if (other !== undefined) {
      throw new BadInput(`${named(other)} and ${named(output)} are the same: write to two files`);
    }
    written.set(identity.key, output);
  }
}

/** Whether a name means the file that standard output goes to, as `/dev/stdout` does. */
export function isStandardOutput(file: string, stdout: Terminal["stdout"]): boolean {
  const key = identityOfStream(stdout)?.key;
  return key !== undefined && statOf(file) !== null && identityOfFile(file)?.key === key;
}

/** The path that a name resolves to through links, even if nothing exists there yet. */
export function destinationOf(file: string): string {
  let at = path.resolve(file);
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = path.dirname(at);
    at = path.join(realpathSync(folder), path.basename(at));
    if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return at;
    at = path.resolve(path.dirname(at), readlinkSync(at));
  }
  throw new BadInput(`${quoted(file)} leads from link to link without end: name a file`);
}

/** Throws BadInput when a file cannot be written. */
function checkWritable(file: string): void {
  const entry = statOf(file);
  if (entry?.isDirectory()) throw new BadInput(`${quoted(file)} is a folder: name a file`);
  // The link of a process to its own pipe has no folder.
  if (entry !== null && !entry.isFile()) return;
  try {
    accessSync(path.dirname(destinationOf(file)), constants.W_OK);
    if (entry !== null) accessSync(file, constants.W_OK);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const folder = quoted(path.dirname(path.resolve(file)));
    const why = entry === null ? `there is no folder ${folder}` : "it is write-protected";
    throw new BadInput(`${quoted(file)} cannot be written: ${why}`);
  }
}

function identityOfInput(input: string, { stdin }: Terminal): Identity | null {
  if (input === "-") return identityOfStream(stdin);
  // A missing file is reported when it is opened.
  return statOf(input) === null ? null : identityOfFile(input);
}

function identityOf(file: string | undefined, { stdout }: Terminal): Identity | null {
  return file === undefined ? identityOfStream(stdout) : identityOfFile(file);
}

/** Null for streams without a file, and for devices that store nothing. */
function identityOfStream(stream: Terminal["stdin"] | Terminal["stdout"]): Identity | null {
  if (!("fd" in stream) || typeof stream.fd !== "number") return null;
  return identityOfEntry(fstatSync(stream.fd, { bigint: true }));
}

function identityOfFile(file: string): Identity | null {
  const entry = statOf(file);
  return entry === null ? { key: destinationOf(file), twoWay: false } : identityOfEntry(entry);
}

function identityOfEntry(entry: BigIntStats): Identity | null {
  if (!entry.isCharacterDevice()) {
    return { key: `${entry.dev}:${entry.ino}`, twoWay: entry.isSocket() };
  }
  const nothing = statOf("/dev/null")?.rdev;
  return entry.rdev === nothing ? null : { key: `device ${entry.rdev}`, twoWay: true };
}

function statOf(file: string): BigIntStats | null {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return null;
  }
}

function named({ flag, file }: Output): string {
  return file === undefined ? "standard output" : `${flag} ${quoted(file)}`;
}
