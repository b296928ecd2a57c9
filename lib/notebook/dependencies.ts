import ts from "typescript";
import { boundNames, declaredNames, importedNames, parseCell } from "./check/names.js";

/** How a cell is tied to other cells: by top-level names, from its text alone. */
export interface CellNames {
  /** Names used that the cell does not itself declare: other cells' and globals, such as `console`. */
  readonly reads: readonly string[];
  /** Names declared at top level or assigned: what cells that read them depend on. */
  readonly writes: readonly string[];
}

/**
 * What a cell reads and writes, sorted. A cell that changes an object without naming it on the left of an assignment
 * (`list.push(1)`, `cluster.crash(1)`) counts as reading it: text does not tell which calls change something.
 */
export function cellNames(source: string): CellNames {
  const file = parseCell(source);
  const own = new Set(declaredNames(file).map((declared) => declared.name));
  const scopes = new Map<ts.Node, Set<string>>();
  collectScopes(file, scopes);
  for (const name of scopes.get(file) ?? []) own.add(name);

  const reads = new Set<string>();
  const assigned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isReference(node) && !isLocal(node, scopes)) {
      if (!own.has(node.text)) {
        const use = useOf(node);
        if (use !== "write") reads.add(node.text);
        if (use !== "read") assigned.add(node.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { reads: [...reads].sort(), writes: [...own, ...assigned].sort() };
}

/** Fills in, for each node that opens a scope, the names declared in it. */
function collectScopes(root: ts.Node, scopes: Map<ts.Node, Set<string>>): void {
  const declare = (scope: ts.Node, names: readonly string[]): void => {
    const known = scopes.get(scope) ?? new Set<string>();
    for (const name of names) known.add(name);
    scopes.set(scope, known);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) {
      const list = node.parent;
      const blockScoped = !ts.isVariableDeclarationList(list) || (list.flags & ts.NodeFlags.BlockScoped) !== 0;
      declare(scopeAround(node, blockScoped ? isBlockScope : isFunctionScope), boundNames(node.name));
    } else if (ts.isParameter(node)) {
      declare(node.parent, boundNames(node.name));
    } else if (ts.isTypeParameterDeclaration(node)) {
      declare(ts.isInferTypeNode(node.parent) ? scopeAround(node, ts.isConditionalTypeNode) : node.parent, [
        node.name.text,
      ]);
    } else if (ts.isImportDeclaration(node)) {
      declare(scopeAround(node, isBlockScope), importedNames(node));
    } else if ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name) {
      declare(node, [node.name.text]);
    } else if (isDeclaration(node) && node.name && ts.isIdentifier(node.name)) {
      declare(scopeAround(node, isBlockScope), [node.name.text]);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
}

function isDeclaration(node: ts.Node): node is ts.DeclarationStatement {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

function isFunctionScope(node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isModuleBlock(node) || ts.isClassStaticBlockDeclaration(node);
}

function isBlockScope(node: ts.Node): boolean {
  return (
    isFunctionScope(node) ||
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node)
  );
}

function scopeAround(node: ts.Node, opensScope: (node: ts.Node) => boolean): ts.Node {
  let scope = node.parent;
  while (!ts.isSourceFile(scope) && !opensScope(scope)) scope = scope.parent;
  return scope;
}

function isLocal(identifier: ts.Identifier, scopes: ReadonlyMap<ts.Node, ReadonlySet<string>>): boolean {
  for (let node: ts.Node = identifier.parent; !ts.isSourceFile(node); node = node.parent) {
    if (scopes.get(node)?.has(identifier.text)) return true;
  }
  return false;
}

/** Whether an identifier stands for a variable or type, and is not the name of a member, a label or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isEnumMember(parent) || ts.isBindingElement(parent) || ts.isParameter(parent)) {
    return parent.initializer === node;
  }
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return false;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
  if (ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent)) return parent.label !== node;
  if (ts.isMetaProperty(parent) || ts.isNamedTupleMember(parent) || ts.isTypePredicateNode(parent)) return false;
  // What is left with a `name` declares or is a member: functions, classes, types, methods, signatures.
  return (parent as ts.Node & { readonly name?: ts.Node }).name !== node;
}

function useOf(node: ts.Identifier): "read" | "write" | "both" {
  let child: ts.Node = node;
  let { parent } = node;
  // Up through the left side of a destructuring assignment: `[a, { b }] = …`.
  while (
    ts.isParenthesizedExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === child)
  ) {
    child = parent;
    parent = parent.parent;
  }
  if (ts.isBinaryExpression(parent) && parent.left === child) {
    if (parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) return "write";
    const { kind } = parent.operatorToken;
    if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) return "both";
  }
  if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === child) return "write";
  if (!ts.isPrefixUnaryExpression(parent) && !ts.isPostfixUnaryExpression(parent)) return "read";
  const steps = parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  return steps ? "both" : "read";
}
