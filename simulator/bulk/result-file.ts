import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

/** A file that lines are appended to. */
export class ResultFile {
  readonly #path: string;
  #handle: FileHandle | undefined;
  bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    this.#handle ??= await open(this.#path, "w");
    const text = `${lines.join("\n")}\n`;
    const { bytesWritten } = await this.#handle.write(text);
    this.bytes += bytesWritten;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

/** Waits until `done` pieces are due at `perSecond`; 0 only yields to the event loop. */
export async function pace(
  done: number,
  { perSecond, startedMs }: { perSecond: number; startedMs: number },
  clock: { monotonicMs(): number; sleep(milliseconds: number): Promise<void> },
): Promise<void> {
  if (perSecond <= 0) {
    await setImmediate();
    return;
  }
  const wait = startedMs + (done / perSecond) * 1000 - clock.monotonicMs();
  if (wait > 1) await clock.sleep(wait);
  else await setImmediate();
}

/** JSON with escaped slashes, as in the files of bulk operations. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll("/", "\\/");
}
