import type { AdminApi, QueryOptions } from "./client.server.ts";
import { userErrors, type UserError } from "./user-errors.ts";

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
 * Looks for a segment with exactly this query among the newest 250; for the case that one was made
 * and the answer got lost. Shopify may have put " (2)" behind the name, so that is not compared.
 */
export async function findSegment(
  admin: AdminApi,
  query: string,
  options?: QueryOptions,
): Promise<Segment | null> {
  const { segments } = await admin.query(NEWEST_SEGMENTS, {}, options);
  return segments.nodes.find((segment) => segment.query === query) ?? null;
}

export type SegmentCreation =
  { kind: "created"; segment: Segment } | { kind: "refused"; errors: UserError[] };

/**
 * Makes a segment. Shopify takes equal names and queries as often as they are sent, so that a call
 * without an answer is not repeated: record the intent first, and look with {@link findSegment}.
 */
export async function createSegment(
  admin: AdminApi,
  { name, query }: { name: string; query: string },
  options?: QueryOptions,
): Promise<SegmentCreation> {
  const data = await admin.query(SEGMENT_CREATE, { name, query }, { ...options, once: true });
  const segment = data.segmentCreate?.segment;
  if (segment !== undefined && segment !== null) return { kind: "created", segment };
  return { kind: "refused", errors: userErrors(data.segmentCreate?.userErrors ?? []) };
}
