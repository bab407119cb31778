import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { validateDocument } from "./validation.ts";

const errorsIn = (document: string): unknown[] =>
  validateDocument(parse(document)).map((error) => error.toJSON());

describe("what is wrong with a document", () => {
  it("is told in the recorded words for a field that does not exist", () => {
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

  it("is told for an argument that is not taken, whose variable then is not used either", () => {
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

  it("is told once for a literal id that is none, a null and an enum value that is none", () => {
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

  it("is told for a field of an input object that does not exist", () => {
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

  it("is nothing for a document with variables, fragments and directives in order", () => {
    const document = `query Page($first: Int!, $short: Boolean!) {
      customers(first: $first, reverse: true) { nodes { ...Person tags @skip(if: $short) } }
    }
    fragment Person on Customer { id metafield(namespace: "encore", key: "clv_tier") { value } }`;
    expect(errorsIn(document)).toEqual([]);
  });
});
