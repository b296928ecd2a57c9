import type { CellText } from "../../notebook/check/cell-files.js";
import type { CellDiagnostic } from "../../notebook/check/checker.js";
import type { CellNames } from "../../notebook/dependencies.js";
import type { TypeAnswers, TypeQuestion } from "./type-messages.js";
import type { TypeService } from "./type-thread.js";

/** Nobody reads diagnostics faster; many keystrokes make one update. */
const settleMs = 10;

const noNames: CellNames = { reads: [], writes: [] };

export interface LessonTypesOptions {
  readonly slug: string;
  readonly service: TypeService;
  /** The code cells as they are now. */
  readonly cells: () => readonly CellText[];
  /** What was found in a cell; called only when it differs from what was found last. */
  readonly onDiagnostics: (cell: string, found: readonly CellDiagnostic[]) => void;
  /** Names of texts have become known: marks may change. */
  readonly onNames: () => void;
}

/** What one lesson knows of the types and names in its cells. Starts asking only when somebody looks or edits. */
export class LessonTypes {
  private revision = 0;
  private timer: NodeJS.Timeout | undefined;
  private isActive = false;
  private readonly found = new Map<string, readonly CellDiagnostic[]>();
  private readonly names = new Map<string, CellNames | undefined>();

  constructor(private readonly options: LessonTypesOptions) {}

  /** The cells have changed, or somebody has begun to look. */
  changed(): void {
    this.isActive = true;
    this.timer ??= setTimeout(() => this.update(), settleMs);
  }

  /** Answers a question about the cells as they are now. */
  ask<About extends TypeQuestion["about"]>(
    question: TypeQuestion & { readonly about: About },
  ): Promise<TypeAnswers[About] | undefined> {
    this.isActive = true;
    this.update();
    return this.options.service.ask(this.options.slug, question);
  }

  diagnosticsOf(cell: string): readonly CellDiagnostic[] {
    return this.found.get(cell) ?? [];
  }

  /** What a text reads and writes, as far as it is known already; asks for it otherwise. */
  namesOf(source: string): CellNames {
    const known = this.names.get(source);
    if (known !== undefined) return known;
    if (!this.names.has(source)) void this.learn(source);
    return noNames;
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.isActive) this.options.service.close(this.options.slug);
  }

  private update(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.revision += 1;
    const { slug, service } = this.options;
    service.update(slug, this.revision, this.options.cells(), (cell, revision, found) => {
      if (revision !== this.revision || this.timer !== undefined) return; // A newer text is on its way.
      const before = this.found.get(cell);
      if (JSON.stringify(before ?? []) === JSON.stringify(found)) return;
      this.found.set(cell, found);
      this.options.onDiagnostics(cell, found);
    });
  }

  private async learn(source: string): Promise<void> {
    this.names.set(source, undefined);
    const [names] = (await this.options.service.names([source])) ?? [];
    if (names === undefined) {
      this.names.delete(source);
      return;
    }
    this.names.set(source, names);
    this.options.onNames();
  }
}
