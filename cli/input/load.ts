import type { InputOptions } from "../options.ts";
import type { Progress, Terminal } from "../terminal.ts";
import { readOrders, type OrderFile } from "./read-orders.ts";
import { MAX_LINE } from "./records.ts";
import { openSource } from "./source.ts";

/** Opens and reads the orders that a command was given. Throws BadInput. */
export async function loadOrders(
  { file, columns, currency, zone }: InputOptions,
  terminal: Terminal,
  progress: Progress,
): Promise<OrderFile> {
  const source = await openSource({
    file,
    stdin: terminal.stdin,
    maxLine: MAX_LINE,
    onProgress: (share) => {
      progress.tell("Reading orders", share);
    },
  });
  return await readOrders(source, { columns, currency, zone });
}
