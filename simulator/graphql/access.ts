import { readFileSync } from "node:fs";

import { getNamedType, type GraphQLField, type GraphQLObjectType, isObjectType } from "graphql";

import { apiVersion } from "#simulator/graphql/schema.ts";

type AccessFile = {
  types: Record<string, string>;
  fields: Record<string, string>;
  protectedFields: Record<string, { subject: string; content: string }>;
};

/** What a field requires: any one of `scopes`; `text` is quoted in the error. */
export type Requirement = { scopes: string[]; text: string };

let file: AccessFile | undefined;

function access(): AccessFile {
  file ??= JSON.parse(
    readFileSync(new URL(`../../schema/access-${apiVersion}.json`, import.meta.url), "utf8"),
  ) as AccessFile;
  return file;
}

/**
 * Reads the alternatives in sentences such as "`read_orders` access scope or `read_quick_sale` access
 * scope. Also: …". What follows "Also" are permissions of users, which an app's token has.
 */
function parse(text: string | undefined): Requirement | undefined {
  if (text === undefined) return undefined;
  const [scopePart = ""] = text.split(" Also:");
  const scopes = [...scopePart.matchAll(/`((?:read|write)_[a-z_]+)`/g)].flatMap(
    (match) => match[1] ?? [],
  );
  return scopes.length === 0 ? undefined : { scopes, text: scopePart.trim() };
}

type FieldKey = { parentType: string; field: string };

function typeRequirement(type: GraphQLObjectType): Requirement | undefined {
  const own = parse(access().types[type.name]);
  if (own !== undefined || !type.name.endsWith("Connection")) return own;
  const edges = type.getFields().edges;
  const edge = edges === undefined ? undefined : getNamedType(edges.type);
  const node = isObjectType(edge) ? edge.getFields().node : undefined;
  return node === undefined ? undefined : parse(access().types[getNamedType(node.type).name]);
}

/** The requirement of a field, else of the type it returns, else of its connection's nodes. */
export function requirementOf(
  { parentType, field }: FieldKey,
  definition: GraphQLField<unknown, unknown>,
): Requirement | undefined {
  const own = access().fields[`${parentType}.${field}`];
  if (own !== undefined) return parse(own);
  const returned = getNamedType(definition.type);
  return isObjectType(returned) ? typeRequirement(returned) : undefined;
}

/** The kind of personal data in a field (`name`, `email`, `phone`, `address`), if it is protected. */
export function protectedContent(parentType: string, field: string): string | undefined {
  return access().protectedFields[`${parentType}.${field}`]?.content;
}

/** `write_x` implies `read_x`. */
export function impliedScopes(scopes: readonly string[]): Set<string> {
  const all = new Set(scopes);
  for (const scope of scopes) {
    if (scope.startsWith("write_")) all.add(`read_${scope.slice("write_".length)}`);
  }
  return all;
}
