import { GraphQLError } from "graphql";

/** A failed field, reported at the top level of the response; the field is null. */
export function topLevelError(message: string, code: string, more: Record<string, unknown> = {}) {
  return new GraphQLError(message, { extensions: { code, ...more } });
}

export function notImplemented(typeName: string, fieldName: string): GraphQLError {
  return topLevelError(
    `The simulator does not implement ${typeName}.${fieldName}.`,
    "SIMULATOR_NOT_IMPLEMENTED",
    { typeName, fieldName },
  );
}

export function accessDenied(fieldName: string, requiredAccess: string): GraphQLError {
  return topLevelError(
    `Access denied for ${fieldName} field. Required access: ${requiredAccess}`,
    "ACCESS_DENIED",
    { documentation: "https://shopify.dev/api/usage/access-scopes", requiredAccess },
  );
}

/** A gid of a type that the field does not accept. */
export function resourceNotFound(message: string): GraphQLError {
  return topLevelError(message, "RESOURCE_NOT_FOUND");
}

export function badRequest(message: string): GraphQLError {
  return topLevelError(message, "BAD_REQUEST");
}
