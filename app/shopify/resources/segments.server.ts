import { AppError } from "#app/lib/errors.ts";
import type { AdminApi, Data, QueryOptions } from "#app/shopify/api/client.server.ts";
import {
  outcomeOf,
  type UserError,
  userErrors,
  type WriteOutcome,
} from "#app/shopify/api/user-errors.ts";

const SEGMENT = `#graphql
  query EncoreSegment($id: ID!) {
    segment(id: $id) {
      id
      name
      query
    }
  }
`;

const NEWEST_SEGMENTS = `#graphql
  query EncoreNewestSegments {
    segments(first: 250, sortKey: CREATION_DATE, reverse: true) {
      nodes {
        id
        name
        query
      }
    }
  }
`;

const SEGMENT_QUERIES = `#graphql
  query EncoreSegmentQueries($after: String) {
    segments(first: 250, after: $after, sortKey: ID) {
      nodes {
        query
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const SEGMENT_CREATE = `#graphql
  mutation EncoreSegmentCreate($name: String!, $query: String!) {
    segmentCreate(name: $name, query: $query) {
      segment {
        id
        name
        query
      }
      userErrors {
        field
        message
      }
    }
  }
`;

const SEGMENT_UPDATE = `#graphql
  mutation EncoreSegmentUpdate($id: ID!, $query: String!) {
    segmentUpdate(id: $id, query: $query) {
      segment {
        id
        name
        query
      }
      userErrors {
        field
        message
      }
    }
  }
`;

const SEGMENT_DELETE = `#graphql
  mutation EncoreSegmentDelete($id: ID!) {
    segmentDelete(id: $id) {
      userErrors {
        field
        message
      }
    }
  }
`;

const MEMBERS = `#graphql
  query EncoreSegmentMembers($query: String!) {
    customerSegmentMembers(query: $query, first: 1) {
      totalCount
    }
  }
`;

/** A segment in Shopify; `id` is a gid. */
export type Segment = { id: string; name: string; query: string };

/** @returns null when it does not exist (any more) */
export async function readSegment(
  admin: AdminApi,
  id: string,
  options?: QueryOptions,
): Promise<Segment | null> {
  const data = await admin.query(SEGMENT, { id }, options);
  return data.segment ?? null;
}

/**
 * Looks among the newest 250 segments for one with exactly one of these queries, in case one was
 * created and the reply was lost. By query, since Shopify may have appended " (2)" to the name.
 */
export async function findSegment(
  admin: AdminApi,
  queries: readonly string[],
  options?: QueryOptions,
): Promise<Segment | null> {
  const { segments } = await admin.query(NEWEST_SEGMENTS, {}, options);
  return segments.nodes.find((segment) => queries.includes(segment.query)) ?? null;
}

/** Enough pages for Shopify's limit of 6,000 segments. */
const MOST_PAGES = 30;

/**
 * The queries of all segments of the shop, including the merchant's.
 *
 * @returns null when there are more pages than the limit, so not all are known
 */
export async function readSegmentQueries(
  admin: AdminApi,
  options?: QueryOptions,
): Promise<string[] | null> {
  const queries: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { segments }: Data<typeof SEGMENT_QUERIES> = await admin.query(
      SEGMENT_QUERIES,
      { after },
      options,
    );
    queries.push(...segments.nodes.map(({ query }) => query));
    if (!segments.pageInfo.hasNextPage) return queries;
    after = segments.pageInfo.endCursor ?? null;
  }
  return null;
}

/**
 * How many customers a segment with this query has. Shopify's index lags behind, and it counts days
 * in UTC.
 *
 * @returns null when Shopify refuses the query
 */
export async function countMembers(
  admin: AdminApi,
  query: string,
  options?: QueryOptions,
): Promise<number | null> {
  try {
    const { customerSegmentMembers } = await admin.query(MEMBERS, { query }, options);
    return customerSegmentMembers.totalCount;
  } catch (error) {
    if (error instanceof AppError && error.code === "shopify-rejected") return null;
    throw error;
  }
}

/** The outcome of creating or updating a segment. */
export type SegmentChange =
  { kind: "done"; segment: Segment } | { kind: "refused"; errors: UserError[] };

/**
 * Creates a segment. Shopify accepts duplicates, so a call without a reply is not retried: record
 * the intent first, and look with {@link findSegment}.
 */
export async function createSegment(
  admin: AdminApi,
  { name, query }: { name: string; query: string },
  options?: QueryOptions,
): Promise<SegmentChange> {
  const data = await admin.query(SEGMENT_CREATE, { name, query }, { ...options, once: true });
  return changeOf(data.segmentCreate);
}

/** Gives a segment another query. */
export async function updateSegment(
  admin: AdminApi,
  { id, query }: { id: string; query: string },
  options?: QueryOptions,
): Promise<SegmentChange> {
  const data = await admin.query(SEGMENT_UPDATE, { id, query }, options);
  return changeOf(data.segmentUpdate);
}

type Payload = Data<typeof SEGMENT_CREATE>["segmentCreate"];

function changeOf(payload: Payload): SegmentChange {
  const segment = payload?.segment;
  if (segment !== undefined && segment !== null) return { kind: "done", segment };
  return { kind: "refused", errors: userErrors(payload?.userErrors ?? []) };
}

/** Deletes a segment; a missing one is no error. */
export async function deleteSegment(
  admin: AdminApi,
  id: string,
  options?: QueryOptions,
): Promise<WriteOutcome> {
  const data = await admin.query(SEGMENT_DELETE, { id }, options);
  const outcome = outcomeOf(data.segmentDelete);
  const gone =
    outcome.kind === "refused" &&
    outcome.errors.every(({ message }) => /segment does not exist/i.test(message));
  return gone ? { kind: "done" } : outcome;
}
