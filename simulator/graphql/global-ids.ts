import {
  GraphQLID,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
} from "graphql";

type Path = readonly (string | number)[];

type WrongId = { path: Path; id: string };

const globalId = /^gid:\/\/[\w-]+\/\w+\/\S+$/;

export function isGlobalId(text: string): boolean {
  return globalId.test(text);
}

/** The IDs in a value that are no gid. Shopify finds them before any resolver runs (recorded). */
export function wrongIds(value: unknown, type: GraphQLInputType, path: Path = []): WrongId[] {
  if (isNonNullType(type)) return wrongIds(value, type.ofType, path);
  if (value === null || value === undefined) return [];
  if (isListType(type)) {
    return Array.isArray(value)
      ? value.flatMap((item, at) => wrongIds(item, type.ofType, [...path, at]))
      : wrongIds(value, type.ofType, path);
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) =>
      wrongIds(propertyOf(value, field.name), field.type, [...path, field.name]),
    );
  }
  if (type !== GraphQLID || (typeof value === "string" && isGlobalId(value))) return [];
  return [{ path, id: String(value) }];
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
