import { createReadStream, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { BadInput, quoted } from "../bad-input.ts";

const CHUNK = 1 << 18;

/** The bytes of an orders file, unzipped, as they come. */
export type Source = {
  /** The first chunk: at least the first line, or the whole file. */
  head: Buffer;
  chunks: AsyncGenerator<Buffer>;
};

export type SourceOptions = {
  /** Path, or `-` for standard input. */
  file: string;
  stdin: Readable;
  /** Longest line, in bytes. */
  maxLine: number;
  /** Called with the share of the file read so far, where its size is known. */
  onProgress?: (share: number) => void;
};

/** Opens a file or standard input; gzip is recognised by its first bytes. Throws BadInput. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const raw = options.file === "-" ? options.stdin : openFile(options);
  const packed = await peek(readAll(raw), 2);
  const zipped = packed.head[0] === 0x1f && packed.head[1] === 0x8b;
  if (!zipped && options.file.endsWith(".gz")) {
    throw new BadInput("the file is named .gz but is not gzip: name it as what it is");
  }
  const bytes = zipped ? unzip(packed.chunks) : packed.chunks;
  const source = await peekLine(bytes, options.maxLine);
  refuseBinary(source.head);
  return source;
}

function openFile({ file, onProgress }: SourceOptions): Readable {
  let size = 0;
  try {
    const entry = statSync(file);
    if (entry.isDirectory()) throw new BadInput(`${quoted(file)} is a folder, not a file`);
    size = entry.size;
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`there is no file ${quoted(file)} that can be read`);
  }
  const stream = createReadStream(file, { highWaterMark: CHUNK });
  if (onProgress && size > 0) stream.on("data", () => onProgress(stream.bytesRead / size));
  return stream;
}

async function* readAll(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw new BadInput(`the file cannot be read: ${messageOf(error)}`);
  }
}

async function* unzip(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const feed = async () => {
    for await (const chunk of chunks) {
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once("drain", resolve));
    }
    gunzip.end();
  };
  feed().catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : undefined));
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`the gzip data is damaged or ends early: ${messageOf(error)}`);
  }
}

async function peekLine(chunks: AsyncGenerator<Buffer>, maxLine: number): Promise<Source> {
  return peek(chunks, maxLine, (head) => head.includes(10));
}

/** Reads chunks until they have `bytes` or are enough, and returns them as the first chunk. */
async function peek(
  chunks: AsyncGenerator<Buffer>,
  bytes: number,
  enough: (head: Buffer) => boolean = () => false,
): Promise<Source> {
  let head = Buffer.alloc(0);
  while (head.length < bytes && !enough(head)) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, chunks: after(head, chunks) };
}

async function* after(head: Buffer, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* chunks;
}

const signatures: [bytes: string, what: string][] = [
  ["fffe", "UTF-16 text: save it as CSV in UTF-8"],
  ["feff", "UTF-16 text: save it as CSV in UTF-8"],
  ["504b0304", "a zip archive or an Excel workbook: save the sheet as CSV in UTF-8"],
  ["d0cf11e0", "an Excel workbook: save the sheet as CSV in UTF-8"],
  ["50415231", "a Parquet file: write it as CSV in UTF-8"],
  ["25504446", "a PDF file"],
  ["28b52ffd", "zstd: unpack it, or pack it with gzip"],
  ["425a68", "bzip2: unpack it, or pack it with gzip"],
];

/** Recognises common formats that are not CSV, so that the message can name them. */
function refuseBinary(head: Buffer): void {
  if (head.length === 0) {
    throw new BadInput("the file is empty: write a header and one row for each order", { line: 1 });
  }
  const start = head.subarray(0, 8).toString("hex");
  const known = signatures.find(([bytes]) => start.startsWith(bytes));
  if (known) throw new BadInput(`this is ${known[1]}`, { line: 1 });
  if (head.subarray(0, 4096).includes(0)) {
    throw new BadInput("this is binary, not text: write the orders as CSV in UTF-8", { line: 1 });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
