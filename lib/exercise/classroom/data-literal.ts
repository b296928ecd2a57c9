import ts from "typescript";

/** A value written in code, as an answer's text (JSON, which is YAML too), or why it is none. */
export type LiteralResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly what: string };

/** A call of `check("exercise", answer)` in a cell; what it passes is read, never run. */
export interface CheckCall {
  readonly exercise: string;
  readonly answer: LiteralResult;
}

/** No honest answer is deeper or has more values; constants that name each other could grow without end. */
const depthMax = 24;
const valuesMax = 2_000;

/** Every call of `check` in a cell's TypeScript whose first argument is a text. */
export function checkCalls(source: string): readonly CheckCall[] {
  try {
    return callsIn(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS));
  } catch (error) {
    // The parser goes down with the nesting, and the stack has an end.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function callsIn(file: ts.SourceFile): readonly CheckCall[] {
  const calls: CheckCall[] = [];
  const constants = new Map<string, ts.Expression>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (initializer === undefined) continue;
        if (ts.isIdentifier(name)) constants.set(name.text, initializer);
        addCall(initializer);
      }
    else if (ts.isExpressionStatement(statement)) addCall(statement.expression);
  }
  return calls;

  function addCall(expression: ts.Expression): void {
    const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
    if (!ts.isCallExpression(call)) return;
    if (!ts.isIdentifier(call.expression) || call.expression.text !== "check") {
      // `display(check(…))` and the like.
      call.arguments.forEach(addCall);
      return;
    }
    const [exercise, answer] = call.arguments;
    if (exercise === undefined || !ts.isStringLiteralLike(exercise)) return;
    const read = answer === undefined ? failure(file, call, "check has no answer") : literal(file, answer, constants);
    calls.push({ exercise: exercise.text, answer: read });
  }
}

function literal(
  file: ts.SourceFile,
  expression: ts.Expression,
  constants: ReadonlyMap<string, ts.Expression>,
): LiteralResult {
  try {
    return { ok: true, text: `${write({ file, constants, values: 0 }, expression, "", 0)}\n` };
  } catch (error) {
    if (error instanceof NotData) return failure(file, error.node, error.message);
    throw error;
  }
}

class NotData extends Error {
  constructor(
    readonly node: ts.Node,
    what: string,
  ) {
    super(what);
  }
}

function failure(file: ts.SourceFile, node: ts.Node, what: string): LiteralResult {
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return { ok: false, line: line + 1, column: character + 1, what };
}

interface Reading {
  readonly file: ts.SourceFile;
  readonly constants: ReadonlyMap<string, ts.Expression>;
  values: number;
}

/** JSON, but numbers as they were typed: `1e1` stays `1e1`. Repeated keys stay repeated, so that they are told. */
function write(reading: Reading, node: ts.Expression, indent: string, depth: number): string {
  if (depth > depthMax) throw new NotData(node, "this is nested too deeply");
  if (++reading.values > valuesMax) throw new NotData(node, `these are more than ${valuesMax} values`);
  const { file, constants } = reading;
  const inner = `${indent}  `;
  const next = (part: ts.Expression): string => write(reading, part, inner, depth + 1);
  if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
  if (ts.isNumericLiteral(node)) return node.getText(file).replaceAll("_", "");
  if (node.kind === ts.SyntaxKind.TrueKeyword) return "true";
  if (node.kind === ts.SyntaxKind.FalseKeyword) return "false";
  if (node.kind === ts.SyntaxKind.NullKeyword) return "null";
  if (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.MinusToken &&
    ts.isNumericLiteral(node.operand)
  )
    return `-${next(node.operand)}`;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return write(reading, node.expression, indent, depth + 1);
  if (ts.isIdentifier(node)) {
    if (node.text === "undefined") return "null";
    const value = constants.get(node.text);
    if (value !== undefined) return write(reading, value, indent, depth + 1);
    throw new NotData(node, `${node.text} is not a value of this cell`);
  }
  if (ts.isArrayLiteralExpression(node)) {
    if (node.elements.length === 0) return "[]";
    return `[\n${node.elements.map((element) => inner + next(element)).join(",\n")}\n${indent}]`;
  }
  if (ts.isObjectLiteralExpression(node)) {
    const lines = node.properties.map((property) => {
      if (ts.isShorthandPropertyAssignment(property))
        return `${inner}${JSON.stringify(property.name.text)}: ${next(property.name)}`;
      if (!ts.isPropertyAssignment(property)) throw new NotData(property, "only `key: value` is read");
      const { name } = property;
      if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name))
        return `${inner}${JSON.stringify(name.text)}: ${next(property.initializer)}`;
      throw new NotData(name, "this key is computed");
    });
    return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
  }
  throw new NotData(node, "this is code, and an answer is data");
}
