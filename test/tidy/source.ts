import { posix } from "node:path";
import ts from "typescript";

/** A file as the rules see it. Paths are relative to the root of the repository, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A place where one file names another, or a package. */
export interface Reference {
  /** As written. */
  readonly specifier: string;
  readonly line: number;
  /**
   * `type` leaves nothing behind when compiled (`import { type A }` does leave an import). `url` is
   * `new URL("./x.js", import.meta.url)`: the file is run, not imported, as workers and child processes are.
   */
  readonly kind: "import" | "type" | "url";
}

/** An identifier that no declaration in its file explains. */
export interface FreeName {
  readonly name: string;
  /** What is read of it, as `random` in `Math.random`. */
  readonly member: string | undefined;
  readonly line: number;
}

export interface Parsed {
  readonly references: readonly Reference[];
  readonly freeNames: readonly FreeName[];
  /** Every `.name` that is read, whatever it is read of. */
  readonly members: readonly { readonly name: string; readonly line: number }[];
}

export const isCode = (path: string): boolean => /\.(?:ts|tsx|mjs|js)$/.test(path) && !path.endsWith(".d.ts");

/** Reads the references and free names of a file from its syntax alone. */
export function parse({ path, text }: Source): Parsed {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, kindOf(path));
  const references: Reference[] = [];
  const used: FreeName[] = [];
  const members: { name: string; line: number }[] = [];
  const declared = new Set<string>();
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const refer = (node: ts.Node | undefined, kind: Reference["kind"]): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) {
      references.push({ specifier: node.text, line: lineOf(node), kind });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      refer(node.moduleSpecifier, isType ? "type" : "import");
    }
    if (ts.isExportDeclaration(node)) refer(node.moduleSpecifier, node.isTypeOnly ? "type" : "import");
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) refer(node.argument.literal, "type");
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      refer(node.arguments[0], "import");
    }
    if (ts.isNewExpression(node) && node.expression.getText(file) === "URL" && node.arguments?.length === 2) {
      if (node.arguments[1]?.getText(file) === "import.meta.url") refer(node.arguments[0], "url");
    }
    if (ts.isPropertyAccessExpression(node)) members.push({ name: node.name.text, line: lineOf(node.name) });
    if (ts.isIdentifier(node)) {
      if (isDeclaration(node)) declared.add(node.text);
      else if (!isMemberName(node)) used.push({ name: node.text, member: memberOf(node), line: lineOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { references, members, freeNames: used.filter(({ name }) => !declared.has(name)) };
}

/** The file that a relative reference means, among those that exist; undefined for packages and what is not code. */
export function resolve(from: string, specifier: string, exists: (path: string) => boolean): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const target = posix.join(posix.dirname(from), specifier);
  const stem = target.replace(/\.js$/, "");
  return [`${stem}.ts`, `${stem}.tsx`, target].find(exists);
}

function kindOf(path: string): ts.ScriptKind {
  if (path.endsWith(".tsx")) return ts.ScriptKind.TSX;
  return path.endsWith(".ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionLike(parent) ||
    ts.isClassLike(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isEnumDeclaration(parent) ||
    ts.isTypeParameterDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isNamespaceImport(parent);
  return declares && parent.name === node && !isClassMember(parent);
}

/** A method or an accessor named `fetch` explains no bare `fetch`. */
function isClassMember(node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isAccessor(node);
}

/** Names that refer to no variable: `.name`, `name:`, labels of types and properties. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name === node;
  }
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) {
    return parent.propertyName === node;
  }
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isJsxAttribute(parent) && parent.name === node) ||
    ts.isNamedTupleMember(parent) ||
    isClassMember(parent)
  );
}

function memberOf(node: ts.Identifier): string | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text;
  return undefined;
}
