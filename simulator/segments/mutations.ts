import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { gid, type SimSegment } from "#simulator/state.ts";

import { freeName, mostSegments, type UserError, wantedErrors } from "./changes.ts";

type SegmentPayload = { segment: SimSegment | null; userErrors: UserError[] };

const refused = (...userErrors: UserError[]): SegmentPayload => ({ segment: null, userErrors });
const unknownSegment: UserError = { field: ["id"], message: "Segment does not exist" };
const nameTaken: UserError = { field: ["name"], message: "Name has already been taken" };

export function createSegment(
  _: null,
  { name, query }: { name: string; query: string },
  { shop, store }: RequestContext,
): SegmentPayload {
  const errors = wantedErrors(shop, { name, query });
  if (errors.length > 0) return refused(...errors);
  if (shop.segments.size >= mostSegments) {
    const message = "Segment limit reached. Delete an existing segment to create more.";
    return refused({ field: null, message });
  }
  const free = freeName(shop, name);
  if (free === null) return refused(nameTaken);
  const now = store.clock.isoNow();
  const segment = { id: store.nextId(), name: free, query, creationDate: now, lastEditDate: now };
  shop.segments.set(segment.id, segment);
  store.publish({ shop, topic: "segments/create", body: () => webhookBody(segment) });
  return { segment, userErrors: [] };
}

export function updateSegment(
  _: null,
  args: { id: string; name?: string | null; query?: string | null },
  { shop, store }: RequestContext,
): SegmentPayload {
  const segment = shop.segments.get(segmentId(args.id));
  if (segment === undefined) return refused(unknownSegment);
  const wanted = { name: args.name ?? undefined, query: args.query ?? undefined };
  if (wanted.name === undefined && wanted.query === undefined) {
    return refused({ field: null, message: "At least one attribute to change must be present" });
  }
  const errors = wantedErrors(shop, wanted);
  if (errors.length > 0) return refused(...errors);
  const free = wanted.name === undefined ? segment.name : freeName(shop, wanted.name, segment);
  if (free === null) return refused(nameTaken);
  segment.name = free;
  segment.query = wanted.query ?? segment.query;
  segment.lastEditDate = store.clock.isoNow();
  store.publish({ shop, topic: "segments/update", body: () => webhookBody(segment) });
  return { segment, userErrors: [] };
}

export function deleteSegment(
  _: null,
  args: { id: string },
  { shop, store }: RequestContext,
): { deletedSegmentId: string | null; userErrors: UserError[] } {
  const id = segmentId(args.id);
  if (!shop.segments.delete(id)) return { deletedSegmentId: null, userErrors: [unknownSegment] };
  store.publish({ shop, topic: "segments/delete", body: () => ({ id: Number(id) }) });
  return { deletedSegmentId: gid("Segment", id), userErrors: [] };
}

/** The number in a segment's gid; fails as recorded for a gid of another type. */
export function segmentId(text: string): string {
  return idOf(text, "Segment", "invalid id");
}

function webhookBody({ id, name, query, creationDate, lastEditDate }: SimSegment) {
  const moment = (iso: string) => new Date(iso).toISOString();
  return {
    ...{ id: Number(id), name, query },
    creationDate: moment(creationDate),
    lastEditDate: moment(lastEditDate),
  };
}
