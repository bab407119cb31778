import { parse } from "graphql";
import { describe, expect, it } from "vitest";

import { validateDocument } from "./validation.ts";

const errorsIn = (document: string): unknown[] =>
  validateDocument(parse(document)).map((error) => error.toJSON());

describe("an error in a document", () => {
  it("has the recorded message for a field that does not exist", () => {
    const document =
      'mutation Delete {\n  customerDelete(input: { id: "gid://shopify/Customer/1" }) {\n    userErrors { code }\n  }\n}';
    expect(errorsIn(document)).toEqual([
      {
        message: "Field 'code' doesn't exist on type 'UserError'",
        locations: [{ line: 3, column: 18 }],
        path: ["mutation Delete", "customerDelete", "userErrors", "code"],
        extensions: { code: "undefinedField", typeName: "UserError", fieldName: "code" },
      },
    ]);
  });

  it("is reported for an unknown argument, whose variable then is unused too", () => {
    const document =
      'mutation Probe($clientIdentifier: String) { bulkOperationRunQuery(query: "{ x }", clientIdentifier: $clientIdentifier) { userErrors { message } } }';
    expect(errorsIn(document)).toMatchObject([
      {
        message: "Field 'bulkOperationRunQuery' doesn't accept argument 'clientIdentifier'",
        path: ["mutation Probe", "bulkOperationRunQuery", "clientIdentifier"],
        extensions: { code: "argumentNotAccepted", typeName: "Field" },
      },
      {
        message: "Variable $clientIdentifier is declared by Probe but not used",
        path: ["mutation Probe"],
        extensions: { code: "variableNotUsed", variableName: "clientIdentifier" },
      },
    ]);
  });

  it("is reported once for an invalid literal id, a null and an unknown enum value", () => {
    expect(errorsIn('query Read { bulkOperation(id: "not-a-gid") { id } }')).toMatchObject([
      {
        message: "Invalid global id 'not-a-gid'",
        path: ["query Read", "bulkOperation", "id"],
        extensions: { code: "argumentLiteralsIncompatible", typeName: "CoercionError" },
      },
    ]);
    expect(errorsIn("mutation M { segmentDelete(id: null) { deletedSegmentId } }")).toMatchObject([
      {
        message:
          "Argument 'id' on Field 'segmentDelete' has an invalid value (null). Expected type 'ID!'.",
      },
    ]);
    expect(errorsIn("{ customers(first: 1, sortKey: HEIGHT) { nodes { id } } }")).toMatchObject([
      {
        message:
          "Argument 'sortKey' on Field 'customers' has an invalid value (HEIGHT). Expected type 'CustomerSortKeys'.",
        path: ["query", "customers", "sortKey"],
      },
    ]);
  });

  it("is reported for an unknown field of an input object", () => {
    const document = `mutation Access {
      metafieldDefinitionCreate(definition: { name: "n", key: "k", type: "date", ownerType: CUSTOMER, access: { grants: [] } }) {
        userErrors { message }
      }
    }`;
    expect(errorsIn(document)).toMatchObject([
      {
        message: "InputObject 'MetafieldAccessInput' doesn't accept argument 'grants'",
        path: ["mutation Access", "metafieldDefinitionCreate", "definition", "access", "grants"],
        extensions: { code: "argumentNotAccepted", typeName: "InputObject" },
      },
    ]);
  });

  it("is reported for an unknown field of a required input, and for a missing one", () => {
    const set = (input: string) =>
      `mutation Set { metafieldsSet(metafields: [${input}]) { userErrors { message } } }`;
    const owner = 'ownerId: "gid://shopify/Customer/1"';
    expect(errorsIn(set(`{ ${owner}, key: "k", value: "v", colour: 1 }`))).toMatchObject([
      {
        message: "InputObject 'MetafieldsSetInput' doesn't accept argument 'colour'",
        path: ["mutation Set", "metafieldsSet", "metafields", "colour"],
        extensions: { code: "argumentNotAccepted" },
      },
    ]);
    expect(errorsIn(set(`{ ${owner}, key: "k" }`))).toEqual([
      {
        message:
          "Argument 'value' on InputObject 'MetafieldsSetInput' is required. Expected type String!",
        locations: [{ line: 1, column: 43 }],
        path: ["mutation Set", "metafieldsSet", "metafields", "value"],
        extensions: {
          code: "missingRequiredInputObjectAttribute",
          argumentName: "value",
          argumentType: "String!",
          inputObjectType: "MetafieldsSetInput",
        },
      },
    ]);
  });

  it("is reported once for a literal inside an object, at its own place", () => {
    const create = (id: string) =>
      `mutation { segmentDelete(id: ${id}) { deletedSegmentId } metafieldsSet(metafields: [{ ownerId: 5, key: KEY, value: null }]) { userErrors { message } } }`;
    expect(errorsIn(create('"gid://shopify/Segment/1"'))).toMatchObject([
      {
        message: "Invalid global id '5'",
        path: ["mutation", "metafieldsSet", "metafields", "ownerId"],
        extensions: { code: "argumentLiteralsIncompatible", typeName: "CoercionError" },
      },
      {
        message:
          "Argument 'key' on InputObject 'MetafieldsSetInput' has an invalid value (KEY). Expected type 'String!'.",
        extensions: { typeName: "InputObject", argumentName: "key" },
      },
      {
        message:
          "Argument 'value' on InputObject 'MetafieldsSetInput' has an invalid value (null). Expected type 'String!'.",
      },
    ]);
  });

  it("is reported where an object has no selection, or a scalar has one", () => {
    expect(errorsIn("query Q { shop }")).toMatchObject([
      {
        message:
          "Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)",
        path: ["query Q", "shop"],
        extensions: {
          code: "selectionMismatch",
          nodeName: "field 'shop'",
          typeName: "Shop",
        },
      },
    ]);
    expect(errorsIn("query Q { shop { name { first } } }")).toMatchObject([
      {
        message:
          "Selections can't be made on scalars (field 'name' returns String but has selections [\"first\"])",
      },
    ]);
  });

  it("is reported with the fragments that contain it", () => {
    const document =
      'query Q { node(id: "gid://shopify/Customer/1") { ... on Customer { heigth } } } fragment P on Shop { nmae }';
    expect(errorsIn(document)).toMatchObject([
      { path: ["query Q", "node", "... on Customer", "heigth"] },
      { path: ["fragment P", "nmae"] },
      // An unused fragment has the message of graphql-js.
      { message: 'Fragment "P" is never used.' },
    ]);
  });

  it("is reported for missing or unknown arguments of a directive, and for an invalid default", () => {
    expect(
      errorsIn("query Q($n: Int = true) { shop @include { name @skip(if: 1, x: $n) } }"),
    ).toMatchObject([
      {
        message: "Default value for $n doesn't match type Int",
        extensions: { code: "defaultValueInvalidType" },
      },
      {
        message: "Directive 'include' is missing required arguments: if",
        extensions: { className: "Directive" },
      },
      {
        message:
          "Argument 'if' on Directive 'skip' has an invalid value (1). Expected type 'Boolean!'.",
      },
      { message: "Directive 'skip' doesn't accept argument 'x'" },
      { extensions: { code: "variableNotUsed" } },
    ]);
  });

  it("is not reported for a valid document with variables, fragments and directives", () => {
    const document = `query Page($first: Int!, $short: Boolean!) {
      customers(first: $first, reverse: true) { nodes { ...Person tags @skip(if: $short) } }
    }
    fragment Person on Customer { id metafield(namespace: "encore", key: "clv_tier") { value } }`;
    expect(errorsIn(document)).toEqual([]);
  });
});
