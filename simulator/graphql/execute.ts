import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  type GraphQLFieldResolver,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from "graphql";

import { protectedContent, type Requirement, requirementOf } from "#simulator/graphql/access.ts";
import { accessDenied, notImplemented, topLevelError } from "#simulator/graphql/errors.ts";
import {
  type DocumentRunner,
  type Prepared,
  type RequestContext,
  type Resolver,
  type ResolverMap,
  typeNameOf,
} from "#simulator/graphql/resolver-map.ts";
import { adminSchema, checkAgainstSchema } from "#simulator/graphql/schema.ts";
import { syntaxError } from "#simulator/graphql/syntax.ts";
import { validateDocument } from "#simulator/graphql/validation.ts";

const remembered = 1000;

/**
 * The schema with one set of resolvers: parses and validates a document once, then executes it any number of
 * times, which bulk mutations need.
 */
export class Executor implements DocumentRunner {
  // By type, then field: looked up for every field of every object of an export.
  readonly #fields = new Map<string, Map<string, Resolver>>();
  readonly #documents = new Map<string, Prepared | readonly GraphQLError[]>();

  constructor(resolvers: ResolverMap) {
    checkAgainstSchema(resolvers);
    for (const [type, fields] of Object.entries(resolvers)) {
      for (const [field, resolver] of Object.entries(fields)) {
        this.#fieldsOf(type).set(field, fieldRun(type, field, resolver));
      }
    }
  }

  /** The document, or its syntax and validation errors. */
  prepare(source: string): Prepared | readonly GraphQLError[] {
    const known = this.#documents.get(source);
    if (known !== undefined) return known;
    const prepared = read(source);
    if (this.#documents.size >= remembered) this.#documents.clear();
    this.#documents.set(source, prepared);
    return prepared;
  }

  async run(
    prepared: Prepared,
    operation: OperationDefinitionNode,
    { context, variables }: { context: RequestContext; variables: Record<string, unknown> },
  ): Promise<ExecutionResult> {
    return execute({
      schema: adminSchema(),
      document: prepared.document,
      operationName: operation.name?.value,
      rootValue: null,
      contextValue: context,
      variableValues: variables,
      fieldResolver: this.#resolve,
      typeResolver: (value) => typeNameOf(value),
    });
  }

  #fieldsOf(type: string): Map<string, Resolver> {
    let fields = this.#fields.get(type);
    if (fields === undefined) this.#fields.set(type, (fields = new Map()));
    return fields;
  }

  readonly #resolve: GraphQLFieldResolver<unknown, RequestContext> = (
    ...[parent, args, context, info]
  ) => {
    const fields = this.#fieldsOf(info.parentType.name);
    let run = fields.get(info.fieldName);
    if (run === undefined) {
      run = fieldRun(info.parentType.name, info.fieldName, undefined);
      fields.set(info.fieldName, run);
    }
    return run(parent, args, context);
  };
}

/** A field's resolver, preceded by the checks of scopes and protected data. */
function fieldRun(typeName: string, fieldName: string, resolver: Resolver | undefined): Resolver {
  const type = adminSchema().getType(typeName);
  const definition = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  const needs = definition && requirementOf({ parentType: typeName, field: fieldName }, definition);
  const content = protectedContent(typeName, fieldName);
  const run = resolver ?? readProperty(typeName, fieldName);
  if (needs === undefined && content === undefined) return run;
  return (parent, args, context) => {
    if (needs !== undefined && !allowed(needs, context)) throw accessDenied(fieldName, needs.text);
    if (content !== undefined && context.store.settings.withheldData.has(content)) {
      throw topLevelError(
        `This app is not approved to use the ${fieldName} field.`,
        "ACCESS_DENIED",
      );
    }
    return run(parent, args, context);
  };
}

function allowed(needs: Requirement, context: RequestContext): boolean {
  return needs.scopes.some((scope) => context.scopes.has(scope));
}

function readProperty(typeName: string, fieldName: string): Resolver {
  return (parent) => {
    if (typeof parent !== "object" || parent === null || !(fieldName in parent)) {
      throw notImplemented(typeName, fieldName);
    }
    return Reflect.get(parent, fieldName);
  };
}

function read(source: string): Prepared | readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(source);
  } catch (error) {
    if (error instanceof GraphQLError) return [syntaxError(source, error)];
    throw error;
  }
  const errors = validateDocument(document);
  if (errors.length > 0) return errors;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  return { document, fragments };
}

export function isPrepared(value: Prepared | readonly GraphQLError[]): value is Prepared {
  return "document" in value;
}

/** The operation to run, or undefined if the name does not choose exactly one. */
export function chooseOperation(prepared: Prepared, name: string | undefined) {
  return getOperationAST(prepared.document, name) ?? undefined;
}
