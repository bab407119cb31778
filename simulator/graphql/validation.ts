import {
  FieldsOnCorrectTypeRule,
  GraphQLError,
  GraphQLID,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isRequiredArgument,
  Kind,
  KnownArgumentNamesRule,
  NoUnusedVariablesRule,
  print,
  ProvidedRequiredArgumentsRule,
  specifiedRules,
  validate,
  valueFromAST,
  type ArgumentNode,
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type ObjectFieldNode,
  type OperationDefinitionNode,
  type ValidationContext,
} from "graphql";
import { isGlobalId } from "#simulator/graphql/global-ids.ts";
import { adminSchema } from "#simulator/graphql/schema.ts";

/** Rules of graphql-js that Shopify words otherwise (recorded); the rest keep their own words. */
const reworded = new Set<unknown>([
  FieldsOnCorrectTypeRule,
  KnownArgumentNamesRule,
  NoUnusedVariablesRule,
  ProvidedRequiredArgumentsRule,
]);
const rules = specifiedRules.filter((rule) => !reworded.has(rule));

/** What is wrong with a document, in Shopify's words where they are known. */
export function validateDocument(document: DocumentNode): readonly GraphQLError[] {
  // Values that have been complained about; graphql-js's own rule for values must not do so again.
  const told = new Set<ASTNode>();
  const own = new Set<GraphQLError>();
  const shopifyRule = (context: ValidationContext) => shopifyVisitor(context, { told, own });
  const errors = validate(adminSchema(), document, [shopifyRule, ...rules]);
  return errors.filter((error) => own.has(error) || !error.nodes?.some((node) => told.has(node)));
}

type Findings = { told: Set<ASTNode>; own: Set<GraphQLError> };
type At = { message: string; at: ASTNode; extensions: Record<string, unknown> };

function shopifyVisitor(context: ValidationContext, { told, own }: Findings): ASTVisitor {
  const trail: ASTNode[] = [];
  const report = (found: At | null) => {
    if (found === null) return;
    const { message, at, extensions } = found;
    const error = new GraphQLError(message, { nodes: at, path: pathTo(trail), extensions });
    own.add(error);
    context.reportError(error);
  };
  return {
    enter(node) {
      trail.push(node);
      if (node.kind === Kind.FIELD) {
        report(unknownField(context, node) ?? missingArguments(context, node));
      } else if (node.kind === Kind.ARGUMENT) {
        const field = trail.at(-2);
        // An argument of a directive is left to graphql-js.
        if (field?.kind !== Kind.FIELD) return;
        const found = unknownArgument(context, node, field) ?? misfit(context, node, field);
        if (found !== null) told.add(node.value);
        report(found);
      } else if (node.kind === Kind.OBJECT_FIELD) {
        const found = unknownInputField(context, node);
        if (found !== null) told.add(node);
        report(found);
      }
    },
    leave(node) {
      if (node.kind === Kind.OPERATION_DEFINITION) unusedVariables(context, node).forEach(report);
      trail.pop();
    },
  };
}

function unusedVariables(context: ValidationContext, operation: OperationDefinitionNode): At[] {
  const used = new Set(
    context
      .getRecursiveVariableUsages(operation)
      // A variable given to an argument that does not exist is not used.
      .filter((usage) => usage.type !== undefined && usage.type !== null)
      .map((usage) => usage.node.name.value),
  );
  const name = operation.name?.value ?? "anonymous query";
  return (operation.variableDefinitions ?? [])
    .map(({ variable }) => variable.name.value)
    .filter((variableName) => !used.has(variableName))
    .map((variableName) => ({
      message: `Variable $${variableName} is declared by ${name} but not used`,
      at: operation,
      extensions: { code: "variableNotUsed", variableName },
    }));
}

function unknownInputField(context: ValidationContext, node: ObjectFieldNode): At | null {
  const type = context.getParentInputType();
  const argumentName = node.name.value;
  if (!isInputObjectType(type) || argumentName in type.getFields()) return null;
  const code = "argumentNotAccepted";
  return {
    message: `InputObject '${type.name}' doesn't accept argument '${argumentName}'`,
    at: node,
    extensions: { code, name: type.name, typeName: "InputObject", argumentName },
  };
}

function unknownField(context: ValidationContext, field: FieldNode): At | null {
  const type = context.getParentType();
  if (!type || context.getFieldDef()) return null;
  const fieldName = field.name.value;
  return {
    message: `Field '${fieldName}' doesn't exist on type '${type.name}'`,
    at: field,
    extensions: { code: "undefinedField", typeName: type.name, fieldName },
  };
}

function missingArguments(context: ValidationContext, field: FieldNode): At | null {
  const given = new Set(field.arguments?.map((argument) => argument.name.value));
  const missing = (context.getFieldDef()?.args ?? [])
    .filter((argument) => isRequiredArgument(argument) && !given.has(argument.name))
    .map((argument) => argument.name)
    .join(", ");
  if (missing === "") return null;
  const name = field.name.value;
  return {
    message: `Field '${name}' is missing required arguments: ${missing}`,
    at: field,
    extensions: { code: "missingRequiredArguments", className: "Field", name, arguments: missing },
  };
}

function unknownArgument(
  context: ValidationContext,
  argument: ArgumentNode,
  field: FieldNode,
): At | null {
  if (context.getArgument() || !context.getFieldDef()) return null;
  const [name, argumentName] = [field.name.value, argument.name.value];
  return {
    message: `Field '${name}' doesn't accept argument '${argumentName}'`,
    at: argument,
    extensions: { code: "argumentNotAccepted", name, typeName: "Field", argumentName },
  };
}

/** A literal that is no value of its argument's type; what is inside objects and lists is left to graphql-js. */
function misfit(
  context: ValidationContext,
  { name, value }: ArgumentNode,
  field: FieldNode,
): At | null {
  const type = context.getArgument()?.type;
  if (type === undefined || value.kind === Kind.VARIABLE) return null;
  const code = "argumentLiteralsIncompatible";
  const named = isNonNullType(type) ? type.ofType : type;
  if (named === GraphQLID && value.kind === Kind.STRING && !isGlobalId(value.value)) {
    const message = `Invalid global id '${value.value}'`;
    return { message, at: field, extensions: { code, typeName: "CoercionError" } };
  }
  if (fits(value, type, named)) return null;
  const argumentName = name.value;
  return {
    message: `Argument '${argumentName}' on Field '${field.name.value}' has an invalid value (${print(value)}). Expected type '${String(type)}'.`,
    at: field,
    extensions: { code, typeName: "Field", argumentName },
  };
}

function fits(
  value: ArgumentNode["value"],
  type: GraphQLInputType,
  named: GraphQLInputType,
): boolean {
  if (value.kind === Kind.NULL) return !isNonNullType(type);
  return !isLeafType(named) || valueFromAST(value, named) !== undefined;
}

/** `["mutation Name", "field", "nested"]`, as far as the nodes lead. */
function pathTo(nodes: readonly ASTNode[]): string[] {
  return nodes.flatMap((node): string[] => {
    switch (node.kind) {
      case Kind.OPERATION_DEFINITION:
        return [[node.operation, node.name?.value].filter(Boolean).join(" ")];
      case Kind.FRAGMENT_DEFINITION:
        return [`fragment ${node.name.value}`];
      case Kind.FIELD:
        return [node.alias?.value ?? node.name.value];
      case Kind.ARGUMENT:
      case Kind.OBJECT_FIELD:
        return [node.name.value];
      default:
        return [];
    }
  });
}
