import {
  type ArgumentNode,
  type ASTNode,
  type DirectiveNode,
  type FieldNode,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  Kind,
  type ObjectFieldNode,
  type ObjectValueNode,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type ValidationContext,
  type VariableDefinitionNode,
} from "graphql";

import { literalMisfit } from "#simulator/graphql/literals.ts";

/** An error in a document, with graphql-ruby's message. */
export type Finding = {
  message: string;
  at: ASTNode;
  extensions: Record<string, unknown>;
  /** The last element of the error's path, where no node of the document provides it. */
  missing?: string;
};

type Taker = FieldNode | DirectiveNode;

const className = ({ kind }: Taker) => (kind === Kind.FIELD ? "Field" : "Directive");

export function unusedVariables(
  context: ValidationContext,
  operation: OperationDefinitionNode,
): Finding[] {
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

export function wrongDefault(
  context: ValidationContext,
  { variable, type, defaultValue }: VariableDefinitionNode,
): Finding[] {
  const wanted = context.getInputType();
  if (!defaultValue || !wanted || literalMisfit(defaultValue, wanted) === undefined) return [];
  const [variableName, typeName] = [variable.name.value, print(type)];
  return [
    {
      message: `Default value for $${variableName} doesn't match type ${typeName}`,
      at: variable,
      extensions: { code: "defaultValueInvalidType", variableName, typeName },
    },
  ];
}

export function unknownField(context: ValidationContext, field: FieldNode): Finding[] {
  const type = context.getParentType();
  if (!type || context.getFieldDef()) return [];
  const fieldName = field.name.value;
  return [
    {
      message: `Field '${fieldName}' doesn't exist on type '${type.name}'`,
      at: field,
      extensions: { code: "undefinedField", typeName: type.name, fieldName },
    },
  ];
}

/** An object without selected fields, or a scalar with some. */
export function wrongSelection(context: ValidationContext, field: FieldNode): Finding[] {
  const type = context.getFieldDef()?.type;
  if (type === undefined) return [];
  const named = getNamedType(type);
  const name = field.name.value;
  const selections = field.selectionSet?.selections;
  const found = (message: string): Finding[] => {
    const extensions = { nodeName: `field '${name}'`, typeName: named.name };
    return [{ message, at: field, extensions: { code: "selectionMismatch", ...extensions } }];
  };
  const returns = `field '${name}' returns ${named.name} but has`;
  if (isLeafType(named)) {
    if (selections === undefined) return [];
    const kind = isScalarType(named) ? "scalars" : "enums";
    const chosen = selections.map(selectionName).join(", ");
    return found(`Selections can't be made on ${kind} (${returns} selections [${chosen}])`);
  }
  if (selections !== undefined) return [];
  return found(
    `Field must have selections (${returns} no selections. Did you mean '${name} { ... }'?)`,
  );
}

function selectionName(selection: SelectionNode): string {
  if (selection.kind !== Kind.INLINE_FRAGMENT) return JSON.stringify(selection.name.value);
  const on = selection.typeCondition;
  return `"... ${on === undefined ? "" : `on ${on.name.value} `}{ ... }"`;
}

export function missingArguments(context: ValidationContext, taker: Taker): Finding[] {
  const isField = taker.kind === Kind.FIELD;
  const known = (isField ? context.getFieldDef() : context.getDirective())?.args ?? [];
  const given = new Set(taker.arguments?.map((argument) => argument.name.value));
  const missing = known
    .filter((argument) => isRequiredArgument(argument) && !given.has(argument.name))
    .map((argument) => argument.name)
    .join(", ");
  if (missing === "") return [];
  const [kind, name] = [className(taker), taker.name.value];
  return [
    {
      message: `${kind} '${name}' is missing required arguments: ${missing}`,
      at: taker,
      extensions: { code: "missingRequiredArguments", className: kind, name, arguments: missing },
    },
  ];
}

export function unknownArgument(
  context: ValidationContext,
  argument: ArgumentNode,
  taker: Taker,
): Finding[] {
  const isKnown = taker.kind === Kind.FIELD ? context.getFieldDef() : context.getDirective();
  if (context.getArgument() || !isKnown) return [];
  const [kind, name, argumentName] = [className(taker), taker.name.value, argument.name.value];
  return [
    {
      message: `${kind} '${name}' doesn't accept argument '${argumentName}'`,
      at: argument,
      extensions: { code: "argumentNotAccepted", name, typeName: kind, argumentName },
    },
  ];
}

export function unknownInputField(context: ValidationContext, node: ObjectFieldNode): Finding[] {
  const type = getNamedType(context.getParentInputType());
  const argumentName = node.name.value;
  if (!isInputObjectType(type) || argumentName in type.getFields()) return [];
  return [
    {
      message: `InputObject '${type.name}' doesn't accept argument '${argumentName}'`,
      at: node,
      extensions: {
        ...{ code: "argumentNotAccepted", name: type.name },
        ...{ typeName: "InputObject", argumentName },
      },
    },
  ];
}

export function missingInputFields(context: ValidationContext, node: ObjectValueNode): Finding[] {
  const type = getNamedType(context.getInputType());
  if (!isInputObjectType(type)) return [];
  const given = new Set(node.fields.map(({ name }) => name.value));
  return Object.values(type.getFields())
    .filter((field) => isRequiredInputField(field) && !given.has(field.name))
    .map((field) => ({
      message: `Argument '${field.name}' on InputObject '${type.name}' is required. Expected type ${String(field.type)}`,
      at: node,
      missing: field.name,
      extensions: {
        code: "missingRequiredInputObjectAttribute",
        argumentName: field.name,
        argumentType: String(field.type),
        inputObjectType: type.name,
      },
    }));
}

/** A literal that is invalid for its argument, on a field, a directive or in an input object. */
export function misfit(
  context: ValidationContext,
  { name, value }: ArgumentNode | ObjectFieldNode,
  taker: Taker | ObjectValueNode,
): Finding[] {
  const type = context.getInputType();
  if (!type || value.kind === Kind.VARIABLE) return [];
  const found = literalMisfit(value, type);
  if (found === undefined) return [];
  const code = "argumentLiteralsIncompatible";
  if (found.message !== undefined) {
    return [{ message: found.message, at: taker, extensions: { code, typeName: "CoercionError" } }];
  }
  const isObject = taker.kind === Kind.OBJECT;
  const kind = isObject ? "InputObject" : className(taker);
  const owner = isObject ? getNamedType(context.getParentInputType())?.name : taker.name.value;
  const argumentName = name.value;
  return [
    {
      message: `Argument '${argumentName}' on ${kind} '${owner ?? ""}' has an invalid value (${print(value)}). Expected type '${String(type)}'.`,
      at: taker,
      extensions: { code, typeName: kind, argumentName },
    },
  ];
}
