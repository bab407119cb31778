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
 * Lines of one file. A full line of metafields has 3.1 kB, so a file has 31 MB at
 * most, a third of what Shopify takes; and files of this size keep several
 * operations busy at once from some ten thousand customers on.
 */
const LINES_PER_BATCH = 10_000;

/** A batch as it is recorded, with its kind read back. */
export type Batch = {
  shop: ShopDomain;
  id: string;
  kind: BatchKind;
  lines: Uint8Array;
  lineCount: number;
  stagedUploadPath: string | null;
  bulkOperationId: string | null;
};

/** @throws Error when the batch is not there, or its lines were emptied since it is finished */
export async function readBatch(shop: ShopDomain, id: string): Promise<Batch> {
  const row = await prisma.writeBatch.findUniqueOrThrow({ where: { shop_id: { shop, id } } });
  const kind = batchKinds.find((known) => known === row.kind);
  if (!kind || !row.lines)
    throw new Error(`Batch ${id} of ${shop} is ${row.state}: nothing to send`);
  return { ...row, shop, kind, lines: row.lines };
}

export type Recorded = {
  /** In the order in which they are to start. */
  batches: string[];
  lines: number;
  /** Customers for whom there is more to do once these are written. */
  waiting: string[];
};

/**
 * Records everything that is to be written as files of bulk mutations. Nothing is
 * sent before all are recorded, and none holds a removal of a tag whose
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
 * Who has something left to be written after these batches were carried out: who waited for that, and
 * whose line failed.
 *
 * @returns undefined when it may be anybody, since a file was refused or its result was lost
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

/** Collects the lines of one kind and records a batch whenever there are enough. */
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
