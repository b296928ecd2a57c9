import { cellNames } from "../dependencies.js";
import { type Declared, declaredNames, parseCell } from "./names.js";

/** A code cell as the checker wants it. */
export interface CellText {
  readonly id: string;
  readonly source: string;
}

/**
 * A cell as a module: a head that we write, then the cell's text unchanged. The head exports what the cell declares and
 * brings in what the cells before it declare, unless the cell declares the name again. So every cell sees the latest
 * earlier declaration, as it does in the kernel when cells run in order, and positions differ by a constant.
 */
export interface CellFile {
  readonly id: string;
  readonly fileName: string;
  readonly text: string;
  /** Where the cell's text begins. */
  readonly headLength: number;
  readonly source: string;
  readonly declared: readonly Declared[];
  /** Names the cell uses and does not declare. */
  readonly reads: readonly string[];
  /** By name, the id of the cell that the head brings it in from. */
  readonly providers: ReadonlyMap<string, string>;
}

const marker = "__cell__";

/** What is read off a cell's text alone. Parsing every cell at every key press would be most of an update's time. */
type Outline = Pick<CellFile, "declared" | "reads">;
export type Outlines = Map<string, Outline>;

/**
 * @param directory the notebook's folder, where imports are resolved
 * @param notebook tells files of notebooks in one folder apart: they may well have cells of the same id
 * @param outlines by text, those of the last call; left with those of this call
 */
export function cellFiles(
  directory: string,
  notebook: number,
  cells: readonly CellText[],
  outlines: Outlines,
): readonly CellFile[] {
  const known = new Map(outlines);
  outlines.clear();
  const visible = new Map<string, { readonly from: CellText; readonly declared: Declared }>();
  return cells.map((cell) => {
    const outline = known.get(cell.source) ?? outlineOf(cell.source);
    outlines.set(cell.source, outline);
    const { declared } = outline;
    const own = new Set(declared.map(({ name }) => name));
    const exports = declared.filter(({ exported }) => !exported).map(({ name }) => name);
    const head = [`export { ${exports.join(", ")} };`];
    const providers = new Map<string, string>();
    for (const [name, { from, declared: earlier }] of visible) {
      if (own.has(name)) continue;
      providers.set(name, from.id);
      const module = JSON.stringify(`./${marker}${notebook}_${from.id}`);
      // An imported name cannot be assigned; a later cell may well assign an earlier cell's `let`.
      if (earlier.kind === "variable") head.push(`declare let ${name}: typeof import(${module}).${name};`);
      else head.push(`import { ${name} } from ${module};`);
    }
    for (const each of declared) visible.set(each.name, { from: cell, declared: each });
    const text = `${head.join(" ")}\n`;
    return {
      id: cell.id,
      fileName: `${directory}/${marker}${notebook}_${cell.id}.ts`,
      text: text + cell.source,
      headLength: text.length,
      source: cell.source,
      ...outline,
      providers,
    };
  });
}

function outlineOf(source: string): Outline {
  return { declared: declaredNames(parseCell(source)), reads: cellNames(source).reads };
}

/** The id of the cell that `fileName` stands for, or undefined for a file of the disk. */
export function cellOfFile(fileName: string): string | undefined {
  return new RegExp(`${marker}\\d+_([A-Za-z0-9_-]+)\\.ts$`).exec(fileName)?.[1];
}

/** Type names as people wrote them: without the paths of our modules, which the compiler puts in front. */
export function withoutModules(text: string): string {
  return text.replaceAll(
    new RegExp(`(typeof )?import\\("[^"]*${marker}[^"]*"\\)\\.`, "g"),
    (_, isTypeof = "") => isTypeof,
  );
}
