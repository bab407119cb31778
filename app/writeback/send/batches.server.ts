import { prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  type BatchKind,
  batchKinds,
  fits,
  type Line,
  waits,
  writesOf,
} from "#app/writeback/plan/writes.ts";
import { readFailed } from "#app/writeback/state/failures.server.ts";
import type { PlannedPages } from "#app/writeback/state/planned-writes.server.ts";

import { packLines } from "./batch-file.server.ts";

/**
 * Lines per file. A full line of metafields has 3.1 kB, so a file has at most 31 MB, a third of
 * Shopify's limit; from about ten thousand customers on, there are several files to process at
 * once.
 */
const LINES_PER_BATCH = 10_000;

/** A batch whose result has not been read yet. */
export type Batch = {
  shop: ShopDomain;
  id: string;
  kind: BatchKind;
  lines: Uint8Array;
  lineCount: number;
  stagedUploadPath: string | null;
  bulkOperationId: string | null;
};

/** @throws Error when the batch does not exist or is finished, which removes its lines */
export async function readBatch(shop: ShopDomain, id: string): Promise<Batch> {
  const row = await prisma.writeBatch.findUniqueOrThrow({ where: { shop_id: { shop, id } } });
  const kind = batchKinds.find((known) => known === row.kind);
  if (!kind || !row.lines)
    throw new Error(`Batch ${id} of ${shop} is ${row.state}: nothing to send`);
  return { ...row, shop, kind, lines: row.lines };
}

export type Recorded = {
  /** Ids, in starting order. */
  batches: string[];
  lines: number;
  /** Customers with removals left for the next pass. */
  waiting: string[];
};

/**
 * Records all planned writes as batches, before the first is sent. None removes a tag whose
 * replacement is not known to be written.
 */
export async function recordBatches(shop: ShopDomain, pages: PlannedPages): Promise<Recorded> {
  const builders = batchKinds.map((kind) => new BatchBuilder(shop, kind));
  const waiting: string[] = [];
  for await (const page of pages({ atLeast: 0, atMost: 0 })) {
    for (const { customerId, plan } of page) {
      const writes = writesOf(customerId, plan);
      if (waits(plan)) waiting.push(customerId);
      for (const builder of builders) {
        const write = writes[builder.kind];
        if (!write) continue;
        if (!fits(builder.kind, builder.line, write)) builder.endLine();
        builder.line.push(write);
        if (builder.full) await builder.record();
      }
    }
  }
  for (const builder of builders) await builder.record();
  return {
    batches: builders.flatMap((builder) => builder.batches),
    lines: builders.reduce((sum, builder) => sum + builder.recorded, 0),
    waiting,
  };
}

/**
 * The customers who have something left to write after these batches: those with delayed removals,
 * and those whose line failed.
 *
 * @returns undefined when it may be any customer, since a file was refused or its result was lost
 */
export async function readLeft(
  shop: ShopDomain,
  { batches, waiting }: Recorded,
): Promise<string[] | undefined> {
  const unfinished = await prisma.writeBatch.count({
    where: { shop, id: { in: batches }, state: { not: "finished" } },
  });
  if (unfinished > 0) return undefined;
  return [...new Set([...waiting, ...(await readFailed(shop))])];
}

/** Collects the lines of one kind and records them as batches. */
class BatchBuilder {
  readonly shop: ShopDomain;
  readonly kind: BatchKind;
  readonly batches: string[] = [];
  recorded = 0;
  line: Line = [];
  private lines: Line[] = [];

  constructor(shop: ShopDomain, kind: BatchKind) {
    this.shop = shop;
    this.kind = kind;
  }

  get full(): boolean {
    return this.lines.length >= LINES_PER_BATCH;
  }

  endLine(): void {
    if (this.line.length > 0) this.lines.push(this.line);
    this.line = [];
  }

  async record(): Promise<void> {
    this.endLine();
    if (this.lines.length === 0) return;
    const { id } = await prisma.writeBatch.create({
      data: {
        shop: this.shop,
        kind: this.kind,
        state: "planned",
        lines: packLines(this.lines),
        lineCount: this.lines.length,
      },
      select: { id: true },
    });
    this.batches.push(id);
    this.recorded += this.lines.length;
    this.lines = [];
  }
}
