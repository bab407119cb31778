import { globSync } from "node:fs";
import path from "node:path";

import ts from "typescript";

// Finds the app's SQL statements and the row types of their results. The compiler compares neither
// with the schema.

export type SentStatement = {
  /** Its place: file and line. */
  at: string;
  /** Its possible texts; null when it is composed at run time. */
  texts: string[] | null;
  /** Its row type, by column; null when it has none. */
  row: Record<string, PromisedColumn> | null;
};

export type PromisedColumn = {
  /** Whether a value of the kind could be one of the promised type. */
  takes: Record<ValueKind, boolean>;
  nullable: boolean;
  /** Whether it is optional. */
  optional: boolean;
  /** As in the source, for messages. */
  type: string;
};

export const valueKinds = ["string", "number", "boolean", "Date", "json", "array"] as const;
/** The kinds of values that the driver returns. */
export type ValueKind = (typeof valueKinds)[number];

const MOST_TEXTS = 64;

/** Every call of `query` in the app's files. */
export function sentStatements(root: string): SentStatement[] {
  const config = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile.bind(ts.sys));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = globSync("app/**/*.server.ts", { cwd: root }).map((file) => path.join(root, file));
  const program = ts.createProgram(files, options);
  const reader = new Reader(program.getTypeChecker());
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return source === undefined ? [] : reader.statementsOf(source, path.relative(root, file));
  });
}

class Reader {
  readonly #checker: ts.TypeChecker;
  /** The arguments of the functions being evaluated. */
  readonly #given = new Map<ts.Symbol, string[] | null>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  statementsOf(source: ts.SourceFile, name: string): SentStatement[] {
    const found: SentStatement[] = [];
    const visit = (node: ts.Node): void => {
      ts.forEachChild(node, visit);
      if (!ts.isCallExpression(node) || !isQuery(node.expression)) return;
      const [text] = node.arguments;
      // The first argument is not text, for example a COPY stream.
      if (text === undefined || !this.#isText(text)) return;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const [row] = node.typeArguments ?? [];
      const texts = this.#textsOf(text);
      if (texts?.some((one) => one.startsWith("#graphql"))) return;
      const at = `${name}:${String(line + 1)}`;
      found.push({ at, texts, row: row === undefined ? null : this.#rowOf(row) });
    };
    visit(source);
    return found;
  }

  #isText(node: ts.Expression): boolean {
    return this.#checker.isTypeAssignableTo(
      this.#checker.getTypeAtLocation(node),
      this.#checker.getStringType(),
    );
  }

  /** All possible values of an expression, as far as the source determines them. */
  #textsOf(node: ts.Expression): string[] | null {
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) {
      return [node.text.replaceAll("_", node.kind === ts.SyntaxKind.NumericLiteral ? "" : "_")];
    }
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
      return this.#textsOf(node.expression);
    }
    if (ts.isTemplateExpression(node)) {
      let texts: string[] | null = [node.head.text];
      for (const { expression, literal } of node.templateSpans) {
        texts = combined(combined(texts, this.#textsOf(expression)), [literal.text]);
      }
      return texts;
    }
    if (ts.isConditionalExpression(node)) {
      const [yes, no] = [this.#textsOf(node.whenTrue), this.#textsOf(node.whenFalse)];
      return yes && no && [...yes, ...no];
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      return combined(this.#textsOf(node.left), this.#textsOf(node.right));
    }
    if (ts.isCallExpression(node)) return this.#textsOfCall(node);
    return this.#literals(node) ?? this.#textsOfName(node);
  }

  #literals(node: ts.Expression): string[] | null {
    const type = this.#checker.getTypeAtLocation(node);
    const all = type.isUnion() ? type.types : [type];
    return all.every((one) => one.isStringLiteral() || one.isNumberLiteral())
      ? all.map((one) => String((one as ts.LiteralType).value))
      : null;
  }

  /** A constant has the text of its initialiser. */
  #textsOfName(node: ts.Expression): string[] | null {
    const symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol && this.#given.has(symbol)) return this.#given.get(symbol) ?? null;
    const declaration = this.#declarationOf(node);
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) {
      return null;
    }
    const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return isConstant ? this.#textsOf(declaration.initializer) : null;
  }

  /** `String(…)`, a list that is joined, and functions that are one expression of their parameters. */
  #textsOfCall(node: ts.CallExpression): string[] | null {
    const [first] = node.arguments;
    if (ts.isIdentifier(node.expression) && node.expression.text === "String") {
      return first === undefined ? null : this.#textsOf(first);
    }
    if (ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "join") {
      return this.#joined(node.expression.expression, first);
    }
    return this.#textsOfFunction(node);
  }

  #textsOfFunction({ expression, arguments: values }: ts.CallExpression): string[] | null {
    const written = this.#declarationOf(expression);
    const called =
      written && ts.isVariableDeclaration(written) ? written.initializer : (written ?? undefined);
    const body = called && returnedBy(called);
    if (!body) return null;
    for (const [i, { name }] of body.parameters.entries()) {
      const symbol = this.#checker.getSymbolAtLocation(name);
      const value = values[i];
      if (symbol) this.#given.set(symbol, value === undefined ? null : this.#textsOf(value));
    }
    return this.#textsOf(body.value);
  }

  #joined(list: ts.Expression, by: ts.Expression | undefined): string[] | null {
    const type = this.#checker.getTypeAtLocation(list);
    if (!this.#checker.isTupleType(type)) return null;
    const separator = by === undefined ? [","] : this.#textsOf(by);
    const parts = this.#checker.getTypeArguments(type as ts.TypeReference);
    if (separator === null || !parts.every((part) => part.isStringLiteral())) return null;
    return separator.map((mark) => parts.map((part) => String(part.value)).join(mark));
  }

  #declarationOf(node: ts.Expression): ts.Declaration | undefined {
    let symbol = this.#checker.getSymbolAtLocation(node);
    if (symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0) {
      symbol = this.#checker.getAliasedSymbol(symbol);
    }
    return symbol?.valueDeclaration;
  }

  #rowOf(node: ts.TypeNode): Record<string, PromisedColumn> {
    const type = this.#checker.getTypeFromTypeNode(node);
    return Object.fromEntries(
      type.getProperties().map((property) => {
        const own = this.#checker.getTypeOfSymbol(property);
        const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
        return [property.name, { optional, ...this.#columnOf(own) }];
      }),
    );
  }

  #columnOf(type: ts.Type): Omit<PromisedColumn, "optional"> {
    const checker = this.#checker;
    const bare = checker.getNonNullableType(type);
    const isDate = bare.symbol?.name === "Date";
    const text = checker.isTypeAssignableTo(bare, checker.getStringType());
    const array = checker.isArrayLikeType(bare);
    const isPlain = text || isDate || array;
    const isAny = (bare.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
    return {
      type: checker.typeToString(type),
      nullable: checker.isTypeAssignableTo(checker.getNullType(), type),
      takes: {
        string: text || isAny,
        number: checker.isTypeAssignableTo(bare, checker.getNumberType()) || isAny,
        boolean: checker.isTypeAssignableTo(bare, checker.getBooleanType()) || isAny,
        Date: isDate || isAny,
        json: !isPlain || array || isAny,
        array: array || isAny,
      },
    };
  }
}

type Body = { parameters: ts.NodeArray<ts.ParameterDeclaration>; value: ts.Expression };

/** The expression that a function returns if it does nothing else. */
function returnedBy(node: ts.Node): Body | null {
  if (!ts.isArrowFunction(node) && !ts.isFunctionDeclaration(node)) return null;
  const { body, parameters } = node;
  if (body === undefined) return null;
  if (!ts.isBlock(body)) return { parameters, value: body };
  const [only, ...more] = body.statements;
  if (!only || more.length > 0 || !ts.isReturnStatement(only) || !only.expression) return null;
  return { parameters, value: only.expression };
}

function isQuery(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === "query";
}

function combined(heads: string[] | null, tails: string[] | null): string[] | null {
  if (!heads || !tails || heads.length * tails.length > MOST_TEXTS) return null;
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}
