import ts from "typescript";

/** A name that a cell declares at its top level, and so leaves to the cells after it. */
export interface Declared {
  readonly name: string;
  /** `variable` (let, var) can be assigned by later cells; `constant` is all else, functions and types included. */
  readonly kind: "variable" | "constant";
  /** Written with `export` in the cell already. */
  readonly exported: boolean;
}

export function parseCell(source: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
}

/** The top-level declarations of a cell, each name once, in the order of the text. */
export function declaredNames(file: ts.SourceFile): readonly Declared[] {
  const declared = new Map<string, Declared>();
  const add = (name: string, kind: Declared["kind"], exported: boolean): void => {
    if (name !== "" && !declared.has(name)) declared.set(name, { name, kind, exported });
  };
  for (const statement of file.statements) {
    const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    if (ts.isVariableStatement(statement)) {
      const constant = (statement.declarationList.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
      for (const { name } of statement.declarationList.declarations) {
        for (const bound of boundNames(name)) add(bound, constant ? "constant" : "variable", exported);
      }
    } else if (isNamedDeclaration(statement)) {
      add(statement.name?.text ?? "", "constant", exported);
    } else if (ts.isImportDeclaration(statement)) {
      for (const name of importedNames(statement)) add(name, "constant", false);
    }
  }
  return [...declared.values()];
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
}

function isNamedDeclaration(
  node: ts.Node,
): node is
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.EnumDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.ModuleDeclaration
  | ts.ImportEqualsDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && !(node.flags & ts.NodeFlags.GlobalAugmentation)) ||
    ts.isImportEqualsDeclaration(node)
  );
}

/** The names that a binding pattern introduces: `{ a, b: [c] }` gives a and c. */
export function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

export function importedNames(statement: ts.ImportDeclaration): readonly string[] {
  const clause = statement.importClause;
  if (clause === undefined) return [];
  const bindings = clause.namedBindings;
  const names = clause.name === undefined ? [] : [clause.name.text];
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, bindings.name.text];
  return [...names, ...bindings.elements.map((element) => element.name.text)];
}
