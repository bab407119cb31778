import type {
  DocumentNode,
  ExecutionResult,
  FragmentDefinitionNode,
  GraphQLError,
  OperationDefinitionNode,
} from "graphql";

import type { SimShop, Store } from "#simulator/state.ts";

/** What every resolver gets besides its parent and arguments. */
export type RequestContext = {
  store: Store;
  shop: SimShop;
  /** Scopes of the token, including implied ones (`write_x` implies `read_x`). */
  scopes: ReadonlySet<string>;
  /** Notes on search queries, which the response has as `extensions.search`. */
  searchNotes: Record<string, unknown>[];
  /** Executes the documents of bulk operations; set by the request handler. */
  runner?: DocumentRunner;
  /** Set while a bulk query runs: connections return everything, root connections a slice at a time. */
  bulk?: BulkWindow;
};

/** A document that was parsed and validated. */
export type Prepared = {
  document: DocumentNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
};

export type DocumentRunner = {
  prepare(source: string): Prepared | readonly GraphQLError[];
  run(
    prepared: Prepared,
    operation: OperationDefinitionNode,
    request: { context: RequestContext; variables: Record<string, unknown> },
  ): Promise<ExecutionResult>;
};

export type BulkWindow = { offset: number; limit: number; lists: Map<string, readonly unknown[]> };

/**
 * A method's parameters are compared both ways, which lets each resolver declare the parent and the
 * arguments that the schema promises for its field. The root fields' parent is null.
 */
type ResolverShape = { call(parent: unknown, args: unknown, context: RequestContext): unknown };

export type Resolver = ResolverShape["call"];

/**
 * Resolvers of one resource: `{ QueryRoot: { customer }, Mutation: { tagsAdd }, Customer: { tags } }`.
 * A field without a resolver reads the property of its name from its parent; where there is none, the
 * request fails with `SIMULATOR_NOT_IMPLEMENTED`. A property that is null is returned as null. Objects
 * returned for an abstract type (`Node`) have `__typename` or went through `ofType`. To fail at the
 * top level throw one of graphql/errors.ts.
 */
export type ResolverMap = Record<string, Record<string, Resolver>>;

const typeNames = new WeakMap<object, string>();

/** Marks an object with its GraphQL type, for fields of an abstract type. */
export function ofType<T extends object>(value: T, typeName: string): T {
  typeNames.set(value, typeName);
  return value;
}

export function typeNameOf(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const name: unknown = typeNames.get(value) ?? Reflect.get(value, "__typename");
    if (typeof name === "string") return name;
  }
  throw new Error("A resolver returned an object of an abstract type without its type's name");
}
