import { dayMs } from "#simulator/clock.ts";
import { topLevelError } from "#simulator/graphql/errors.ts";
import type { RequestContext } from "#simulator/graphql/resolver-map.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { gid, type SimCustomer, type SimShop } from "#simulator/state.ts";

import { segmentMembers } from "./evaluate.ts";
import { type Order, sortMembers } from "./members.ts";
import { readSegmentQuery } from "./metafields.ts";
import { segmentId } from "./mutations.ts";
import { describeError, type SegmentQuery } from "./query.ts";

type Job = {
  id: string;
  ast: SegmentQuery;
  order: Order;
  readyAtMs: number;
  /** In the shop's time. */
  expiresAt: number;
  ids: string[] | null;
};

/** How long results can be read; not documented. */
const livesMs = dayMs;

/** Real time until the first page of a members query can be read. */
const workMs = 300;

/** Jobs of a shop by id. */
const jobsOf = new WeakMap<SimShop, Map<string, Job>>();

type Input = Order & { segmentId?: string | null; query?: string | null };

export function createMembersQuery(
  _: null,
  { input }: { input: Input },
  { shop, store }: RequestContext,
) {
  const hasSegment = typeof input.segmentId === "string";
  const hasQuery = typeof input.query === "string";
  if (hasSegment && hasQuery) {
    return refused(["input"], "Providing both segment_id and query is not supported.");
  }
  if (!hasSegment && !hasQuery)
    return refused(["input"], "You must provide one of segment_id or query.");
  const text = hasSegment
    ? shop.segments.get(segmentId(input.segmentId ?? ""))?.query
    : (input.query ?? "");
  if (text === undefined) return refused(null, "Invalid segment ID.");
  const parsed = readSegmentQuery(shop, text);
  if (parsed.kind === "error") return refused(null, describeError(parsed.errors[0]));
  const jobs = jobsOf.get(shop) ?? new Map<string, Job>();
  jobsOf.set(shop, jobs);
  const order = { sortKey: input.sortKey ?? null, reverse: input.reverse ?? null };
  // An invalid sort key fails before the job is created, which could never be read.
  sortMembers(shop, [], order);
  const job: Job = {
    id: store.random.uuid(),
    ast: parsed.ast,
    order,
    readyAtMs: store.clock.monotonicMs() + workMs,
    expiresAt: store.clock.now().getTime() + livesMs,
    ids: null,
  };
  jobs.set(job.id, job);
  return {
    customerSegmentMembersQuery: { ...reply(job), currentCount: 0, done: false },
    userErrors: [],
  };
}

function refused(field: string[] | null, message: string) {
  return { customerSegmentMembersQuery: null, userErrors: [{ field, code: "INVALID", message }] };
}

function findJob(text: string, { shop, store }: RequestContext): Job | null {
  const id = idOf(text, "CustomerSegmentMembersQuery", "invalid id");
  const job = jobsOf.get(shop)?.get(id);
  if (job === undefined || store.clock.now().getTime() > job.expiresAt) return null;
  if (job.ids === null && store.clock.monotonicMs() >= job.readyAtMs) {
    const members = segmentMembers(shop, job.ast, store.clock.now());
    job.ids = sortMembers(shop, members, job.order).map((member) => member.id);
  }
  return job;
}

function reply({ id, ids }: Job) {
  return {
    id: gid("CustomerSegmentMembersQuery", id),
    currentCount: ids?.length ?? 0,
    done: ids !== null,
  };
}

/** The state of a job; fails as recorded for an unknown or expired one. */
export function membersQueryById(id: string, context: RequestContext) {
  const found = membersQuery(id, context);
  if (found === null) throw topLevelError("Something went wrong", "INTERNAL_SERVER_ERROR");
  return found;
}

/** The state of a job; null for an unknown one. */
export function membersQuery(id: string, context: RequestContext): ReturnType<typeof reply> | null {
  const job = findJob(id, context);
  return job === null ? null : reply(job);
}

/** The sorted members when the job ran; empty while it is not done, null for no job. */
export function membersOfQuery(id: string, context: RequestContext): SimCustomer[] | null {
  const job = findJob(id, context);
  if (job === null) return null;
  return (job.ids ?? []).flatMap((one) => context.shop.customers.get(one) ?? []);
}
