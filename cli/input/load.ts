import type { InputOptions } from "../options.ts";
import type { Progress, Terminal } from "../terminal.ts";
import { possibleDays } from "./days.ts";
import { type OrderFile, readOrders } from "./read-orders.ts";
import { MAX_LINE } from "./records.ts";
import { openSource } from "./source.ts";

/**
 * Opens and reads a command's orders. Throws BadInput.
 *
 * @param beforeDay the as-of day, if the caller gives one
 */
export async function loadOrders(
  {
    file,
    columns,
    exclude,
    currency,
    zone,
    beforeDay,
  }: InputOptions & { beforeDay?: number | undefined },
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
  const possible = possibleDays(Date.now(), zone, beforeDay);
  return await readOrders(source, { columns, exclude, currency, zone, possible });
}
