import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  FieldsOnCorrectTypeRule,
  GraphQLError,
  Kind,
  KnownArgumentNamesRule,
  NoUnusedVariablesRule,
  ProvidedRequiredArgumentsRule,
  ScalarLeafsRule,
  specifiedRules,
  validate,
  type ValidationContext,
  ValuesOfCorrectTypeRule,
} from "graphql";

import {
  type Finding,
  misfit,
  missingArguments,
  missingInputFields,
  unknownArgument,
  unknownField,
  unknownInputField,
  unusedVariables,
  wrongDefault,
  wrongSelection,
} from "#simulator/graphql/findings.ts";
import { adminSchema } from "#simulator/graphql/schema.ts";

/** Rules of graphql-js with other messages at Shopify (recorded); the others keep their messages. */
const reworded = new Set<unknown>([
  FieldsOnCorrectTypeRule,
  KnownArgumentNamesRule,
  NoUnusedVariablesRule,
  ProvidedRequiredArgumentsRule,
  ScalarLeafsRule,
  ValuesOfCorrectTypeRule,
]);
const rules = specifiedRules.filter((rule) => !reworded.has(rule));

/** The errors of a document, with Shopify's messages where they are known. */
export function validateDocument(document: DocumentNode): readonly GraphQLError[] {
  return validate(adminSchema(), document, [shopifyRule, ...rules]);
}

type Path = readonly string[];

function shopifyRule(context: ValidationContext): ASTVisitor {
  const trail: ASTNode[] = [];
  const reported: Path[] = [];
  const report = ({ message, at, extensions, missing }: Finding) => {
    const path = [...pathTo(trail), ...(missing === undefined ? [] : [missing])];
    reported.push(path);
    context.reportError(new GraphQLError(message, { nodes: at, path, extensions }));
  };
  return {
    enter(node) {
      trail.push(node);
      entered(context, trail).forEach(report);
    },
    leave(node) {
      left(context, trail, reported).forEach(report);
      if (node.kind === Kind.OPERATION_DEFINITION) unusedVariables(context, node).forEach(report);
      trail.pop();
    },
  };
}

function entered(context: ValidationContext, trail: readonly ASTNode[]): Finding[] {
  const [parent, node] = trail.slice(-2);
  const own = node ?? parent;
  if (own === undefined) return [];
  switch (own.kind) {
    case Kind.FIELD: {
      const unknown = unknownField(context, own);
      if (unknown.length > 0) return unknown;
      return [...missingArguments(context, own), ...wrongSelection(context, own)];
    }
    case Kind.DIRECTIVE:
      return missingArguments(context, own);
    case Kind.ARGUMENT:
      return parent?.kind === Kind.FIELD || parent?.kind === Kind.DIRECTIVE
        ? unknownArgument(context, own, parent)
        : [];
    case Kind.OBJECT:
      return missingInputFields(context, own);
    case Kind.OBJECT_FIELD:
      return unknownInputField(context, own);
    case Kind.VARIABLE_DEFINITION:
      return wrongDefault(context, own);
    default:
      return [];
  }
}

function left(
  context: ValidationContext,
  trail: readonly ASTNode[],
  reported: readonly Path[],
): Finding[] {
  const [parent, node] = trail.slice(-2);
  if (node?.kind !== Kind.ARGUMENT && node?.kind !== Kind.OBJECT_FIELD) return [];
  const takes =
    parent?.kind === Kind.FIELD || parent?.kind === Kind.DIRECTIVE || parent?.kind === Kind.OBJECT;
  if (!takes) return [];
  const found = misfit(context, node, parent);
  if (found.length === 0) return [];
  // Inner values were checked first: an error is reported once, at the innermost place.
  const path = pathTo(trail);
  return reported.some((other) => path.every((part, at) => part === other[at])) ? [] : found;
}

/** `["mutation Name", "field", "... on Type", "nested"]`, as far as there are nodes. */
function pathTo(nodes: readonly ASTNode[]): string[] {
  return nodes.flatMap((node): string[] => {
    switch (node.kind) {
      case Kind.OPERATION_DEFINITION:
        return [[node.operation, node.name?.value].filter(Boolean).join(" ")];
      case Kind.FRAGMENT_DEFINITION:
        return [`fragment ${node.name.value}`];
      case Kind.FRAGMENT_SPREAD:
        return [`... ${node.name.value}`];
      case Kind.INLINE_FRAGMENT:
        return [node.typeCondition ? `... on ${node.typeCondition.name.value}` : "..."];
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
